//! What notifications need of workshops: who is told when one is cancelled, and what was written to those who attend.

use activity::ports::{Audience, Crowd, Words};
use async_trait::async_trait;
use kernel::ids::UserId;
use sea_orm::DbErr;
use workshop::{Audiences, BroadcastId, WorkshopId};

/// The crowds of this program: they are all workshops'.
#[derive(Clone, Debug)]
pub struct Crowds {
    workshops: Audiences,
}

impl Crowds {
    /// Crowds that are looked up there.
    pub fn new(workshops: Audiences) -> Self {
        Self { workshops }
    }
}

#[async_trait]
impl Audience for Crowds {
    async fn page(&self, crowd: &Crowd, after: Option<UserId>, limit: u32) -> Result<Vec<UserId>, DbErr> {
        match crowd.message {
            Some(message) => self.workshops.recipients(BroadcastId(message), after, limit).await,
            None => self.workshops.registered(WorkshopId(crowd.resource_id), after, limit).await,
        }
    }

    async fn words(&self, crowd: &Crowd) -> Result<Option<Words>, DbErr> {
        let Some(message) = crowd.message else { return Ok(None) };
        let written = self.workshops.message(BroadcastId(message)).await?;
        Ok(written.map(|written| Words { title: written.title, body: written.body }))
    }
}
