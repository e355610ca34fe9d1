//! The rules of profiles: who one is, how one looks, where one is reached.

mod avatar;
mod changes;
mod edit;
mod erased;
mod messages;
mod phone;
mod reseal;
mod view;

use std::{fmt, sync::Arc};

use kernel::{db::System, keyring::Keyring, media::Media};
use tokio::sync::Semaphore;

pub(crate) use self::avatar::avatar_tag;
pub use self::{messages::PhoneMessages, reseal::Resealed};
use crate::{Schema, ports::phone_codes::CodeStorage};

/// Profiles of this instance.
pub struct Profiles {
    keyring: Keyring,
    media: Media,
    codes: CodeStorage,
    /// For what no request asks for: sealing anew, and sweeping.
    system: System<Schema>,
    /// Pictures that are looked at at the same time.
    places: Arc<Semaphore>,
}

impl fmt::Debug for Profiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profiles").field("codes", &self.codes).finish_non_exhaustive()
    }
}

impl Profiles {
    /// The service, with what it needs of others.
    pub fn new(keyring: Keyring, media: Media, codes: CodeStorage, system: System<Schema>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { keyring, media, codes, system, places: Arc::new(Semaphore::new(cores)) }
    }
}
