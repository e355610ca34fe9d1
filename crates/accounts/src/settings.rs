//! What an operator may set about accounts.

use std::time::Duration;

use kernel::keyring::Keyring;
use secrecy::SecretString;

/// The settings of accounts.
#[derive(Clone, Debug)]
pub struct AccountSettings {
    /// The `iss` of access tokens: the address of this server.
    pub issuer: String,
    /// The `aud` of access tokens: for whom they are.
    pub audience: String,
    /// How long an access token is good.
    pub access_ttl: Duration,
    /// How long a session lasts without being refreshed.
    pub refresh_ttl: Duration,
    /// How many passwords are hashed at once; as many as there are cores if not set.
    pub hash_parallelism: Option<usize>,
    /// How many more may wait for that; beyond it the answer is 503.
    pub hash_queue: usize,
    /// Whether nobody signs in who has not proven their e-mail address.
    pub require_verified_email: bool,
    /// From which refresh tokens derive their successors. All instances share it.
    pub secret: SecretString,
    /// Derives codes and links that are sent to people, and seals private fields.
    pub keyring: Keyring,
}
