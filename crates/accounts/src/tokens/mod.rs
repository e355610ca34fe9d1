//! Access tokens of this instance: made, verified, and refused within a second of their session's end.

mod access;
mod keys;
mod revocations;

use std::{path::Path, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::JwkSet;
use kernel::{
    authority::{Caller, Credential, SignIn, TokenFault},
    cache::{CacheCounts, CacheState},
    clock::Clock,
    db::System,
    ids::{SessionId, TokenId},
    notices::NoticeHandler,
};
use moka::{notification::RemovalCause, sync::Cache};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use sha2::{Digest, Sha256};

pub use self::keys::KeyFault;
use self::{
    access::{AccessTokens, Verified},
    keys::KeyRing,
    revocations::Revocations,
};
use crate::{
    Schema,
    personal::{PersonalToken, PersonalTokens},
    ports::Delegations,
    settings::AccountSettings,
    store,
};

/// What to listen to on behalf of [`Tokens`].
pub const CHANNELS: &[&str] = &["accounts_sessions", PERSONAL];
/// Where the database tells of personal access tokens.
const PERSONAL: &str = "accounts_tokens";

/// How many verified tokens are remembered: some 10 MB.
const REMEMBERED: u64 = 100_000;
/// By how much the clocks of two instances may differ.
const SKEW: Duration = Duration::from_mins(1);

/// Issues and verifies access tokens. Clones share everything.
///
/// Register a clone with [`Databases::listen`](kernel::db::Databases::listen) on [`CHANNELS`]. While it does not
/// listen, it asks the database about the session of every token, so that no ended session lives on.
#[derive(Clone, Debug)]
pub struct Tokens(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    access: AccessTokens,
    /// Tokens that were verified, by their SHA-256: a signature is checked once.
    verified: Cache<[u8; 32], Verified>,
    counts: Arc<CacheCounts>,
    revocations: Revocations,
    personal: PersonalTokens,
    system: System<Schema>,
    clock: Clock,
    /// For how long after its end a session's tokens would still look good.
    memory: chrono::Duration,
}

impl Tokens {
    /// The tokens of an instance whose signing keys are in the folder `keys`. Makes the first key if there is none.
    pub fn open(
        settings: &AccountSettings,
        keys: &Path,
        delegations: Arc<dyn Delegations>,
        system: System<Schema>,
        clock: Clock,
    ) -> Result<Self, KeyFault> {
        let keys = KeyRing::open(keys)?;
        let memory = settings.access_ttl + SKEW;
        let counts = Arc::<CacheCounts>::default();
        let counting = Arc::clone(&counts);
        let gone = move |_: Arc<[u8; 32]>, _: Verified, cause: RemovalCause| {
            if cause.was_evicted() {
                counting.evicted();
            }
        };
        let verified = Cache::builder().max_capacity(REMEMBERED).time_to_live(settings.access_ttl);
        Ok(Self(Arc::new(Inner {
            access: AccessTokens::new(settings, keys),
            verified: verified.eviction_listener(gone).build(),
            counts,
            revocations: Revocations::new(memory),
            personal: PersonalTokens::new(delegations, system.clone(), clock.clone()),
            system,
            clock,
            memory: chrono::Duration::from_std(memory).unwrap_or(chrono::Duration::MAX),
        })))
    }

    /// Whose token this is: an access token of a session, or a personal one.
    pub async fn verify(&self, token: &str) -> Result<Caller, TokenFault> {
        if PersonalToken::is_one(token) {
            return self.0.personal.verify(token).await;
        }
        let verified = self.read(token)?;
        if verified.expires_at <= self.0.clock.now() {
            return Err(TokenFault::Expired);
        }
        // Asked first: what ends after this was read is heard of, or asked for, with the next request.
        let is_trusted = self.0.revocations.are_trusted();
        let session = verified.caller.session;
        if self.0.revocations.has(session) {
            return Err(TokenFault::Revoked);
        }
        if !is_trusted && !self.lives(session).await.map_err(|_| TokenFault::Unavailable)? {
            self.end(session);
            return Err(TokenFault::Revoked);
        }
        Ok(verified.caller.into())
    }

    fn read(&self, token: &str) -> Result<Verified, TokenFault> {
        let hash: [u8; 32] = Sha256::digest(token).into();
        let known = self.0.verified.get(&hash);
        self.0.counts.looked(known.is_some());
        if let Some(verified) = known {
            return Ok(verified);
        }
        let verified = self.0.access.read(token)?;
        self.0.verified.insert(hash, verified);
        Ok(verified)
    }

    /// What the caches of access tokens and of personal ones have done.
    pub fn caches(&self) -> [CacheState; 2] {
        self.0.verified.run_pending_tasks();
        [self.0.counts.state("access_tokens", self.0.verified.entry_count()), self.0.personal.cache()]
    }

    /// The keys by which others can verify these tokens (RFC 7517), for `/.well-known/jwks.json`.
    pub fn jwks(&self) -> &JwkSet {
        self.0.access.jwks()
    }

    async fn lives(&self, session: SessionId) -> Result<bool, DbErr> {
        store::sessions::lives(&self.0.system.db(), session).await
    }

    /// Whether what says who is calling is still good, by the database. `tx` is a transaction of this module's
    /// database, if there is one: for writes, which may come long after their token was looked at. Not locked: an end
    /// that commits in the very same moment may be the later one.
    pub async fn holds(&self, by: &Credential, tx: Option<&DatabaseTransaction>) -> Result<bool, DbErr> {
        match tx {
            Some(tx) => self.holds_in(tx, by).await,
            None => self.holds_in(&self.0.system.db(), by).await,
        }
    }

    async fn holds_in(&self, db: &impl ConnectionTrait, by: &Credential) -> Result<bool, DbErr> {
        match by {
            Credential::Session(session) => store::sessions::lives(db, *session).await,
            Credential::Token(token, _) => {
                let known = store::personal_tokens::find(db, *token).await?;
                Ok(known.is_some_and(|row| self.0.clock.now() < row.expires_at))
            }
        }
    }

    /// The clock by which they are issued.
    pub(crate) fn clock(&self) -> Clock {
        self.0.clock.clone()
    }

    /// An access token for one session.
    pub(crate) fn issue(&self, caller: SignIn, now: DateTime<Utc>) -> Result<String, jsonwebtoken::errors::Error> {
        self.0.access.issue(caller, now)
    }

    /// Refuses the tokens of a session from now on, on this instance; the others are told by the database.
    pub(crate) fn end(&self, session: SessionId) {
        self.0.revocations.add(session);
    }

    /// Refuses a personal access token from now on, on this instance.
    pub(crate) fn forget_personal(&self, token: TokenId) {
        self.0.personal.forget(token);
    }

    /// Asks the database again about every personal access token.
    pub(crate) fn forget_all_personal(&self) {
        self.0.personal.forget_all();
    }
}

impl NoticeHandler for Tokens {
    fn heard(&self, channel: &str, payload: &str) {
        if channel == PERSONAL {
            self.0.personal.heard(payload);
        } else if let Ok(session) = payload.parse() {
            self.end(session);
        } else {
            tracing::warn!("a notice of an ended session names none");
        }
    }

    /// What ended before the listening began is read now; until that is done, the database is asked about each.
    fn listening(&self) {
        self.0.personal.listening();
        let epoch = self.0.revocations.renew();
        let tokens = self.clone();
        tokio::spawn(async move { tokens.catch_up(epoch).await });
    }

    fn lost(&self) {
        self.0.personal.lost();
        self.0.revocations.renew();
    }
}

impl Tokens {
    async fn catch_up(&self, epoch: u64) {
        while self.0.revocations.is_current(epoch) {
            let since = self.0.clock.now() - self.0.memory;
            match store::sessions::ended_since(&self.0.system, since).await {
                Ok(ended) => {
                    for session in ended {
                        self.end(session);
                    }
                    self.0.revocations.trust(epoch);
                    return;
                }
                Err(error) => tracing::warn!(%error, "ended sessions not readable"),
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}
