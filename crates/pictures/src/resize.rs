//! Making pictures smaller.

use fast_image_resize::Resizer;
use image::DynamicImage;

use super::PictureFault;

/// The picture within a square of `side`; never larger than it was.
pub(super) fn within(pixels: &DynamicImage, side: u32) -> Result<DynamicImage, PictureFault> {
    let longest = pixels.width().max(pixels.height());
    if longest <= side {
        return Ok(pixels.clone());
    }
    let scaled = |length: u32| {
        let length = (u64::from(length) * u64::from(side) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(length).unwrap_or(side).max(1)
    };
    let mut small = DynamicImage::new(scaled(pixels.width()), scaled(pixels.height()), pixels.color());
    Resizer::new().resize(pixels, &mut small, None).map_err(|_| PictureFault::Corrupt)?;
    Ok(small)
}

/// The picture without an alpha channel that says nothing.
pub(super) fn lean(pixels: DynamicImage) -> DynamicImage {
    if is_opaque(&pixels) { without_alpha(pixels) } else { pixels }
}

fn is_opaque(pixels: &DynamicImage) -> bool {
    match pixels {
        DynamicImage::ImageLumaA8(pixels) => pixels.pixels().all(|pixel| pixel.0[1] == u8::MAX),
        DynamicImage::ImageRgba8(pixels) => pixels.pixels().all(|pixel| pixel.0[3] == u8::MAX),
        other => !other.color().has_alpha(),
    }
}

fn without_alpha(pixels: DynamicImage) -> DynamicImage {
    match pixels {
        DynamicImage::ImageLumaA8(_) => pixels.into_luma8().into(),
        DynamicImage::ImageRgba8(_) => pixels.into_rgb8().into(),
        other => other,
    }
}
