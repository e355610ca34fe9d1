//! The rules of accounts and sessions, one use case per file.

mod change_email;
mod code_storage;
mod create;
mod edit;
mod factors;
mod forgotten;
mod invite;
mod list;
mod login;
mod new_account;
mod onboarding;
mod password;
mod pending;
mod personal_tokens;
mod profiles;
mod refresh;
mod remove;
mod sessions;
mod sign_in;
mod signup;
mod sweep;
mod verifying;

use std::{sync::Arc, time::Duration};

use kernel::{db::System, keyring::Keyring};

pub(crate) use self::{
    login::Login,
    personal_tokens::NewToken,
    profiles::avatar_tag,
    sign_in::Entry,
    signup::{SignUp, Welcome},
};
pub use self::{
    new_account::NewAccount,
    profiles::{PhoneMessages, Profiles, Resealed},
    signup::SignedUp,
};
use crate::{
    Schema,
    brake::{Brake, PostgresCounters},
    passwords::Passwords,
    ports::{Delegations, Enrolment, Memberships},
    refresh::Succession,
    settings::AccountSettings,
    tokens::Tokens,
};

/// Accounts and sessions of this instance.
pub struct Accounts {
    passwords: Passwords,
    /// Around everything that could be guessed.
    brake: Brake,
    tokens: Tokens,
    succession: Succession,
    keyring: Keyring,
    require_verified_email: bool,
    access_ttl: Duration,
    refresh_ttl: Duration,
    enrolment: Arc<dyn Enrolment>,
    memberships: Arc<dyn Memberships>,
    delegations: Arc<dyn Delegations>,
    /// The name that people find in their apps.
    issuer: String,
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
        delegations: Arc<dyn Delegations>,
        system: System<Schema>,
    ) -> Self {
        let counters = Arc::new(PostgresCounters::new(system.clone()));
        let brake = Brake::new(counters, settings.keyring.clone(), tokens.clock());
        Self {
            passwords,
            brake,
            tokens,
            succession: Succession::new(&settings.secret),
            keyring: settings.keyring.clone(),
            require_verified_email: settings.require_verified_email,
            access_ttl: settings.access_ttl,
            refresh_ttl: settings.refresh_ttl,
            enrolment,
            memberships,
            delegations,
            issuer: settings.issuer.split_once("://").map_or(settings.issuer.as_str(), |(_, host)| host).to_owned(),
            system,
        }
    }
}
