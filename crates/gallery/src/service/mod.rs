//! The gallery's rules and transactions, one use case per file.

mod admission;
mod album_images;
mod albums;
mod approval;
mod bulk;
mod claiming;
mod content;
mod editing;
mod linking;
mod listing;
mod quota;
mod removal;
mod reporting;
mod settings;
mod social;
mod tagging;
mod uploading;

use std::{io, sync::Arc};

use kernel::{clock::Clock, db::System, keyring::Keyring, media::Media};
use tokio::sync::Semaphore;

pub(crate) use admission::{Admission, Facts};
pub(crate) use content::{Asked, Content};
pub(crate) use linking::Shared;
pub(crate) use removal::deleted;
pub(crate) use uploading::uploaded;

use crate::{
    GallerySettings, Keeping, Schema,
    ports::Premises,
    storage::Pictures,
    upload::{DecodePool, Spool},
};

/// The gallery, registered as `web::Data<Images>`. Cheap to clone.
#[derive(Clone)]
pub struct Images {
    pictures: Pictures,
    spool: Arc<Spool>,
    decoders: DecodePool,
    /// Uploads that are put into the store at a time.
    storing: Arc<Semaphore>,
    /// Uploads that are at their content's lock at a time.
    entering: Arc<Semaphore>,
    premises: Arc<dyn Premises>,
    keyring: Keyring,
    /// Where the web server in front finds the objects, if it is to send them.
    accel: Option<Arc<str>>,
    /// Who cleans up behind requests that ended.
    system: System<Schema>,
    clock: Clock,
}

/// Uploads that are put into the store at a time.
const STORED_AT_ONCE: usize = 8;
/// Connections that content's locks may take, those who wait for one included: the others wait without a connection.
const ENTERING_AT_ONCE: usize = 4;

impl std::fmt::Debug for Images {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Images").field("spool", &self.spool).finish_non_exhaustive()
    }
}

impl Images {
    /// The gallery with its bytes in `media`. Makes the spool folder, and clears it of leftovers.
    pub fn new(
        media: Media,
        premises: Arc<dyn Premises>,
        keyring: Keyring,
        system: System<Schema>,
        clock: Clock,
        settings: GallerySettings,
    ) -> io::Result<Self> {
        let limits = settings.limits();
        let spool = Arc::new(Spool::open(settings.spool, settings.max_bytes, clock.now())?);
        let decoders = DecodePool::start(settings.decode_parallelism, Arc::clone(&spool), limits)?;
        Ok(Self {
            pictures: Pictures::new(media),
            spool,
            decoders,
            storing: Arc::new(Semaphore::new(STORED_AT_ONCE)),
            entering: Arc::new(Semaphore::new(ENTERING_AT_ONCE)),
            premises,
            keyring,
            accel: settings.accel.map(Arc::from),
            system,
            clock,
        })
    }

    /// What looks after the objects.
    pub fn keeping(&self) -> Keeping {
        Keeping::new(self.pictures.clone(), self.system.clone(), self.clock.clone())
    }

    pub(crate) fn spool(&self) -> &Spool {
        &self.spool
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }
}
