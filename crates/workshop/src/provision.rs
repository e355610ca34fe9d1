//! Workshops that the program makes without a request: of the demo. Making them twice makes them once.

use chrono::{DateTime, Utc};
use kernel::{
    db::System,
    ids::{UserId, WorkspaceId},
};
use sea_orm::DbErr;

use crate::{
    Schema, WorkshopId,
    content::Content,
    entity::workshops::Stage,
    events, service,
    store::{self, workshops::Draft},
};

/// A workshop that there is to be.
#[derive(Clone, Debug)]
pub struct WorkshopSpec {
    /// By what it is recognised.
    pub id: WorkshopId,
    /// Where.
    pub workspace: WorkspaceId,
    /// Who makes it.
    pub creator: UserId,
    /// What it is called, 1–200 characters.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it is over.
    pub ends_at: DateTime<Utc>,
    /// A name of the IANA time zone database.
    pub timezone: String,
    /// Where it takes place.
    pub location: String,
    /// How many may attend.
    pub capacity: Option<i32>,
    /// Whether it is published; otherwise it is a draft.
    pub is_published: bool,
}

/// Makes the workshop, unless there is one of its id, which is left as it is.
pub async fn ensure_workshop(system: &System<Schema>, spec: WorkshopSpec, now: DateTime<Utc>) -> Result<(), DbErr> {
    let content = Content {
        title: spec.title,
        description: spec.description,
        starts_at: spec.starts_at,
        ends_at: spec.ends_at,
        timezone: spec.timezone,
        location: spec.location,
        capacity: spec.capacity,
        opens_at: None,
        closes_at: None,
        stage: if spec.is_published { Stage::Published } else { Stage::Draft },
    };
    content.fits().map_err(|error| DbErr::Custom(error.to_string()))?;
    let draft = Draft { id: spec.id, workspace: spec.workspace, creator: spec.creator, content, at: now };
    let tx = system.begin().await?;
    let (row, is_new) = store::workshops::ensure(&tx, draft).await?;
    if is_new {
        tx.announce(service::created(&row)).await?;
    }
    tx.commit().await
}

/// Registers somebody, unless they are or the workshop takes nobody any more; answers whether that changed anything.
pub async fn ensure_attendee(
    system: &System<Schema>,
    workspace: WorkspaceId,
    workshop: WorkshopId,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let tx = system.begin().await?;
    let registered = store::attendees::ensure(&tx, workspace, workshop, user, now).await?;
    if let Some(status) = registered {
        let event = service::about(events::REGISTERED, workshop, user, now).in_workspace(workspace);
        tx.announce(event.fact("status", status.as_str())).await?;
    }
    tx.commit().await?;
    Ok(registered.is_some())
}
