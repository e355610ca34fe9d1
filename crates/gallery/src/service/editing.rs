//! Changing what is said of an image.

use chrono::{DateTime, Utc};
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

/// What is to be said of images from now on; what is not given stays.
pub(super) struct Edit {
    description: Option<String>,
    tags: Option<Tags>,
}

impl Edit {
    pub(super) fn of(patch: ImagePatch) -> Self {
        Self {
            description: patch.description.map(Option::unwrap_or_default),
            // The body was validated, so that every tag has its one form.
            tags: patch.tags.map(|given| Tags(tags::normalised(&given.unwrap_or_default()).unwrap_or_default())),
        }
    }

    pub(super) fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    pub(super) fn tags(&self) -> Option<&Tags> {
        self.tags.as_ref()
    }

    /// The event of an image that changes by this; none if it doesn't.
    pub(super) fn told(&self, row: &ImageRow, now: DateTime<Utc>) -> Option<Event> {
        let description = self.description().unwrap_or(&row.description);
        let tags = self.tags().unwrap_or(&row.tags);
        (description != row.description || *tags != row.tags).then(|| {
            Event::new(events::UPDATED, events::IMAGE, row.id.0, now)
                .field("description", row.description.as_str(), description)
                .field("tags", row.tags.0.clone(), tags.0.clone())
        })
    }
}

impl Images {
    /// Changes what is given. A change that changes nothing writes nothing.
    pub(crate) async fn edit(
        &self,
        permit: &Permit<EditImage>,
        patch: ImagePatch,
    ) -> Result<Tagged<ImageView>, GalleryError> {
        let edit = Edit::of(patch);
        let tx = permit.begin().await?;
        let row = store::images::lock(&tx).await?.ok_or(GalleryError::NotFound)?;
        tx.check_version(&etag_of(row.version))?;
        let Some(event) = edit.told(&row, permit.now()) else {
            return Ok(Tagged::new(row.version, ImageView::of(row, true)));
        };
        let mut changed = touched(row, permit.now());
        if let Some(description) = edit.description {
            changed.description = Set(description);
        }
        if let Some(tags) = edit.tags {
            changed.tags = Set(tags);
        }
        let row = store::images::update(&tx, changed).await?;
        tx.announce(event).await?;
        tx.commit().await?;
        Ok(Tagged::new(row.version, ImageView::of(row, true)))
    }
}

/// The row as one that changes now.
pub(super) fn touched(row: ImageRow, now: DateTime<Utc>) -> ActiveModel {
    let version = row.version + 1;
    let mut changed = row.into_active_model();
    changed.version = Set(version);
    changed.updated_at = Set(now);
    changed
}
