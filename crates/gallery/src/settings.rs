//! What an operator decides about uploads.

use std::path::PathBuf;

use crate::picture::Limits;

/// Limits of uploads, and where they are while they are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GallerySettings {
    /// Bytes that a file may have.
    pub max_bytes: u64,
    /// Width times height that a picture may have. Decoding one takes about four bytes a pixel.
    pub max_pixels: u64,
    /// Width or height that a picture may have.
    pub max_side: u32,
    /// Pictures that an animation may have.
    pub max_frames: u32,
    /// The folder for files that were not decided about. It holds nothing worth keeping.
    pub spool: PathBuf,
    /// Pictures that are decoded at a time.
    pub decode_parallelism: usize,
    /// Where a web server in front finds the folder of the objects, as in `/protected-media/`: it is told the place and
    /// sends the bytes itself.
    pub accel: Option<String>,
}

impl GallerySettings {
    /// The defaults, with a spool folder: 20 MiB, 50 megapixels, 16,384 pixels a side, 200 frames, one decoder a core.
    pub fn new(spool: impl Into<PathBuf>) -> Self {
        Self {
            max_bytes: 20 * 1024 * 1024,
            max_pixels: 50_000_000,
            max_side: 16_384,
            max_frames: 200,
            spool: spool.into(),
            decode_parallelism: std::thread::available_parallelism().map_or(1, usize::from),
            accel: None,
        }
    }

    pub(crate) fn limits(&self) -> Limits {
        Limits { pixels: self.max_pixels, side: self.max_side, frames: self.max_frames }
    }
}
