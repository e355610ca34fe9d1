//! How large a picture may be. Held against what its header claims, before anything is allocated for it.

use super::{Bound, PictureFault, Size};

/// Room that decoders need besides the pixels.
const DECODER_ROOM: u64 = 32 * 1024 * 1024;

/// How large a picture may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Width times height, at most.
    pub pixels: u64,
    /// Width or height, at most.
    pub side: u32,
    /// Pictures in an animation, at most.
    pub frames: u32,
}

impl Limits {
    pub(super) fn check(&self, Size { width, height }: Size) -> Result<(), PictureFault> {
        let too_large = |bound, limit| Err(PictureFault::TooLarge { width, height, bound, limit });
        if width == 0 || height == 0 {
            return Err(PictureFault::Corrupt);
        }
        if width.max(height) > self.side {
            return too_large(Bound::Side, self.side.into());
        }
        if u64::from(width) * u64::from(height) > self.pixels {
            return too_large(Bound::Pixels, self.pixels);
        }
        Ok(())
    }

    pub(super) fn check_frames(&self, frames: u32, Size { width, height }: Size) -> Result<(), PictureFault> {
        if frames > self.frames {
            let limit = self.frames.into();
            return Err(PictureFault::TooLarge { width, height, bound: Bound::Frames, limit });
        }
        Ok(())
    }

    /// The same for the decoder, with four bytes a pixel: one with 16 bits a channel may have half the pixels.
    pub(super) fn of_decoder(&self) -> image::Limits {
        let mut limits = image::Limits::no_limits();
        limits.max_image_width = Some(self.side);
        limits.max_image_height = Some(self.side);
        limits.max_alloc = Some(self.pixels.saturating_mul(4).saturating_add(DECODER_ROOM));
        limits
    }
}
