//! Deleting a workshop for good.

use kernel::{guard::Permit, outbox::Event};
use serde_json::Value;

use super::Workshops;
use crate::{actions::DeleteWorkshop, content::Content, error::WorkshopError, events, store};

impl Workshops {
    /// Deletes a workshop for which nobody is registered. What it was stays in the event log.
    pub async fn delete(&self, permit: &Permit<DeleteWorkshop>) -> Result<(), WorkshopError> {
        let tx = permit.begin().await?;
        let row = store::lock(&tx).await?;
        tx.check_version(&row.etag(permit.now()))?;
        if store::workshops::has_attendees(&tx).await? {
            return Err(WorkshopError::HasAttendees);
        }
        store::workshops::delete(&tx, &row).await?;
        let event = Event::new(events::WORKSHOP_DELETED, events::RESOURCE, row.id.0, permit.now());
        let event = Content::of(&row).tell_lost(event);
        tx.announce(event.field("creator_id", row.creator_id.to_string(), Value::Null)).await?;
        tx.commit().await?;
        Ok(())
    }
}
