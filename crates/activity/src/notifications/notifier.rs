//! Hears every event and tells those whom it concerns, each once.

use async_trait::async_trait;
use kernel::{
    db::{System, SystemTx},
    ids::UserId,
    outbox::{Event, Subscriber},
};
use sea_orm::DbErr;

use super::{
    broadcast,
    kinds::{KINDS, Kind},
    letters,
    notice::{Notice, personal},
    store,
};
use crate::Schema;

/// An account is gone, and everything about the person with it. Its resource is the user.
const ACCOUNT_DELETED: &str = "accounts.user_deleted";

/// The reader of events that notifies. Told an event twice, it tells nobody twice.
#[derive(Debug)]
pub struct Notifier {
    system: System<Schema>,
}

impl Notifier {
    /// The reader, with the actor in whose name it writes.
    pub fn new(system: System<Schema>) -> Self {
        Self { system }
    }
}

#[async_trait]
impl Subscriber for Notifier {
    fn name(&self) -> &'static str {
        "notifier"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        if event.action == ACCOUNT_DELETED {
            let tx = self.system.begin().await?;
            store::forget(&tx, UserId(event.resource_id)).await?;
            return tx.commit().await;
        }
        if let Some((user, notice)) = personal(event) {
            let tx = self.system.begin().await?;
            deliver(&tx, &notice, &[user]).await?;
            tx.commit().await?;
        }
        if let Some(job) = broadcast::job_of(event)? {
            let tx = self.system.begin().await?;
            tx.enqueue(&job).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Tells people something, and has the letters posted that some of them want, all in one transaction.
pub(super) async fn deliver(tx: &SystemTx<'_>, notice: &Notice, users: &[UserId]) -> Result<(), DbErr> {
    let kind: Option<&Kind> = KINDS.into_iter().find(|kind| kind.name == notice.kind);
    let kind = kind.ok_or_else(|| DbErr::Custom(format!("there is no kind of notification {}", notice.kind)))?;
    let mailed = store::deliver(tx, (notice, kind), users).await?;
    if let Some(job) = letters::job_for(notice, &mailed) {
        tx.enqueue(&job).await?;
    }
    Ok(())
}
