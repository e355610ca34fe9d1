//! Puts events from which a letter follows into mail's own outbox. It costs one insertion, whatever the mail server does.

use accounts::letters::Letters;
use async_trait::async_trait;
use kernel::{
    db::System,
    failure::unique_violation,
    outbox::{Event, Subscriber},
};
use sea_orm::DbErr;

use super::{Schema, postman::added_by_someone};

/// Hears of everything and keeps what is to be written about.
#[derive(Clone, Debug)]
pub struct MailQueue {
    system: System<Schema>,
}

impl MailQueue {
    /// A subscriber for the relay of the domains.
    pub fn new(system: System<Schema>) -> Self {
        Self { system }
    }
}

#[async_trait]
impl Subscriber for MailQueue {
    fn name(&self) -> &'static str {
        "mail-queue"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        if !Letters::follow_from(event) && added_by_someone(event).is_none() {
            return Ok(());
        }
        let tx = self.system.begin().await?;
        // The same event, with its own id: told twice, it is kept once.
        match tx.announce(event.clone()).await {
            Ok(()) => tx.commit().await,
            Err(error) if unique_violation(&error) == Some("outbox_pkey") => Ok(()),
            Err(error) => Err(error),
        }
    }
}
