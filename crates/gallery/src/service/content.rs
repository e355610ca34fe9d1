//! The bytes of an image.

use std::ops::Range;

use super::Images;
use crate::{
    actions::ImageRow,
    error::GalleryError,
    picture::Format,
    storage::{Outgoing, Variant},
};

/// What is asked for of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// One object, whatever the client takes.
    One(Variant),
    /// At most 320 pixels, coded as the client takes it.
    Small,
    /// At most 1,280 pixels, coded as the client takes it.
    Large,
}

impl Asked {
    /// Whether the answer depends on what the client takes.
    pub(crate) fn is_negotiated(self) -> bool {
        !matches!(self, Self::One(_))
    }
}

/// One of an image's renditions.
#[derive(Debug)]
pub(crate) struct Content<'a> {
    image: &'a ImageRow,
    variant: Variant,
}

impl<'a> Content<'a> {
    /// What answers to `asked` for a client that takes WebP or doesn't. An image from before there were so many has its
    /// display and its thumbnail.
    pub(crate) fn of(image: &'a ImageRow, asked: Asked, takes_webp: bool) -> Self {
        let variant = match asked {
            Asked::One(variant) => variant,
            Asked::Small if takes_webp && image.small_webp_bytes.is_some() => Variant::SmallWebP,
            Asked::Small => Variant::Thumbnail,
            Asked::Large if image.large_bytes.is_none() => Variant::Display,
            Asked::Large if takes_webp => Variant::LargeWebP,
            Asked::Large => Variant::Large,
        };
        Self { image, variant }
    }

    pub(crate) fn variant(&self) -> Variant {
        self.variant
    }

    /// The bytes of an image never change, so its id says all of them.
    pub(crate) fn etag(&self) -> String {
        format!("\"{}-{}\"", self.image.id, self.variant.as_str())
    }

    pub(crate) fn media_type(&self) -> &'a str {
        match self.variant {
            Variant::Original | Variant::Display => &self.image.media_type,
            Variant::Thumbnail | Variant::Large => &self.image.thumbnail_media_type,
            Variant::SmallWebP | Variant::LargeWebP => Format::WebP.media_type(),
        }
    }

    pub(crate) fn length(&self) -> u64 {
        match self.variant {
            Variant::Original => Some(self.image.original_bytes),
            Variant::Display => Some(self.image.display_bytes),
            Variant::Thumbnail => Some(self.image.thumbnail_bytes),
            Variant::SmallWebP => self.image.small_webp_bytes,
            Variant::Large => self.image.large_bytes,
            Variant::LargeWebP => self.image.large_webp_bytes,
        }
        .unwrap_or_default()
        .unsigned_abs()
    }
}

impl Images {
    /// Opens a rendition that the caller may see, or a stretch of it.
    pub(crate) async fn open(
        &self,
        content: &Content<'_>,
        range: Option<Range<u64>>,
    ) -> Result<Outgoing, GalleryError> {
        let place = content.image.place().ok_or(GalleryError::NotFound)?;
        match self.pictures.get(&place, content.variant, range).await {
            Ok(outgoing) => Ok(outgoing),
            // Deleted since the guard looked; or lost, which an operator should hear of.
            Err(error @ object_store::Error::NotFound { .. }) => {
                tracing::warn!(%error, image = %content.image.id, "an image's bytes are not there");
                Err(GalleryError::NotFound)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Where the web server in front finds the rendition, if it is to send it.
    pub(crate) fn handed_over(&self, content: &Content<'_>) -> Option<String> {
        let (folder, place) = (self.accel.as_deref()?, content.image.place()?);
        Some(format!("{folder}{}", place.object(content.variant)))
    }
}
