//! Hears what becomes of workshops, and lets their photos share it: they are kept back with a draft, shown with what is
//! published, and go with what is deleted.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use kernel::{
    authority::{Caller, SignIn},
    ids::{SessionId, UserId, WorkspaceId},
    outbox::{Event, Subscriber},
};
use sea_orm::DbErr;

use crate::{WorkshopId, events, ports::Photos};

/// The reader of events that keeps photos in step with their workshops.
#[derive(Clone)]
pub struct PhotoKeeper {
    photos: Arc<dyn Photos>,
}

impl fmt::Debug for PhotoKeeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhotoKeeper")
    }
}

impl PhotoKeeper {
    /// The reader, with who keeps the photos.
    pub fn new(photos: Arc<dyn Photos>) -> Self {
        Self { photos }
    }

    async fn forget(&self, workspace: WorkspaceId, event: &Event) -> Result<(), DbErr> {
        let user = event.actor_id.unwrap_or(UserId(uuid::Uuid::nil()));
        let by = Caller::from(SignIn { user, session: SessionId(uuid::Uuid::nil()) });
        let gone = self.photos.delete_all(&by, workspace, WorkshopId(event.resource_id)).await;
        gone.map_err(|problem| DbErr::Custom(problem.to_string()))
    }
}

#[async_trait]
impl Subscriber for PhotoKeeper {
    fn name(&self) -> &'static str {
        "workshop-photos"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        let Some(workspace) = event.workspace_id else { return Ok(()) };
        match event.action.as_str() {
            events::WORKSHOP_DELETED => self.forget(workspace, event).await,
            events::WORKSHOP_UPDATED => match event.changes.pointer("/status/to").and_then(|to| to.as_str()) {
                Some(to) => self.photos.show(workspace, WorkshopId(event.resource_id), to != "draft").await,
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }
}
