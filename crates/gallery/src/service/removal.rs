//! Deleting an image, and its bytes when no other image has them.

use chrono::{DateTime, Utc};
use kernel::{guard::Permit, http::etag_of, outbox::Event};

use super::Images;
use crate::{
    actions::{DeleteImage, ImageRow},
    error::GalleryError,
    events,
    storage::Place,
    store,
};

impl Images {
    /// Deletes the image. Its objects go after the commit: a program that is killed in between leaves objects without
    /// an image, never an image without objects.
    pub(crate) async fn delete(&self, permit: &Permit<DeleteImage>) -> Result<(), GalleryError> {
        let tx = permit.begin().await?;
        let row = store::images::lock(&tx).await?.ok_or(GalleryError::NotFound)?;
        tx.check_version(&etag_of(row.version))?;
        let place = row.place();
        let event = deleted(&row, permit.now());
        store::images::delete(&tx, row).await?;
        tx.announce(event).await?;
        tx.commit().await?;
        if let Some(place) = place {
            self.sweep(place).await;
        }
        Ok(())
    }
}

/// The event of an image that is deleted.
pub(crate) fn deleted(row: &ImageRow, now: DateTime<Utc>) -> Event {
    Event::new(events::DELETED, events::IMAGE, row.id.0, now)
        .fact("uploader_id", row.uploader_id.to_string())
        .fact("status", row.status.as_str())
        .fact("description", row.description.as_str())
}

impl ImageRow {
    /// Where its objects are.
    pub(crate) fn place(&self) -> Option<Place> {
        let hash = self.content_hash.as_slice().try_into().ok()?;
        Some(Place::new(self.workspace_id, hash))
    }
}
