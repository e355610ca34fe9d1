//! Hears who leaves a workspace, is suspended in it or whose time in it is over, and gives their seats to those who wait;
//! and whose account is gone.
//!
//! What is heard may be long ago, and whoever was registered or seated in that very instant comes after it. So it hears of
//! these, too, and asks of everybody whether they are a member now: whichever of the two commits last is heard last.
//!
//! Of workshops that are over it stays known who attended. Who made workshops made them still: an administrator runs or
//! cancels them.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use kernel::{
    db::System,
    ids::{UserId, WorkspaceId},
    outbox::{Event, Subscriber},
};
use sea_orm::DbErr;

use crate::{Schema, events, ports::Memberships, service::about, store};

/// The reader of events that keeps attendance in step with the workspace.
pub struct AttendanceKeeper {
    system: System<Schema>,
    memberships: Arc<dyn Memberships>,
}

impl fmt::Debug for AttendanceKeeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AttendanceKeeper")
    }
}

impl AttendanceKeeper {
    /// The reader, with the actor in whose name it works, and whom it asks about members.
    pub fn new(system: System<Schema>, memberships: Arc<dyn Memberships>) -> Self {
        Self { system, memberships }
    }

    async fn end(&self, event: &Event) -> Result<(), DbErr> {
        let Some((workspace, user)) = whose(event) else { return Ok(()) };
        if event.action == events::WORKSPACE_MEMBER_REMOVED {
            let tx = self.system.begin().await?;
            store::favorites::forget(&tx, workspace, user, event.at).await?;
            tx.commit().await?;
        }
        let until = match self.memberships.is_member_now(workspace, user).await? {
            false => None,
            // Their time was made longer.
            true if event.action == events::WORKSPACE_MEMBER_EXPIRED => return Ok(()),
            // Only what they had when they left: the event comes late, and they are back.
            true => Some(event.at),
        };
        self.free_seats(workspace, user, event, until).await
    }

    /// Somebody got a seat or a place in line. Who ceased to be a member in that instant gives it back.
    async fn check(&self, event: &Event) -> Result<(), DbErr> {
        let Some((workspace, user)) = whose(event) else { return Ok(()) };
        if self.memberships.is_member_now(workspace, user).await? {
            return Ok(());
        }
        self.free_seats(workspace, user, event, None).await
    }

    /// One transaction for each workshop: the lock of its seats is held for no longer than that takes.
    async fn free_seats(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        event: &Event,
        until: Option<DateTime<Utc>>,
    ) -> Result<(), DbErr> {
        let tx = self.system.begin().await?;
        let workshops = store::attendees::waiting_workshops(&tx, workspace, user, event.at).await?;
        tx.commit().await?;
        for workshop in workshops {
            let tx = self.system.begin().await?;
            let gone = store::attendees::withdraw_former(&tx, workspace, workshop.id, user, until).await?;
            let Some(gone) = gone else { continue };
            let unregistered = about(events::UNREGISTERED, workshop.id, user, event.at).in_workspace(workspace);
            tx.announce(unregistered.fact("status", gone.status.as_str())).await?;
            for first in store::attendees::promote_after(&tx, workspace, workshop.id, event.at).await? {
                let promoted = about(events::PROMOTED, workshop.id, first, event.at).in_workspace(workspace);
                tx.announce(promoted.fact("title", workshop.title.clone())).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }

    async fn forget(&self, user: UserId) -> Result<(), DbErr> {
        let tx = self.system.begin().await?;
        store::feeds::forget(&tx, user).await?;
        tx.commit().await
    }
}

#[async_trait]
impl Subscriber for AttendanceKeeper {
    fn name(&self) -> &'static str {
        "workshop-attendance"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        match event.action.as_str() {
            events::WORKSPACE_MEMBER_REMOVED
            | events::WORKSPACE_MEMBER_SUSPENDED
            | events::WORKSPACE_MEMBER_EXPIRED => self.end(event).await,
            events::REGISTERED | events::PROMOTED => self.check(event).await,
            events::ACCOUNT_DELETED => self.forget(UserId(event.resource_id)).await,
            _ => Ok(()),
        }
    }
}

/// Whom an event is about, and where.
fn whose(event: &Event) -> Option<(WorkspaceId, UserId)> {
    let user = event.changes.get("user_id").and_then(|user| user.as_str()?.parse::<UserId>().ok());
    let whose = event.workspace_id.zip(user);
    if whose.is_none() {
        tracing::warn!(event = %event.id, "an event about somebody that doesn't say about whom, and where");
    }
    whose
}
