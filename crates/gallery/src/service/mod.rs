//! The gallery's rules and transactions, one use case per file.

mod admission;
mod approval;
mod bulk;
mod claiming;
mod content;
mod editing;
mod listing;
mod removal;
mod reporting;
mod settings;
mod social;
mod tagging;
mod uploading;

use std::{io, sync::Arc};

use kernel::{clock::Clock, db::System, media::Media};

pub(crate) use admission::{Admission, Facts};
pub(crate) use content::Content;
pub(crate) use removal::deleted;
pub(crate) use uploading::uploaded;

use crate::{
    GallerySettings, Schema,
    storage::Pictures,
    upload::{DecodePool, Spool},
};

/// The gallery, registered as `web::Data<Images>`. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Images {
    pictures: Pictures,
    spool: Arc<Spool>,
    decoders: DecodePool,
    /// Who cleans up behind requests that ended.
    system: System<Schema>,
    clock: Clock,
}

impl Images {
    /// The gallery with its bytes in `media`. Makes the spool folder, and clears it of leftovers.
    pub fn new(media: Media, system: System<Schema>, clock: Clock, settings: GallerySettings) -> io::Result<Self> {
        let limits = settings.limits();
        let spool = Arc::new(Spool::open(settings.spool, settings.max_bytes, clock.now())?);
        let decoders = DecodePool::new(settings.decode_parallelism, Arc::clone(&spool), limits);
        Ok(Self { pictures: Pictures::new(media), spool, decoders, system, clock })
    }

    pub(crate) fn spool(&self) -> &Spool {
        &self.spool
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }
}
