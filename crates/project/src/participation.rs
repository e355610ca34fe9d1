//! Hears who leaves a workspace, and ends their part in its projects.
//!
//! Who is suspended keeps their part: a suspended member holds no role, so it is of no use until they are back. Who owned
//! projects owns them still, so that nothing changes hands by itself; an administrator hands them over.

use async_trait::async_trait;
use kernel::{
    db::System,
    ids::{ProjectId, UserId},
    outbox::{Event, Subscriber},
};
use sea_orm::DbErr;

use crate::{Schema, events, store};

/// The reader of events that keeps projects in step with their workspace.
#[derive(Debug)]
pub struct Participation {
    system: System<Schema>,
}

impl Participation {
    /// The reader, with the actor in whose name it works.
    pub fn new(system: System<Schema>) -> Self {
        Self { system }
    }

    async fn end(&self, event: &Event) -> Result<(), DbErr> {
        let user = event.changes.get("user_id").and_then(|user| user.as_str()?.parse::<UserId>().ok());
        let (Some(workspace), Some(user)) = (event.workspace_id, user) else {
            tracing::warn!(event = %event.id, "a removal that doesn't say whom from where");
            return Ok(());
        };
        let tx = self.system.begin().await?;
        // Only what they had when they left: the event may come late, and they may be back.
        for project in store::delete_memberships(&tx, workspace, user, event.at).await? {
            tx.announce(removed(project, user, event).in_workspace(workspace)).await?;
        }
        tx.commit().await
    }
}

fn removed(project: ProjectId, user: UserId, because: &Event) -> Event {
    Event::new(events::MEMBER_REMOVED, events::RESOURCE, project.0, because.at).fact("user_id", user.to_string())
}

#[async_trait]
impl Subscriber for Participation {
    fn name(&self) -> &'static str {
        "project-participation"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        if event.action == events::WORKSPACE_MEMBER_REMOVED { self.end(event).await } else { Ok(()) }
    }
}
