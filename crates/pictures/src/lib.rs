//! What can be told of a picture from its bytes, and what is made of them. No I/O: bytes in, bytes out.

mod cursor;
mod decode;
mod encode;
mod fault;
mod format;
mod gif;
mod jpeg;
mod limits;
mod metadata;
mod png;
mod renditions;
mod resize;
mod scaled;
mod square;
mod webp;

#[cfg(test)]
mod tests;

pub use encode::encode;
pub use fault::{Bound, PictureFault};
pub use format::Format;
pub use limits::Limits;
pub use renditions::{LARGE_SIDE, Reduced, Renditions, SMALL_SIDE, develop};
pub use square::{Square, square};

use metadata::Orientation;

/// Width and height, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Size {
    width: u32,
    height: u32,
}

impl Size {
    /// The longer side where the shorter one is `shorter`, rounded up.
    fn longest_for(self, shorter: u32) -> u32 {
        let (longest, shortest) = (u64::from(self.width.max(self.height)), u64::from(self.width.min(self.height)));
        u32::try_from((longest * u64::from(shorter)).div_ceil(shortest.max(1))).unwrap_or(u32::MAX)
    }
}

/// What a container holds.
#[derive(Debug)]
struct Container {
    /// How many pictures follow each other in it: 1 unless it is animated.
    frames: u32,
    /// How a camera says that it was held.
    orientation: Orientation,
    /// A copy of the container with nothing in it but what draws: no EXIF, GPS, XMP, IPTC, ICC profile, comment,
    /// preview, nor anything after its end. The decoder sees this copy only, so that a fault in how it reads
    /// metadata can't be reached.
    drawing: Vec<u8>,
    /// Whether browsers show the coding it has.
    is_common: bool,
}

/// The size that the header of a picture claims. Reads no further than it must, and allocates nothing.
fn size_of(format: Format, bytes: &[u8]) -> Result<Size, PictureFault> {
    match format {
        Format::Jpeg => jpeg::size(bytes),
        Format::Png => png::size(bytes),
        Format::WebP => webp::size(bytes),
        Format::Gif => gif::size(bytes),
    }
}

/// Walks a container from end to end without decoding a pixel.
fn container_of(format: Format, bytes: &[u8], limits: &Limits) -> Result<Container, PictureFault> {
    match format {
        Format::Jpeg => jpeg::container(bytes),
        Format::Png => png::container(bytes),
        Format::WebP => webp::container(bytes, limits),
        Format::Gif => gif::container(bytes, limits),
    }
}

/// What is asked of every upload before a pixel of it is decoded: its format, its size, and what its container holds.
fn opened(bytes: &[u8], limits: &Limits) -> Result<(Format, Size, Container), PictureFault> {
    let format = Format::sniff(bytes).ok_or(PictureFault::Unsupported)?;
    let size = size_of(format, bytes)?;
    limits.check(size)?;
    Ok((format, size, container_of(format, bytes, limits)?))
}

/// A picture whose header was read, and none of its pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// What it is.
    pub format: Format,
    /// As it is coded, in pixels.
    pub width: u32,
    /// As it is coded, in pixels.
    pub height: u32,
    /// How many pictures follow each other in it.
    pub frames: u32,
    /// The picture with nothing in it but what draws.
    pub drawing: Vec<u8>,
}

/// Reads a picture's header and walks its container, as it is done to every upload. Fuzzers are let loose on this.
pub fn header(bytes: &[u8], limits: &Limits) -> Result<Header, PictureFault> {
    let (format, Size { width, height }, Container { frames, drawing, .. }) = opened(bytes, limits)?;
    Ok(Header { format, width, height, frames, drawing })
}
