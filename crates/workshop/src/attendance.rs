//! Hears who leaves a workspace or is suspended in it, and gives their seats to those who wait; and whose account is gone.
//!
//! Of workshops that are over it stays known who attended. Who made workshops made them still: an administrator runs or
//! cancels them.

use async_trait::async_trait;
use kernel::{
    db::System,
    ids::{UserId, WorkspaceId},
    outbox::{Event, Subscriber},
};
use sea_orm::DbErr;

use crate::{Schema, events, service::about, store};

/// The reader of events that keeps attendance in step with the workspace.
#[derive(Debug)]
pub struct AttendanceKeeper {
    system: System<Schema>,
}

impl AttendanceKeeper {
    /// The reader, with the actor in whose name it works.
    pub fn new(system: System<Schema>) -> Self {
        Self { system }
    }

    async fn end(&self, event: &Event) -> Result<(), DbErr> {
        let user = event.changes.get("user_id").and_then(|user| user.as_str()?.parse::<UserId>().ok());
        let (Some(workspace), Some(user)) = (event.workspace_id, user) else {
            tracing::warn!(event = %event.id, "a departure that doesn't say whose from where");
            return Ok(());
        };
        if event.action == events::WORKSPACE_MEMBER_REMOVED {
            let tx = self.system.begin().await?;
            store::favorites::forget(&tx, workspace, user, event.at).await?;
            tx.commit().await?;
        }
        self.free_seats(workspace, user, event).await
    }

    /// One transaction for each workshop: the lock of its seats is held for no longer than that takes.
    async fn free_seats(&self, workspace: WorkspaceId, user: UserId, event: &Event) -> Result<(), DbErr> {
        let tx = self.system.begin().await?;
        let workshops = store::attendees::waiting_workshops(&tx, workspace, user, event.at).await?;
        tx.commit().await?;
        for workshop in workshops {
            let tx = self.system.begin().await?;
            // Only what they had when they left: the event may come late, and they may be back.
            let gone = store::attendees::withdraw_former(&tx, workspace, workshop.id, user, event.at).await?;
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
            events::WORKSPACE_MEMBER_REMOVED | events::WORKSPACE_MEMBER_SUSPENDED => self.end(event).await,
            events::ACCOUNT_DELETED => self.forget(UserId(event.resource_id)).await,
            _ => Ok(()),
        }
    }
}
