//! Creating workshops.

use kernel::{guard::Permit, http::Created, outbox::Event};
use serde_json::Value;

use super::Workshops;
use crate::{
    WorkshopId,
    actions::CreateWorkshop,
    content::Content,
    dto::{NewWorkshop, WorkshopView},
    entity::workshops::Model,
    error::WorkshopError,
    events,
    store::workshops::{Draft, insert},
};

impl Workshops {
    /// Creates a workshop of the caller's.
    pub async fn create(
        &self,
        permit: &Permit<CreateWorkshop>,
        new: NewWorkshop,
    ) -> Result<Created<WorkshopView>, WorkshopError> {
        let content = Content::new(new)?;
        let at = permit.now();
        let tx = permit.begin().await?;
        let (id, workspace, creator) = (WorkshopId::new(at), permit.workspace(), permit.caller());
        let row = insert(&tx, Draft { id, workspace, creator, content, at }).await?;
        tx.announce(created(&row)).await?;
        let location = format!("/workshops/{}", row.id);
        let reply = Created::at(location, Some(row.etag(at)), WorkshopView::of(row, at));
        tx.commit_with(&reply).await?;
        Ok(reply)
    }
}

/// What `workshop.created` tells.
pub(crate) fn created(row: &Model) -> Event {
    let event = Event::new(events::WORKSHOP_CREATED, events::RESOURCE, row.id.0, row.created_at);
    let event = Content::of(row).tell(None, event.in_workspace(row.workspace_id));
    event.field("creator_id", Value::Null, row.creator_id.to_string())
}
