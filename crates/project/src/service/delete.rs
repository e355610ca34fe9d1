//! Deleting a project for good.

use kernel::{guard::Permit, http::etag_of, outbox::Event};
use serde_json::Value;

use super::Projects;
use crate::{actions::DeleteProject, content::Content, error::ProjectError, events, store};

impl Projects {
    /// Deletes a project with everyone's part in it. What it was stays in the event log. One with financial operations
    /// stays: those are kept.
    pub async fn delete(&self, permit: &Permit<DeleteProject>) -> Result<(), ProjectError> {
        let tx = permit.begin().await?;
        let row = store::lock(&tx).await?;
        tx.check_version(&etag_of(row.version))?;
        if store::money::has_operations(&tx).await? {
            return Err(ProjectError::HasOperations);
        }
        let members = store::delete(&tx, &row).await?;
        let members: Vec<String> = members.iter().map(ToString::to_string).collect();
        let event = Event::new(events::PROJECT_DELETED, events::RESOURCE, row.id.0, permit.now());
        let event = Content::of(&row)
            .tell_lost(event)
            .field("owner_id", row.owner_id.to_string(), Value::Null)
            .field("is_active", row.is_active, Value::Null)
            .fact("members", members);
        tx.announce(event).await?;
        tx.commit().await?;
        Ok(())
    }
}
