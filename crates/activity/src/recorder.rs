//! Hears every event and records it, once.

use async_trait::async_trait;
use kernel::{
    db::{Databases, System},
    outbox::{Event, Subscriber, given_up},
};
use sea_orm::DbErr;

use crate::{Schema, content::Content, store};

/// Events that are read at once when catching up.
const BATCH: u32 = 200;

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

    /// Records what the relay gave up on because somebody else never took it; answers how many events there were. What is
    /// recorded already stays as it is.
    pub async fn catch_up(&self, databases: &Databases, modules: &[&str]) -> Result<u64, DbErr> {
        let mut found = 0;
        for module in modules {
            let mut after = None;
            loop {
                let events = given_up(databases, module, after, BATCH).await?;
                for event in &events {
                    self.hear(event).await?;
                    found += 1;
                }
                after = events.last().map(|event| event.id);
                if events.len() < BATCH as usize {
                    break;
                }
            }
        }
        Ok(found)
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
