//! Whom something about a workshop concerns, for whoever tells them.

use kernel::{db::System, ids::UserId};
use sea_orm::DbErr;

use crate::{
    BroadcastId, Schema, WorkshopId,
    store::broadcasts::{self, Written},
};

/// What was written to those who attend a workshop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The workshop.
    pub workshop: WorkshopId,
    /// Who wrote it.
    pub sender: UserId,
    /// What it is about.
    pub title: String,
    /// What there is to say.
    pub body: String,
}

/// Looks up people to tell, on behalf of other domains. In the order of their ids, page by page: after the last of one page comes
/// the next.
#[derive(Clone, Debug)]
pub struct Audiences {
    system: System<Schema>,
}

impl Audiences {
    /// Audiences that are read by this right.
    pub fn new(system: System<Schema>) -> Self {
        Self { system }
    }

    /// Everyone who has a seat in a workshop or waits for one.
    pub async fn registered(
        &self,
        workshop: WorkshopId,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<UserId>, DbErr> {
        broadcasts::registered(&self.system, workshop, after, limit).await
    }

    /// To whom a message was written: those who had a seat when it was.
    pub async fn recipients(
        &self,
        broadcast: BroadcastId,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<UserId>, DbErr> {
        broadcasts::recipients(&self.system, broadcast, after, limit).await
    }

    /// What was written; none if it is gone with its workshop.
    pub async fn message(&self, broadcast: BroadcastId) -> Result<Option<Message>, DbErr> {
        let written = broadcasts::find(&self.system, broadcast).await?;
        Ok(written.map(|Written { workshop_id, sender_id, title, body }| Message {
            workshop: workshop_id,
            sender: sender_id,
            title,
            body,
        }))
    }
}
