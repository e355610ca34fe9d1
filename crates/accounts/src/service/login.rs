//! Signing in. Unknown, wrong and disabled are answered alike, after the same work.

use kernel::{
    authority::Caller,
    guard::{Permit, Public, Tx},
    ids::{SessionId, UserId},
    outbox::Event,
};
use secrecy::SecretString;

use super::Accounts;
use crate::{
    Schema, device,
    dto::{AccountStatus, TokensView},
    entity::session,
    error::AccountsError,
    events,
    refresh::RefreshToken,
    store::{self, users::LoginName},
};

/// Who says that they are someone.
pub(crate) struct Login {
    pub(crate) name: LoginName,
    pub(crate) password: SecretString,
}

impl Accounts {
    /// Begins a session for who knows the password.
    pub(crate) async fn log_in(
        &self,
        permit: &Permit<Public<Schema>>,
        login: Login,
    ) -> Result<TokensView, AccountsError> {
        let found = store::users::by_login(permit, login.name).await?;
        let known = found.as_ref().and_then(|row| row.password_hash.as_ref()).map(|hash| hash.0.as_str());
        let is_right = self.passwords.verify(&login.password, known).await?;
        let row = found.filter(|row| is_right && row.status == AccountStatus::Active);
        let row = row.ok_or(AccountsError::WrongCredentials)?;
        // Told to who knows the password, and to nobody else.
        if self.require_verified_email && row.email_verified_at.is_none() {
            return Err(AccountsError::EmailUnverified);
        }

        let tx = permit.begin().await?;
        // A change of the password or the status ends the sessions that it finds, so it must find this one.
        if !store::users::still_signs_in(&tx, &row).await? {
            return Err(AccountsError::WrongCredentials);
        }
        let tokens = self.begin_session(&tx, row.id).await?;
        tx.commit().await?;
        Ok(tokens)
    }

    /// Begins a session of `user`, and tells of it.
    pub(super) async fn begin_session(
        &self,
        tx: &Tx<'_, Public<Schema>>,
        user: UserId,
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
        let refresh = RefreshToken::random(kernel::ids::uuid_v7(now));
        store::sessions::insert(tx, &row).await?;
        store::refresh_tokens::insert(tx, &refresh, row.id, now).await?;
        let place =
            format!("{user}\n{}\n{}", device::kind(row.user_agent.as_deref()), device::network(row.address.as_deref()));
        let marks = self.keyring.marks("device", place.as_bytes());
        let is_news = store::devices::see(tx, user, marks, now).await?;
        let mut event = Event::new(events::SIGNED_IN, events::SESSION, row.id.0, now);
        if is_news {
            event = event.fact("new_device", true);
        }
        event.actor_id = Some(user);
        tx.announce(event).await?;
        self.pair(Caller { user, session: row.id }, &refresh, now)
    }

    /// The tokens of a session as the client gets them.
    pub(super) fn pair(
        &self,
        caller: Caller,
        refresh: &RefreshToken,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<TokensView, AccountsError> {
        Ok(TokensView {
            access_token: self.tokens.issue(caller, now)?,
            refresh_token: refresh.reveal(),
            token_type: "Bearer".to_owned(),
            expires_in: self.access_ttl.as_secs(),
        })
    }
}
