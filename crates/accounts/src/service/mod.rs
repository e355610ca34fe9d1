//! The rules of accounts and sessions, one use case per file.

mod change_email;
mod create;
mod edit;
mod forgotten;
mod invite;
mod list;
mod login;
mod new_account;
mod password;
mod pending;
mod refresh;
mod remove;
mod sessions;
mod signup;
mod sweep;
mod verifying;

use std::{sync::Arc, time::Duration};

use kernel::{db::System, keyring::Keyring};

pub(crate) use self::signup::Welcome;
pub(crate) use self::{login::Login, signup::SignUp};
pub use self::{new_account::NewAccount, signup::SignedUp};
use crate::{
    Schema,
    passwords::Passwords,
    ports::{Enrolment, Memberships},
    refresh::Succession,
    settings::AccountSettings,
    tokens::Tokens,
};

/// Accounts and sessions of this instance.
pub struct Accounts {
    passwords: Passwords,
    tokens: Tokens,
    succession: Succession,
    keyring: Keyring,
    require_verified_email: bool,
    access_ttl: Duration,
    refresh_ttl: Duration,
    enrolment: Arc<dyn Enrolment>,
    memberships: Arc<dyn Memberships>,
    /// For what outlives the right it began by: erasing, and sweeping.
    system: System<Schema>,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accounts").field("tokens", &self.tokens).finish_non_exhaustive()
    }
}

impl Accounts {
    /// The service, with what it needs of others.
    pub fn new(
        settings: &AccountSettings,
        passwords: Passwords,
        tokens: Tokens,
        enrolment: Arc<dyn Enrolment>,
        memberships: Arc<dyn Memberships>,
        system: System<Schema>,
    ) -> Self {
        Self {
            passwords,
            tokens,
            succession: Succession::new(&settings.secret),
            keyring: settings.keyring.clone(),
            require_verified_email: settings.require_verified_email,
            access_ttl: settings.access_ttl,
            refresh_ttl: settings.refresh_ttl,
            enrolment,
            memberships,
            system,
        }
    }
}
