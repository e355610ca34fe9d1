//! Hears of recorded operations, and posts those whose ledger lies in another database.
//!
//! There an operation and what it posts can't be committed as one. The operation is committed with its event; whoever
//! recorded it posts at once, and this reader posts again until it is done. Posting twice is posting once, so a crash
//! anywhere between leaves nothing half-done for longer than the relay needs.

use async_trait::async_trait;
use billing::{Ledger, LedgerError};
use kernel::{
    db::System,
    outbox::{Event, Subscriber},
};
use sea_orm::DbErr;

use crate::{
    Schema, events,
    money::{Operation, OperationId, transfer_of},
    store,
};

/// The reader of events that keeps the ledger in step with the books.
#[derive(Debug)]
pub struct Posting {
    system: System<Schema>,
    ledger: Ledger,
}

impl Posting {
    /// The reader, with the actor in whose name it reads the books.
    pub fn new(system: System<Schema>, ledger: Ledger) -> Self {
        Self { system, ledger }
    }

    async fn post(&self, event: &Event) -> Result<(), DbErr> {
        let Some(operation) = store::money::recorded(&self.system, OperationId(event.resource_id)).await? else {
            tracing::warn!(event = %event.id, "an operation was told of that is not there");
            return Ok(());
        };
        // What takes something back must find it, in whatever order the events come.
        if let Some(reversed) = operation.reverses
            && let Some(original) = store::money::recorded(&self.system, reversed).await?
        {
            self.post_one(&original).await?;
        }
        self.post_one(&operation).await
    }

    async fn post_one(&self, operation: &Operation) -> Result<(), DbErr> {
        let transfer = transfer_of(operation).map_err(|error| DbErr::Custom(error.to_string()))?;
        match self.ledger.post(&transfer).await {
            Ok(_) => Ok(()),
            Err(LedgerError::Db(error)) => Err(error),
            Err(error) => Err(DbErr::Custom(error.to_string())),
        }
    }
}

#[async_trait]
impl Subscriber for Posting {
    fn name(&self) -> &'static str {
        "project-posting"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        let is_operation = matches!(event.action.as_str(), events::OPERATION_RECORDED | events::OPERATION_REVERSED);
        if is_operation && !self.ledger.is_beside::<Schema>() { self.post(event).await } else { Ok(()) }
    }
}
