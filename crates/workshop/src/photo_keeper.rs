//! Hears what becomes of workshops, and lets their photos share it: they are kept back with a draft, shown with what is
//! published, and go with what is deleted.
//!
//! Events come late, again, and out of order, and photos are kept in transactions of their own. So what is shown follows
//! from what the workshop is at this moment, never from what an event says that it became.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use kernel::{
    authority::{Caller, SignIn},
    db::{Conn, System},
    ids::{SessionId, UserId, WorkspaceId},
    outbox::{Event, Subscriber},
};
use sea_orm::DbErr;

use crate::{Schema, WorkshopId, entity::workshops::Stage, events, ports::Photos, store};

/// The reader of events that keeps photos in step with their workshops.
#[derive(Clone)]
pub struct PhotoKeeper {
    photos: Arc<dyn Photos>,
    system: System<Schema>,
}

impl fmt::Debug for PhotoKeeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhotoKeeper")
    }
}

impl PhotoKeeper {
    /// The reader, with who keeps the photos and the actor in whose name it looks at workshops.
    pub fn new(photos: Arc<dyn Photos>, system: System<Schema>) -> Self {
        Self { photos, system }
    }

    async fn follow(&self, workspace: WorkspaceId, workshop: WorkshopId, event: &Event) -> Result<(), DbErr> {
        if in_step(self.photos.as_ref(), &self.system.db(), (workspace, workshop), None).await? {
            return Ok(());
        }
        self.forget(workspace, workshop, event).await
    }

    async fn forget(&self, workspace: WorkspaceId, workshop: WorkshopId, event: &Event) -> Result<(), DbErr> {
        let user = event.actor_id.unwrap_or(UserId(uuid::Uuid::nil()));
        let by = Caller::from(SignIn { user, session: SessionId(uuid::Uuid::nil()) });
        let gone = self.photos.delete_all(&by, workspace, workshop).await;
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
            events::WORKSHOP_DELETED => self.forget(workspace, WorkshopId(event.resource_id), event).await,
            events::WORKSHOP_UPDATED if event.changes.get("status").is_some() => {
                self.follow(workspace, WorkshopId(event.resource_id), event).await
            }
            events::IMAGE_UPLOADED => match event.changes.get("workshop_id").and_then(|id| id.as_str()?.parse().ok()) {
                // Whoever added it lets go of it again, if the workshop is gone.
                Some(workshop) => {
                    let of = (workspace, workshop);
                    in_step(self.photos.as_ref(), &self.system.db(), of, None).await.map(drop)
                }
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }
}

/// How often a workshop may change while its photos follow it.
const ROUNDS: u32 = 20;

/// Shows or keeps back the photos of a workshop as it is at this moment; `known` says what they were added as. Answers
/// whether it is there.
///
/// Looked at again after every change of the photos: of several who do this, whoever changes them last has seen the
/// workshop after that, so that what they leave is what it is.
pub(crate) async fn in_step(
    photos: &dyn Photos,
    db: &Conn<'_>,
    (workspace, workshop): (WorkspaceId, WorkshopId),
    mut known: Option<bool>,
) -> Result<bool, DbErr> {
    for _ in 0..ROUNDS {
        let Some(stage) = store::workshops::stage(db, workspace, workshop).await? else { return Ok(false) };
        let is_shown = stage != Stage::Draft;
        if known == Some(is_shown) {
            return Ok(true);
        }
        photos.show(workspace, workshop, is_shown).await?;
        known = Some(is_shown);
    }
    Err(DbErr::Custom(format!("workshop {workshop} changes faster than its photos")))
}
