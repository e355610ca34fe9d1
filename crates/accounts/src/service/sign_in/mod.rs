//! The one place where a session begins. Whoever has proven their first factor, by whatever way, goes through
//! [`Accounts::enter`]: where there is a second factor it gives no session but the question for it.

mod second_factor;

use chrono::{DateTime, Duration, Utc};
use kernel::{
    authority::SignIn,
    facts::RequestFacts,
    guard::{Public, Tx},
    ids::{SessionId, UserId, uuid_v7},
    outbox::Event,
};
use sha2::{Digest, Sha256};

use super::Accounts;
use crate::{
    Schema, device,
    dto::{MfaChallenge, TokensView},
    entity::{mfa_challenge, session, user},
    error::AccountsError,
    events,
    refresh::RefreshToken,
    store,
};

/// How long somebody has to find their second factor.
const CHALLENGE_LASTS: Duration = Duration::minutes(5);
/// For what the token of a challenge is derived.
const CHALLENGE: &str = "mfa";

/// What somebody gets who has proven their first factor.
#[derive(Debug)]
pub(crate) enum Entry {
    /// A session.
    In(TokensView),
    /// The question for their second factor.
    Asked(MfaChallenge),
}

/// Somebody who has proven all that their account asks for. Only this module can say so.
struct Proven(UserId);

impl Accounts {
    /// Goes on where somebody has proven their first factor. The account is locked by the transaction, so that a
    /// second factor that is just being enabled is seen here, or sees the session.
    pub(super) async fn enter(&self, tx: &Tx<'_, Public<Schema>>, row: &user::Model) -> Result<Entry, AccountsError> {
        if store::factors::confirmed(tx, row.id).await?.is_none() {
            return Ok(Entry::In(self.begin_session(tx, Proven(row.id)).await?));
        }
        let now = tx.permit().now();
        let id = uuid_v7(now);
        let challenge = mfa_challenge::Model {
            id,
            user_id: row.id,
            password_mark: password_mark(row),
            tries: 0,
            created_at: now,
            expires_at: now + CHALLENGE_LASTS,
        };
        store::challenges::insert(tx, challenge).await?;
        let expires_in = CHALLENGE_LASTS.num_seconds().unsigned_abs();
        Ok(Entry::Asked(MfaChallenge { mfa_required: true, mfa_token: self.keyring.token(CHALLENGE, id), expires_in }))
    }

    /// Lets in whose account the transaction made, commits it, and makes their device a known one.
    pub(super) async fn enter_as_new(
        &self,
        tx: Tx<'_, Public<Schema>>,
        row: &user::Model,
        facts: &RequestFacts,
    ) -> Result<TokensView, AccountsError> {
        // An account that was made just now has no second factor.
        let Entry::In(tokens) = self.enter(&tx, row).await? else { return Err(AccountsError::Gone) };
        tx.commit().await?;
        let device = self.brake.welcome(row.id, &row.names(), facts).await?;
        Ok(tokens.on_device(&device))
    }

    /// Begins a session, and tells of it.
    async fn begin_session(
        &self,
        tx: &Tx<'_, Public<Schema>>,
        Proven(user): Proven,
    ) -> Result<TokensView, AccountsError> {
        let (now, facts) = (tx.permit().now(), tx.permit().facts());
        let row = session::Model {
            id: SessionId::new(now),
            user_id: user,
            user_agent: facts.user_agent.clone(),
            address: facts.address.clone(),
            created_at: now,
            last_used_at: now,
            expires_at: now + self.refresh_ttl,
            revoked_at: None,
        };
        let refresh = RefreshToken::random(uuid_v7(now));
        store::sessions::insert(tx, &row).await?;
        store::refresh_tokens::insert(tx, &refresh, row.id, now).await?;
        let place =
            format!("{user}\n{}\n{}", device::kind(row.user_agent.as_deref()), device::network(row.address.as_deref()));
        let marks = self.keyring.marks("device", place.as_bytes());
        let mut event = Event::new(events::SIGNED_IN, events::SESSION, row.id.0, now);
        if store::places::see(tx, user, marks, now).await? {
            event = event.fact("new_device", true);
        }
        event.actor_id = Some(user);
        tx.announce(event).await?;
        self.pair(SignIn { user, session: row.id }, &refresh, now)
    }

    /// The tokens of a session as the client gets them.
    pub(super) fn pair(
        &self,
        who: SignIn,
        refresh: &RefreshToken,
        now: DateTime<Utc>,
    ) -> Result<TokensView, AccountsError> {
        Ok(TokensView {
            access_token: self.tokens.issue(who, now)?,
            refresh_token: refresh.reveal(),
            token_type: "Bearer".to_owned(),
            expires_in: self.access_ttl.as_secs(),
            device_token: None,
        })
    }
}

/// By what a challenge knows again the password that it began with.
fn password_mark(row: &user::Model) -> Vec<u8> {
    let hash = row.password_hash.as_ref().map_or("", |hash| hash.0.as_str());
    Sha256::digest(hash).to_vec()
}
