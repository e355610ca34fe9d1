//! What notifications need of workshops: who is told when one is cancelled, and what was written to those who attend.

use std::sync::Arc;

use activity::ports::{Audience, Crowd, Words};
use async_trait::async_trait;
use kernel::ids::UserId;
use sea_orm::DbErr;
use workshop::{Audiences, BroadcastId, WorkshopId};
use workspace::Standings;

/// The crowds of this program: they are all workshops'.
#[derive(Clone, Debug)]
pub struct Crowds {
    workshops: Audiences,
    standings: Arc<Standings>,
}

impl Crowds {
    /// Crowds that are looked up there, less who isn't a member any more.
    pub fn new(workshops: Audiences, standings: Arc<Standings>) -> Self {
        Self { workshops, standings }
    }

    async fn attending(&self, crowd: &Crowd, after: Option<UserId>, limit: u32) -> Result<Vec<UserId>, DbErr> {
        match crowd.message {
            Some(message) => self.workshops.recipients(BroadcastId(message), after, limit).await,
            None => self.workshops.registered(WorkshopId(crowd.resource_id), after, limit).await,
        }
    }
}

#[async_trait]
impl Audience for Crowds {
    /// An empty page is the end, so that one on which nobody is left is passed over.
    async fn page(&self, crowd: &Crowd, mut after: Option<UserId>, limit: u32) -> Result<Vec<UserId>, DbErr> {
        loop {
            let mut people = self.attending(crowd, after, limit).await?;
            let Some(last) = people.last().copied() else { return Ok(people) };
            let members = self.standings.members_among(crowd.workspace, &people).await?;
            people.retain(|user| members.contains(user));
            if !people.is_empty() {
                return Ok(people);
            }
            after = Some(last);
        }
    }

    async fn words(&self, crowd: &Crowd) -> Result<Option<Words>, DbErr> {
        let Some(message) = crowd.message else { return Ok(None) };
        let written = self.workshops.message(BroadcastId(message)).await?;
        Ok(written.map(|written| Words { title: written.title, body: written.body }))
    }
}
