//! The one thing that is read from a camera's notes before they are thrown away: which way up the picture is.

use exif::{In, Reader, Tag};
pub(super) use image::metadata::Orientation;

/// The orientation that an EXIF block tells; upright if it tells none or is broken.
pub(super) fn orientation(exif: &[u8]) -> Orientation {
    // WebP and PNG hold the block bare, but some programs write JPEG's prefix there too.
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    let told = Reader::new().read_raw(tiff.to_vec()).ok().and_then(|exif| {
        let field = exif.get_field(Tag::Orientation, In::PRIMARY)?;
        field.value.get_uint(0)
    });
    let told = told.and_then(|value| u8::try_from(value).ok());
    told.and_then(Orientation::from_exif).unwrap_or(Orientation::NoTransforms)
}
