//! What is made of an upload: the rendition that people look at, and two smaller ones.

use image::{DynamicImage, metadata::Orientation};

use super::{
    Container, Format, Limits, PictureFault, decode,
    encode::{encode, webp},
    opened,
    resize::{lean, within},
    size_of,
};

/// The longest side of the small renditions, in pixels.
pub const SMALL_SIDE: u32 = 320;
/// The longest side of the large ones.
pub const LARGE_SIDE: u32 = 1280;
/// JPEG quality of what people look at: no difference is seen from here on.
pub(crate) const DISPLAY_QUALITY: u8 = 88;
/// JPEG quality of the smaller ones.
const REDUCED_QUALITY: u8 = 82;
/// The longest side of what a thumbhash is made of; it keeps a few waves of it.
const HASH_SIDE: u32 = 64;

/// A picture made smaller, coded twice.
#[derive(Debug)]
pub struct Reduced {
    /// For every client, in [`Renditions::plain_format`].
    pub plain: Vec<u8>,
    /// For those that take WebP.
    pub webp: Vec<u8>,
}

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
    /// At most [`SMALL_SIDE`] wide and high.
    pub small: Reduced,
    /// At most [`LARGE_SIDE`] wide and high.
    pub large: Reduced,
    /// JPEG, or PNG for a picture that is not opaque.
    pub plain_format: Format,
    /// Some 25 bytes from which a client draws a blurred stand-in while it loads.
    pub thumbhash: Vec<u8>,
}

/// Checks an upload and makes its renditions.
///
/// The display keeps its coded pixels and only loses all that doesn't draw: coding them anew would lose quality, cost a
/// GIF its colours or its animation, and cost the most of all that is done here. They are decoded all the same, so that
/// nothing broken is served. A picture that must be turned is coded anew, and one whose coding browsers don't show.
pub fn develop(bytes: &[u8], limits: &Limits) -> Result<Renditions, PictureFault> {
    let Upright { format, container, pixels, is_turned, is_tidy, .. } = upright(bytes, limits, Wanted::Develop)?;
    let (width, height, display) = if container.is_common && is_tidy && !is_turned {
        let size = size_of(format, bytes)?;
        (size.width, size.height, container.drawing)
    } else if is_turned {
        (pixels.width(), pixels.height(), encode(&pixels, format, DISPLAY_QUALITY)?)
    } else {
        // Rare: it is decoded once more, with all its pixels.
        let pixels = upright(bytes, limits, Wanted::Whole)?.pixels;
        (pixels.width(), pixels.height(), encode(&pixels, format, DISPLAY_QUALITY)?)
    };
    let large = lean(within(&pixels, LARGE_SIDE)?);
    drop(pixels);
    let small = within(&large, SMALL_SIDE)?;
    let plain_format = if large.color().has_alpha() { Format::Png } else { Format::Jpeg };
    let reduced = |pixels: &DynamicImage| {
        Ok::<_, PictureFault>(Reduced { plain: encode(pixels, plain_format, REDUCED_QUALITY)?, webp: webp(pixels)? })
    };
    Ok(Renditions {
        format,
        width,
        height,
        frames: container.frames,
        display,
        thumbhash: thumbhash(&small)?,
        small: reduced(&small)?,
        large: reduced(&large)?,
        plain_format,
    })
}

fn thumbhash(pixels: &DynamicImage) -> Result<Vec<u8>, PictureFault> {
    let tiny = within(pixels, HASH_SIDE)?.into_rgba8();
    Ok(thumbhash::rgba_to_thumb_hash(tiny.width() as usize, tiny.height() as usize, tiny.as_raw()))
}

/// How many pixels are wanted of a picture that can be made smaller while it is decoded.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted {
    /// All of them.
    Whole,
    /// All if it must be turned, as its display is then made of them; else as many as the large rendition has.
    Develop,
    /// So many on the shorter side.
    Shorter(u32),
}

/// A picture the right way up, and where it came from.
pub(crate) struct Upright {
    pub(crate) format: Format,
    pub(crate) container: Container,
    pub(crate) pixels: DynamicImage,
    pub(crate) is_turned: bool,
    /// Whether its coded pixels are all that is in its container.
    pub(crate) is_tidy: bool,
}

/// Checks an upload, decodes it and turns it the right way up. Its size is checked on the header's word before anything
/// is allocated.
pub(crate) fn upright(bytes: &[u8], limits: &Limits, wanted: Wanted) -> Result<Upright, PictureFault> {
    let (format, size, container) = opened(bytes, limits)?;
    let is_turned = container.orientation != Orientation::NoTransforms;
    let enough = match wanted {
        Wanted::Develop if !is_turned => Some(LARGE_SIDE),
        Wanted::Whole | Wanted::Develop => None,
        Wanted::Shorter(side) => Some(size.longest_for(side)),
    };
    let (mut pixels, is_tidy) = decode::decode(format, &container.drawing, size, limits, enough)?;
    pixels.apply_orientation(container.orientation);
    Ok(Upright { format, container, pixels, is_turned, is_tidy })
}
