//! Changing a project's fields.

use kernel::{
    failure::unique_violation,
    guard::Permit,
    http::{Tagged, etag_of},
    outbox::Event,
};
use sea_orm::DbErr;

use super::{Projects, require_active, tagged};
use crate::{
    actions::EditProject,
    content::Content,
    dto::{ProjectContent, ProjectPatch, ProjectView},
    error::ProjectError,
    events, store,
};

impl Projects {
    /// Replaces the editable fields.
    pub async fn replace(
        &self,
        permit: &Permit<EditProject>,
        by: ProjectContent,
    ) -> Result<Tagged<ProjectView>, ProjectError> {
        edit(permit, |content| content.replaced(by)).await
    }

    /// Changes the fields given.
    pub async fn patch(
        &self,
        permit: &Permit<EditProject>,
        by: ProjectPatch,
    ) -> Result<Tagged<ProjectView>, ProjectError> {
        edit(permit, |content| content.patched(by)).await
    }
}

/// A change that changes nothing leaves the version and the event log as they are.
async fn edit(
    permit: &Permit<EditProject>,
    change: impl FnOnce(Content) -> Content,
) -> Result<Tagged<ProjectView>, ProjectError> {
    let tx = permit.begin().await?;
    let row = store::lock(&tx).await?;
    tx.check_version(&etag_of(row.version))?;
    require_active(&row)?;
    let before = Content::of(&row);
    let after = change(before.clone());
    if after == before {
        return Ok(tagged(row));
    }
    let row = store::save_content(&tx, row, &after).await.map_err(key_taken)?;
    let event = Event::new(events::PROJECT_UPDATED, events::RESOURCE, row.id.0, row.updated_at);
    tx.announce(after.tell(Some(&before), event)).await?;
    tx.commit().await?;
    Ok(tagged(row))
}

fn key_taken(error: DbErr) -> ProjectError {
    match unique_violation(&error) {
        Some("projects_key_unique") => ProjectError::KeyTaken,
        _ => error.into(),
    }
}
