//! The bytes of an image.

use std::ops::Range;

use kernel::guard::Permit;

use super::Images;
use crate::{
    actions::{ImageRow, ViewImage},
    error::GalleryError,
    storage::{Outgoing, Variant},
};

/// One of an image's renditions.
#[derive(Debug)]
pub(crate) struct Content<'a> {
    image: &'a ImageRow,
    variant: Variant,
}

impl<'a> Content<'a> {
    pub(crate) fn new(image: &'a ImageRow, variant: Variant) -> Self {
        Self { image, variant }
    }

    /// The bytes of an image never change, so its id says all of them.
    pub(crate) fn etag(&self) -> String {
        format!("\"{}-{}\"", self.image.id, self.variant.as_str())
    }

    pub(crate) fn media_type(&self) -> &'a str {
        match self.variant {
            Variant::Original | Variant::Display => &self.image.media_type,
            Variant::Thumbnail => &self.image.thumbnail_media_type,
        }
    }

    pub(crate) fn length(&self) -> u64 {
        match self.variant {
            Variant::Original => self.image.original_bytes,
            Variant::Display => self.image.display_bytes,
            Variant::Thumbnail => self.image.thumbnail_bytes,
        }
        .unsigned_abs()
    }
}

impl Images {
    /// Opens an image's bytes, or a stretch of them.
    pub(crate) async fn open(
        &self,
        permit: &Permit<ViewImage>,
        variant: Variant,
        range: Option<Range<u64>>,
    ) -> Result<Outgoing, GalleryError> {
        let place = permit.target().place().ok_or(GalleryError::NotFound)?;
        match self.pictures.get(&place, variant, range).await {
            Ok(outgoing) => Ok(outgoing),
            // Deleted since the guard looked; or lost, which an operator should hear of.
            Err(error @ object_store::Error::NotFound { .. }) => {
                tracing::warn!(%error, image = %permit.target().id, "an image's bytes are not there");
                Err(GalleryError::NotFound)
            }
            Err(error) => Err(error.into()),
        }
    }
}
