//! Refreshing: every token is good once, and presenting one again later ends the session it was stolen from
//! (RFC 9700 section 4.14.2).

use chrono::{DateTime, Utc};
use kernel::{
    authority::SignIn,
    guard::{Permit, Public, Tx},
    outbox::Event,
};
use secrecy::{ExposeSecret, SecretString};

use super::Accounts;
use crate::{
    Schema,
    dto::TokensView,
    entity::{refresh_token, session},
    error::AccountsError,
    events,
    refresh::{RefreshToken, Worth},
    store::{self, sessions::Ending},
};

impl Accounts {
    /// The next pair of tokens for a refresh token.
    pub(crate) async fn refresh(
        &self,
        permit: &Permit<Public<Schema>>,
        presented: &SecretString,
    ) -> Result<TokensView, AccountsError> {
        let token = RefreshToken::parse(presented.expose_secret()).ok_or(AccountsError::InvalidRefreshToken)?;
        let now = permit.now();
        let tx = permit.begin().await?;
        let (kept, session) = find(&tx, &token, now).await?;
        if !store::users::is_active(&tx, session.user_id).await? {
            return Err(AccountsError::InvalidRefreshToken);
        }
        let caller = SignIn { user: session.user_id, session: session.id };

        let successor = match Worth::of(kept.replaced_at.zip(kept.successor_id), now) {
            Worth::Current => self.rotate(&tx, &token, kept, session).await?,
            Worth::Again(id) => self.succession.successor(&token, id),
            Worth::Stolen => {
                self.end_stolen(tx, caller, now).await?;
                return Err(AccountsError::InvalidRefreshToken);
            }
        };
        let pair = self.pair(caller, &successor, now)?;
        tx.commit().await?;
        Ok(pair)
    }

    /// Replaces the session's current token, and prolongs the session.
    async fn rotate(
        &self,
        tx: &Tx<'_, Public<Schema>>,
        token: &RefreshToken,
        kept: refresh_token::Model,
        session: session::Model,
    ) -> Result<RefreshToken, AccountsError> {
        let (now, facts) = (tx.permit().now(), tx.permit().facts());
        let successor = self.succession.successor(token, kernel::ids::uuid_v7(now));
        store::refresh_tokens::insert(tx, &successor, session.id, now).await?;
        store::refresh_tokens::replace(tx, kept, successor.id(), now).await?;
        let session = session::Model {
            last_used_at: now,
            expires_at: now + self.refresh_ttl,
            user_agent: facts.user_agent.clone().or(session.user_agent),
            address: facts.address.clone().or(session.address),
            ..session
        };
        store::sessions::update(tx, session).await?;
        Ok(successor)
    }

    /// Ends a session of whose token there is a copy: nobody can tell the owner from the thief.
    async fn end_stolen(
        &self,
        tx: Tx<'_, Public<Schema>>,
        caller: SignIn,
        now: DateTime<Utc>,
    ) -> Result<(), AccountsError> {
        store::sessions::end(&tx, Ending::One(caller.user, caller.session), now).await?;
        let event = Event::new(events::SESSION_ENDED, events::SESSION, caller.session.0, now);
        tx.announce(event.fact("reason", "token_reused")).await?;
        tx.commit().await?;
        self.tokens.end(caller.session);
        tracing::warn!(session = %caller.session, "a used refresh token was presented again: session ended");
        Ok(())
    }
}

/// The token's row and its living session, both locked until the transaction ends: the token first, then the session.
async fn find(
    tx: &Tx<'_, Public<Schema>>,
    token: &RefreshToken,
    now: DateTime<Utc>,
) -> Result<(refresh_token::Model, session::Model), AccountsError> {
    let kept = store::refresh_tokens::lock(tx, token.id()).await?;
    let kept = kept.filter(|row| token.matches(&row.token_hash)).ok_or(AccountsError::InvalidRefreshToken)?;
    let session = store::sessions::lock(tx, kept.session_id).await?;
    let session = session.filter(|row| row.revoked_at.is_none() && now < row.expires_at);
    Ok((kept, session.ok_or(AccountsError::InvalidRefreshToken)?))
}
