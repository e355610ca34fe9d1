//! Memberships that end by time: nobody does it, so that somebody has to say it.

use kernel::{clock::Clock, db::System, outbox::Event};
use sea_orm::DbErr;

use crate::{Schema, events, store::memberships};

/// Ends that are told in one transaction.
const BATCH: u32 = 200;
/// Transactions at a time; what is left is told the next time.
const BATCHES: u32 = 50;

/// Tells of memberships whose time is over.
#[derive(Clone, Debug)]
pub struct Endings {
    system: System<Schema>,
    clock: Clock,
}

impl Endings {
    /// With the actor in whose name it is told.
    pub fn new(system: System<Schema>, clock: Clock) -> Self {
        Self { system, clock }
    }

    /// Announces [`events::MEMBER_EXPIRED`] for every active membership whose time is over, once for each end, however
    /// many instances do it; answers how many they were.
    pub async fn tell(&self) -> Result<u64, DbErr> {
        if !memberships::has_ended(&self.system.db(), self.clock.now()).await? {
            return Ok(0);
        }
        let mut told = 0;
        for _ in 0..BATCHES {
            let (tx, now) = (self.system.begin().await?, self.clock.now());
            let ended = memberships::take_ended(&tx, now, BATCH).await?;
            for (workspace, user) in &ended {
                let event = Event::new(events::MEMBER_EXPIRED, events::MEMBER, user.0, now);
                tx.announce(event.in_workspace(*workspace).fact("user_id", user.to_string())).await?;
            }
            tx.commit().await?;
            told += ended.len() as u64;
            if ended.len() < BATCH as usize {
                break;
            }
        }
        Ok(told)
    }
}
