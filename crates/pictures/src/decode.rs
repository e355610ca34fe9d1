//! From coded bytes to pixels, under limits.

use std::io::Cursor;

use image::{DynamicImage, ImageError, ImageReader, error::LimitErrorKind};

use super::{Bound, Format, Limits, PictureFault, Size, scaled};

/// The pixels of a still picture, or of an animation's first frame; eight bits a channel. A JPEG may come smaller than it
/// is, with no less than `enough` pixels on its longer side. Also whether nothing but these pixels is in `drawing`.
pub(super) fn decode(
    format: Format,
    drawing: &[u8],
    size: Size,
    limits: &Limits,
    enough: Option<u32>,
) -> Result<(DynamicImage, bool), PictureFault> {
    if format == Format::Jpeg {
        let scaled::Scaled { pixels, is_tidy } = scaled::decode(drawing, size, enough)?;
        return Ok((pixels, is_tidy));
    }
    let mut reader = ImageReader::with_format(Cursor::new(drawing), format.into());
    reader.limits(limits.of_decoder());
    let pixels = reader.decode().map_err(|error| fault_of(&error, size, limits))?;
    if (pixels.width(), pixels.height()) != (size.width, size.height) {
        return Err(PictureFault::Corrupt);
    }
    Ok((eight_bit(pixels), true))
}

fn fault_of(error: &ImageError, Size { width, height }: Size, limits: &Limits) -> PictureFault {
    match error {
        ImageError::Unsupported(_) => PictureFault::Unsupported,
        // The size was checked before; what is left is a picture of more than four bytes a pixel.
        ImageError::Limits(error) if !matches!(error.kind(), LimitErrorKind::Unsupported { .. }) => {
            PictureFault::TooLarge { width, height, bound: Bound::Pixels, limit: limits.pixels / 2 }
        }
        _ => PictureFault::Corrupt,
    }
}

fn eight_bit(pixels: DynamicImage) -> DynamicImage {
    match pixels {
        DynamicImage::ImageLuma16(_) => pixels.into_luma8().into(),
        DynamicImage::ImageLumaA16(_) => pixels.into_luma_alpha8().into(),
        DynamicImage::ImageRgb16(_) | DynamicImage::ImageRgb32F(_) => pixels.into_rgb8().into(),
        DynamicImage::ImageRgba16(_) | DynamicImage::ImageRgba32F(_) => pixels.into_rgba8().into(),
        eight => eight,
    }
}
