//! Changing what is said of an image.

use kernel::{
    guard::Permit,
    http::{Tagged, etag_of},
    outbox::Event,
};
use sea_orm::{IntoActiveModel, Set};

use super::Images;
use crate::{
    actions::{EditImage, ImageRow},
    dto::{ImagePatch, ImageView},
    entity::image::{ActiveModel, Tags},
    error::GalleryError,
    events, store, tags,
};

impl Images {
    /// Changes what is given. A change that changes nothing writes nothing.
    pub(crate) async fn edit(
        &self,
        permit: &Permit<EditImage>,
        patch: ImagePatch,
    ) -> Result<Tagged<ImageView>, GalleryError> {
        let tx = permit.begin().await?;
        let row = store::images::lock(&tx).await?.ok_or(GalleryError::NotFound)?;
        tx.check_version(&etag_of(row.version))?;
        let description = patch.description.map_or_else(|| row.description.clone(), Option::unwrap_or_default);
        let tags = match patch.tags {
            // The body was validated, so that every tag has its one form.
            Some(given) => Tags(tags::normalised(&given.unwrap_or_default()).unwrap_or_default()),
            None => row.tags.clone(),
        };
        if description == row.description && tags == row.tags {
            return Ok(Tagged::new(row.version, ImageView::of(row, true)));
        }
        let event = Event::new(events::UPDATED, events::IMAGE, row.id.0, permit.now())
            .field("description", row.description.as_str(), description.as_str())
            .field("tags", row.tags.0.clone(), tags.0.clone());
        let mut changed = touched(row, permit.now());
        changed.description = Set(description);
        changed.tags = Set(tags);
        let row = store::images::update(&tx, changed).await?;
        tx.announce(event).await?;
        tx.commit().await?;
        Ok(Tagged::new(row.version, ImageView::of(row, true)))
    }
}

/// The row as one that changes now.
pub(super) fn touched(row: ImageRow, now: chrono::DateTime<chrono::Utc>) -> ActiveModel {
    let version = row.version + 1;
    let mut changed = row.into_active_model();
    changed.version = Set(version);
    changed.updated_at = Set(now);
    changed
}
