//! Personal access tokens of this instance: verified once, then known until they are revoked, which is heard of.

mod seen;
mod text;

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Duration, Utc};
use kernel::{
    authority::{Bounds, Caller, Credential, TokenFault},
    cache::CacheState,
    clock::Clock,
    db::System,
    ids::{TokenId, UserId},
};

use self::seen::SeenTokens;
pub(crate) use self::text::PersonalToken;
use crate::{Schema, entity::personal_token, ports::Delegations, store};

/// How often the use of a token is recorded, at most.
const RECORDED_EVERY: Duration = Duration::minutes(1);

/// What is known of a genuine token.
#[derive(Debug)]
struct Known {
    user: UserId,
    hash: Vec<u8>,
    expires_at: DateTime<Utc>,
    bounds: Arc<dyn Bounds>,
    /// When its use was last recorded, in seconds.
    recorded: AtomicI64,
}

/// Verifies personal access tokens.
pub(crate) struct PersonalTokens {
    seen: SeenTokens<Known>,
    delegations: Arc<dyn Delegations>,
    system: System<Schema>,
    clock: Clock,
}

impl std::fmt::Debug for PersonalTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonalTokens").field("seen", &self.seen).finish_non_exhaustive()
    }
}

impl PersonalTokens {
    pub(crate) fn new(delegations: Arc<dyn Delegations>, system: System<Schema>, clock: Clock) -> Self {
        Self { seen: SeenTokens::default(), delegations, system, clock }
    }

    /// Whose token this is, and what it leaves of what they hold. Costs a statement for one not seen before.
    pub(crate) async fn verify(&self, presented: &str) -> Result<Caller, TokenFault> {
        let token = PersonalToken::parse(presented).ok_or(TokenFault::Invalid)?;
        let known = match self.seen.get(token.id()) {
            Some(known) => known,
            None => self.read(token.id()).await?,
        };
        if !token.matches(&known.hash) {
            return Err(TokenFault::Invalid);
        }
        let now = self.clock.now();
        if known.expires_at <= now {
            return Err(TokenFault::Expired);
        }
        self.record_use(token.id(), &known, now);
        Ok(Caller { user: known.user, by: Credential::Token(token.id(), Arc::clone(&known.bounds)) })
    }

    async fn read(&self, id: TokenId) -> Result<Arc<Known>, TokenFault> {
        let ticket = self.seen.ticket();
        let row = store::personal_tokens::find(&self.system.db(), id).await.map_err(|_| TokenFault::Unavailable)?;
        let known = Arc::new(self.known(row.ok_or(TokenFault::Revoked)?));
        if let Some(ticket) = ticket {
            self.seen.keep(ticket, id, &known);
        }
        Ok(known)
    }

    fn known(&self, row: personal_token::Model) -> Known {
        Known {
            user: row.user_id,
            hash: row.token_hash,
            expires_at: row.expires_at,
            bounds: self.delegations.bounds(row.workspace_id, &row.permissions),
            recorded: AtomicI64::new(row.last_used_at.map_or(i64::MIN, |at| at.timestamp())),
        }
    }

    /// Records the use beside the request, which doesn't wait for it. Once a minute is exact enough for people.
    fn record_use(&self, id: TokenId, known: &Known, now: DateTime<Utc>) {
        let (before, since) = (known.recorded.load(Ordering::Relaxed), now - RECORDED_EVERY);
        if before > since.timestamp() {
            return;
        }
        let turn = known.recorded.compare_exchange(before, now.timestamp(), Ordering::Relaxed, Ordering::Relaxed);
        if turn.is_err() {
            return;
        }
        let system = self.system.clone();
        tokio::spawn(async move {
            if let Err(error) = store::personal_tokens::record_use(&system, id, now, since).await {
                tracing::debug!(%error, "the use of a token was not recorded");
            }
        });
    }

    /// What the cache of tokens has done.
    pub(crate) fn cache(&self) -> CacheState {
        self.seen.counted()
    }

    /// Hears what the database tells: a token is gone, or all of somebody's are.
    pub(crate) fn heard(&self, payload: &str) {
        match payload.strip_prefix("token:").and_then(|id| id.parse().ok()) {
            Some(token) => self.seen.forget(token),
            None => self.seen.forget_all(),
        }
    }

    /// From now on what goes is told.
    pub(crate) fn listening(&self) {
        self.seen.trust();
    }

    /// From now on it may not be.
    pub(crate) fn lost(&self) {
        self.seen.distrust();
    }

    /// Forgets one that is gone; for this instance's own writes, before they are answered.
    pub(crate) fn forget(&self, token: TokenId) {
        self.seen.forget(token);
    }

    /// Forgets all, because somebody's account is disabled or gone, which is rare.
    pub(crate) fn forget_all(&self) {
        self.seen.forget_all();
    }
}
