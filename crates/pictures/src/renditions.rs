//! What is made of an upload: the rendition that people look at, and a thumbnail.

use fast_image_resize::Resizer;
use image::{
    DynamicImage, ImageEncoder,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType, PngEncoder},
        webp::WebPEncoder,
    },
    metadata::Orientation,
};

use super::{Container, Format, Limits, PictureFault, container_of, decode::decode, size_of};

/// The longest side of a thumbnail, in pixels.
const THUMBNAIL_SIDE: u32 = 320;
/// JPEG quality of what people look at: no difference is seen from here on.
pub(crate) const DISPLAY_QUALITY: u8 = 88;
/// JPEG quality of thumbnails.
const THUMBNAIL_QUALITY: u8 = 82;

/// What is made of one upload.
#[derive(Debug)]
pub struct Renditions {
    /// Of the upload and of `display`, which are of one format.
    pub format: Format,
    /// Of `display`, in pixels.
    pub width: u32,
    /// Of `display`, in pixels.
    pub height: u32,
    /// Pictures in it: 1 unless it is animated.
    pub frames: u32,
    /// The picture the right way up, without metadata.
    pub display: Vec<u8>,
    /// Its thumbnail.
    pub thumbnail: Vec<u8>,
    /// JPEG, or PNG for one that is not opaque.
    pub thumbnail_format: Format,
}

/// Checks an upload and makes its renditions.
///
/// A JPEG is coded anew: its camera's file is often three times what the eye needs, and must be turned anyway. PNG, GIF
/// and WebP keep their coded pixels and only lose all that doesn't draw: coding them anew would gain nothing for a PNG,
/// cost a GIF its colours or its animation, and make a lossy WebP many times larger, as there is no encoder for it here.
/// They are decoded all the same, so that nothing broken is served.
pub fn develop(bytes: &[u8], limits: &Limits) -> Result<Renditions, PictureFault> {
    let Upright { format, container, pixels } = upright(bytes, limits)?;

    let thumbnail = thumbnail_of(&pixels)?;
    let thumbnail_format = if thumbnail.color().has_alpha() { Format::Png } else { Format::Jpeg };
    let keeps_coding = format != Format::Jpeg && container.orientation == Orientation::NoTransforms;
    Ok(Renditions {
        format,
        width: pixels.width(),
        height: pixels.height(),
        frames: container.frames,
        display: if keeps_coding { container.drawing } else { encode(&pixels, format, DISPLAY_QUALITY)? },
        thumbnail: encode(&thumbnail, thumbnail_format, THUMBNAIL_QUALITY)?,
        thumbnail_format,
    })
}

/// A picture the right way up, and where it came from.
pub(crate) struct Upright {
    pub(crate) format: Format,
    pub(crate) container: Container,
    pub(crate) pixels: DynamicImage,
}

/// Checks an upload, decodes it and turns it the right way up. Its size is checked on the header's word before anything
/// is allocated.
pub(crate) fn upright(bytes: &[u8], limits: &Limits) -> Result<Upright, PictureFault> {
    let format = Format::sniff(bytes).ok_or(PictureFault::Unsupported)?;
    let size = size_of(format, bytes)?;
    limits.check(size)?;
    let container = container_of(format, bytes, limits)?;
    let mut pixels = decode(format, &container.drawing, size, limits)?;
    pixels.apply_orientation(container.orientation);
    Ok(Upright { format, container, pixels })
}

/// The picture within the thumbnail's square; never larger than it was, and without an alpha channel that says nothing.
fn thumbnail_of(pixels: &DynamicImage) -> Result<DynamicImage, PictureFault> {
    let longest = pixels.width().max(pixels.height());
    let scaled = |side: u32| {
        let side = u64::from(side) * u64::from(THUMBNAIL_SIDE) / u64::from(longest);
        u32::try_from(side).unwrap_or(THUMBNAIL_SIDE).max(1)
    };
    let small = if longest <= THUMBNAIL_SIDE {
        pixels.clone()
    } else {
        let mut small = DynamicImage::new(scaled(pixels.width()), scaled(pixels.height()), pixels.color());
        Resizer::new().resize(pixels, &mut small, None).map_err(|_| PictureFault::Corrupt)?;
        small
    };
    Ok(lean(small))
}

/// The picture without an alpha channel that says nothing.
pub(crate) fn lean(pixels: DynamicImage) -> DynamicImage {
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

/// Codes pixels. What the encoders are given has no metadata, and they add none.
pub fn encode(pixels: &DynamicImage, format: Format, quality: u8) -> Result<Vec<u8>, PictureFault> {
    let mut coded = Vec::new();
    let (width, height, color) = (pixels.width(), pixels.height(), pixels.color().into());
    let done = match format {
        Format::Jpeg => {
            JpegEncoder::new_with_quality(&mut coded, quality).write_image(pixels.as_bytes(), width, height, color)
        }
        Format::Png => {
            let encoder = PngEncoder::new_with_quality(&mut coded, CompressionType::Fast, FilterType::Adaptive);
            encoder.write_image(pixels.as_bytes(), width, height, color)
        }
        Format::WebP => pixels.write_with_encoder(WebPEncoder::new_lossless(&mut coded)),
        Format::Gif => pixels.write_to(std::io::Cursor::new(&mut coded), image::ImageFormat::Gif),
    };
    done.map_err(|_| PictureFault::Corrupt)?;
    Ok(coded)
}
