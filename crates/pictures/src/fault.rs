//! Why a file is refused as a picture.

/// What of a picture is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Width or height.
    Side,
    /// Width times height.
    Pixels,
    /// Pictures in an animation.
    Frames,
}

impl Bound {
    /// The word for it in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Side => "side",
            Self::Pixels => "pixels",
            Self::Frames => "frames",
        }
    }
}

/// Why a file is refused as a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureFault {
    /// Its first bytes are of no format that is taken.
    #[error("neither JPEG, PNG, WebP nor GIF")]
    Unsupported,
    /// It breaks the rules of its format, or ends early.
    #[error("broken or cut off")]
    Corrupt,
    /// It is larger than is taken.
    #[error("{width} by {height} with more {} than {limit}", bound.as_str())]
    TooLarge {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
        /// What it has too much of.
        bound: Bound,
        /// How much of it is taken.
        limit: u64,
    },
}
