//! The trash: how images get there, come back, and go for good.

use chrono::{DateTime, Duration, Utc};
use kernel::{
    guard::{Permit, Tx},
    http::{Tagged, etag_of},
    outbox::Event,
};
use sea_orm::Set;

use super::{Images, editing::touched};
use crate::{
    actions::{DeleteImage, ImageRow, RestoreImage, TrashedImage},
    dto::ImageView,
    error::GalleryError,
    events,
    permissions::EDIT_IMAGES,
    storage::Place,
    store,
};

/// How long an image can be taken out of the trash again.
pub(crate) const KEPT: Duration = Duration::days(30);
/// Images that are deleted for good in one transaction.
const AT_ONCE: u64 = 100;

impl Images {
    /// Moves the image to the trash: from the commit on it is shown to nobody, and served nowhere.
    pub(crate) async fn delete(&self, permit: &Permit<DeleteImage>) -> Result<(), GalleryError> {
        let tx = permit.begin().await?;
        let row = store::images::lock(&tx).await?.ok_or(GalleryError::NotFound)?;
        tx.check_version(&etag_of(row.version))?;
        let now = permit.now();
        let event = deleted(&row, now);
        let mut changed = touched(row, now);
        changed.deleted_at = Set(Some(now));
        changed.deleted_by = Set(Some(permit.caller()));
        store::images::update(&tx, changed).await?;
        tx.announce(event).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes an image out of the trash, as it was. If the workspace got the same picture meanwhile, only when that is
    /// allowed.
    pub(crate) async fn restore(
        &self,
        permit: &Permit<RestoreImage>,
        allow_duplicate: bool,
    ) -> Result<Tagged<ImageView>, GalleryError> {
        let _turn = self.turn().await?;
        let tx = permit.begin().await?;
        let TrashedImage(found) = permit.target();
        let place = found.place().ok_or(GalleryError::NotFound)?;
        // Before the row, as uploads take it.
        store::content::lock(&tx, &place).await?;
        let row = store::images::lock_trashed(&tx).await?.ok_or(GalleryError::NotFound)?;
        tx.check_version(&etag_of(row.version))?;
        if let Some(twin) = store::content::twin(&tx, &place, row.workshop_id).await?
            && !allow_duplicate
        {
            return Err(GalleryError::Duplicate { existing: known_twin(&tx, &twin) });
        }
        let mut changed = touched(row, permit.now());
        changed.deleted_at = Set(None);
        changed.deleted_by = Set(None);
        let row = store::images::update(&tx, changed).await?;
        let event = Event::new(events::RESTORED, events::IMAGE, row.id.0, permit.now());
        tx.announce(event.fact("uploader_id", row.uploader_id.to_string())).await?;
        let reply = Tagged::new(row.version, ImageView::of(row, permit.holds(&EDIT_IMAGES)));
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// Deletes for good what lies in the trash for longer than it is kept; answers how many. Their objects go after each
    /// commit: a program that is killed in between leaves objects without an image, never an image without objects.
    pub async fn empty_trash(&self) -> Result<u64, GalleryError> {
        let mut count = 0;
        loop {
            let now = self.clock.now();
            let tx = self.system.begin().await?;
            let rows = store::images::delete_trashed(&tx, now - KEPT, AT_ONCE).await?;
            for row in &rows {
                let event = Event::new(events::ERASED, events::IMAGE, row.id.0, now).in_workspace(row.workspace_id);
                tx.announce(event.fact("uploader_id", row.uploader_id.to_string())).await?;
            }
            tx.commit().await?;
            for place in rows.iter().filter_map(ImageRow::place) {
                self.sweep(place).await;
            }
            count += rows.len() as u64;
            if (rows.len() as u64) < AT_ONCE {
                return Ok(count);
            }
        }
    }
}

/// The id of the picture that is there, if the caller may know of it.
fn known_twin(tx: &Tx<'_, RestoreImage>, twin: &ImageRow) -> Option<kernel::ids::ImageId> {
    let permit = tx.permit();
    super::uploading::known_id(twin, permit.caller(), |permission| permit.scope(permission))
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
