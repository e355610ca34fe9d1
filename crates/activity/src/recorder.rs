//! Hears every event and records it, once.

use async_trait::async_trait;
use kernel::{
    db::System,
    outbox::{Event, Subscriber},
};
use sea_orm::DbErr;

use crate::{Schema, content::Content, store};

/// The reader of events that keeps the log. Told an event twice, it keeps it once.
#[derive(Debug)]
pub struct Recorder {
    system: System<Schema>,
}

impl Recorder {
    /// The reader, with the actor in whose name it writes.
    pub fn new(system: System<Schema>) -> Self {
        Self { system }
    }
}

#[async_trait]
impl Subscriber for Recorder {
    fn name(&self) -> &'static str {
        "activity-recorder"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        store::append(&self.system, event, Content::of(event)).await
    }
}
