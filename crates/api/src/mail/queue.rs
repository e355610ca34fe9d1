//! Puts events from which a letter follows into mail's own outbox. It costs one insertion, whatever the mail server does.

use activity::{notifications::Letter, ports::Letterbox};
use async_trait::async_trait;
use kernel::{
    db::System,
    failure::unique_violation,
    ids::EventId,
    outbox::{Event, Subscriber},
};
use sea_orm::DbErr;

use super::{
    Schema,
    writer::{NOTIFIED, follows_from},
};

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

    /// Keeps an event with its own id: kept twice, it is there once.
    async fn keep(&self, event: Event) -> Result<(), DbErr> {
        let tx = self.system.begin().await?;
        match tx.announce(event).await {
            Ok(()) => tx.commit().await,
            Err(error) if unique_violation(&error) == Some("outbox_pkey") => Ok(()),
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl Subscriber for MailQueue {
    fn name(&self) -> &'static str {
        "mail-queue"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        if !follows_from(event) {
            return Ok(());
        }
        self.keep(event.clone()).await
    }
}

#[async_trait]
impl Letterbox for MailQueue {
    async fn post(&self, letter: &Letter) -> Result<(), DbErr> {
        let mut event = Event::new(NOTIFIED, "notification", letter.id.0, letter.at).in_workspace(letter.workspace);
        event.id = EventId(letter.id.0);
        self.keep(event).await
    }
}
