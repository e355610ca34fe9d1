//! The bounded pool in which pictures are decoded: as many at a time as there are cores, so that neither memory nor the
//! latency of other requests depends on how many people upload.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Semaphore, time::timeout};

use super::{Spool, Spooled};
use crate::{
    error::GalleryError,
    picture::{Format, Limits, PictureFault, develop},
};

/// How long an upload waits for its turn.
const PATIENCE: Duration = Duration::from_secs(30);

/// The renditions of one upload.
#[derive(Debug)]
pub(crate) struct Developed {
    pub(crate) format: Format,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) frames: u32,
    /// On disk: it is about as large as the upload.
    pub(crate) display: Spooled,
    /// A few kilobytes.
    pub(crate) thumbnail: Vec<u8>,
    pub(crate) thumbnail_format: Format,
}

/// The pool.
#[derive(Clone, Debug)]
pub(crate) struct DecodePool {
    places: Arc<Semaphore>,
    spool: Arc<Spool>,
    limits: Limits,
}

impl DecodePool {
    pub(crate) fn new(parallelism: usize, spool: Arc<Spool>, limits: Limits) -> Self {
        Self { places: Arc::new(Semaphore::new(parallelism.max(1))), spool, limits }
    }

    /// Checks a file and makes its renditions. The decoders need the whole file in memory: at most one a place.
    pub(crate) async fn develop(&self, file: &Spooled) -> Result<Developed, GalleryError> {
        if file.length() == 0 {
            return Err(GalleryError::FileEmpty);
        }
        let waited = timeout(PATIENCE, Arc::clone(&self.places).acquire_owned()).await;
        let Ok(Ok(place)) = waited else { return Err(GalleryError::Busy) };
        let (spool, limits, path) = (Arc::clone(&self.spool), self.limits, file.path().to_owned());
        let work = tokio::task::spawn_blocking(move || {
            // Held until the work is done, also when its request is gone.
            let _place = place;
            let made = develop(&std::fs::read(path)?, &limits)?;
            Ok(Developed {
                format: made.format,
                width: made.width,
                height: made.height,
                frames: made.frames,
                display: spool.keep(&made.display)?,
                thumbnail: made.thumbnail,
                thumbnail_format: made.thumbnail_format,
            })
        });
        work.await.unwrap_or_else(|error| {
            // A decoder that panicked met bytes that its authors did not think of.
            tracing::error!(%error, "a picture could not be decoded");
            Err(GalleryError::Picture(PictureFault::Corrupt))
        })
    }
}
