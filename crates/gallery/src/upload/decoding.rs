//! The threads in which pictures are decoded: as many as there are cores, of their own and of low priority, so that
//! neither memory nor the latency of other requests depends on how many people upload.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, Mutex, PoisonError, mpsc},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, oneshot},
    time::timeout,
};

use super::{Spool, Spooled};
use crate::{
    error::GalleryError,
    picture::{Format, Limits, PictureFault, develop},
};

/// How long an upload waits for its turn.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much the threads give way to others (`nice`).
#[cfg(target_os = "linux")]
const MODESTY: i32 = 10;

/// The renditions of one upload.
#[derive(Debug)]
pub(crate) struct Developed {
    pub(crate) format: Format,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) frames: u32,
    /// On disk: it is about as large as the upload.
    pub(crate) display: Spooled,
    /// On disk, too: uploads may wait long for the object store, and many at a time.
    pub(crate) large: Spooled,
    pub(crate) large_webp: Spooled,
    /// A few kilobytes.
    pub(crate) small: Vec<u8>,
    pub(crate) small_webp: Vec<u8>,
    /// Of `large` and `small`.
    pub(crate) plain_format: Format,
    pub(crate) thumbhash: Vec<u8>,
}

type Job = Box<dyn FnOnce() + Send>;

/// The pool. Its threads end when nobody holds it any more.
#[derive(Clone, Debug)]
pub(crate) struct DecodePool {
    places: Arc<Semaphore>,
    jobs: mpsc::Sender<Job>,
    spool: Arc<Spool>,
    limits: Limits,
}

impl DecodePool {
    pub(crate) fn start(parallelism: usize, spool: Arc<Spool>, limits: Limits) -> io::Result<Self> {
        let (jobs, waiting) = mpsc::channel::<Job>();
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 0..parallelism.max(1) {
            let waiting = Arc::clone(&waiting);
            std::thread::Builder::new().name(format!("pictures-{number}")).spawn(move || work(&waiting))?;
        }
        Ok(Self { places: Arc::new(Semaphore::new(parallelism.max(1))), jobs, spool, limits })
    }

    /// Checks a file and makes its renditions. The decoders need the whole file in memory: at most one a thread.
    pub(crate) async fn develop(&self, file: &Spooled) -> Result<Developed, GalleryError> {
        if file.length() == 0 {
            return Err(GalleryError::FileEmpty);
        }
        let waited = timeout(PATIENCE, Arc::clone(&self.places).acquire_owned()).await;
        let Ok(Ok(place)) = waited else { return Err(GalleryError::Busy) };
        let (spool, limits, path) = (Arc::clone(&self.spool), self.limits, file.path().to_owned());
        let (done, made) = oneshot::channel();
        let job: Job = Box::new(move || {
            // Held until the work is done, also when its request is gone.
            let _place = place;
            // Nobody waits for it any more where its request is gone.
            let _ = done.send(developed(&path, &spool, &limits));
        });
        self.jobs.send(job).map_err(|_| GalleryError::Busy)?;
        // A decoder that panicked met bytes that its authors did not think of.
        made.await.unwrap_or(Err(GalleryError::Picture(PictureFault::Corrupt)))
    }
}

/// What a thread does until the pool is gone.
fn work(waiting: &Mutex<mpsc::Receiver<Job>>) {
    // On other systems it would slow the whole process.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(MODESTY) {
        tracing::debug!(%error, "pictures are decoded as fast as everything else runs");
    }
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        if catch_unwind(AssertUnwindSafe(job)).is_err() {
            tracing::error!("a picture could not be decoded: the decoder panicked");
        }
    }
}

fn developed(path: &Path, spool: &Spool, limits: &Limits) -> Result<Developed, GalleryError> {
    let made = develop(&std::fs::read(path)?, limits)?;
    Ok(Developed {
        format: made.format,
        width: made.width,
        height: made.height,
        frames: made.frames,
        display: spool.keep(&made.display)?,
        large: spool.keep(&made.large.plain)?,
        large_webp: spool.keep(&made.large.webp)?,
        small: made.small.plain,
        small_webp: made.small.webp,
        plain_format: made.plain_format,
        thumbhash: made.thumbhash,
    })
}
