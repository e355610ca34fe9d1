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
    Schema,
    brake::Kind,
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
    /// The token of the device, if it has one.
    pub(crate) device: Option<SecretString>,
}

impl Accounts {
    /// Begins a session for who knows the password.
    pub(crate) async fn log_in(
        &self,
        permit: &Permit<Public<Schema>>,
        login: Login,
    ) -> Result<TokensView, AccountsError> {
        // Asked before anything is known, so that whether there is an account makes no difference.
        let attempt =
            self.brake.attempt_with(Kind::SignIn, login.name.as_str(), permit.facts(), login.device.as_ref()).await?;
        let found = store::users::by_login(permit, login.name).await?;
        let known = found.as_ref().and_then(|row| row.password_hash.as_ref()).map(|hash| hash.0.as_str());
        let is_right = match self.passwords.verify(&login.password, known).await {
            Ok(is_right) => is_right,
            // Nobody looked at it.
            Err(fault) => {
                attempt.succeeded().await?;
                return Err(fault.into());
            }
        };
        let Some(row) = found.filter(|row| is_right && row.status == AccountStatus::Active) else {
            attempt.failed();
            return Err(AccountsError::WrongCredentials);
        };
        let device = attempt.signed_in(row.id, &row.names(), permit.facts()).await?;

        let tx = permit.begin().await?;
        // A change of the password or the status ends the sessions that it finds, so it must find this one.
        if !store::users::still_signs_in(&tx, &row).await? {
            return Err(AccountsError::WrongCredentials);
        }
        let tokens = self.begin_session(&tx, row.id).await?;
        tx.commit().await?;
        Ok(tokens.on_device(&device))
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
        let mut event = Event::new(events::SIGNED_IN, events::SESSION, row.id.0, now);
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
            device_token: None,
        })
    }
}
