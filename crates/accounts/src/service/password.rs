//! Changing one's own password.

use kernel::{facts::RequestFacts, guard::Permit, http::etag_of, outbox::Event};
use secrecy::{ExposeSecret, SecretString};

use super::{Accounts, sessions::end_sessions};
use crate::{
    actions::ChangePassword,
    brake::Kind,
    entity::user::{self, PasswordHash},
    error::AccountsError,
    events,
    proof::Purpose,
    rules::check_password,
    store::{self, sessions::Ending},
};

impl Accounts {
    /// Whether somebody who is signed in knows their password. Guesses are slowed down: 429 `slow_down`.
    pub(super) async fn knows_password(
        &self,
        me: &user::Model,
        password: &SecretString,
        facts: &RequestFacts,
    ) -> Result<bool, AccountsError> {
        let attempt = self.brake.attempt(Kind::CurrentPassword, &me.id.to_string(), facts).await?;
        let known = me.password_hash.as_ref().map(|hash| hash.0.as_str());
        match self.passwords.verify(password, known).await {
            Ok(true) => attempt.succeeded().await.map(|()| true),
            Ok(false) => {
                attempt.failed();
                Ok(false)
            }
            // Nobody looked at it.
            Err(fault) => {
                attempt.succeeded().await?;
                Err(fault.into())
            }
        }
    }

    /// Replaces the caller's password, if they know the current one, and ends their other sessions: whoever may have
    /// learnt the old password is out.
    pub(crate) async fn change_password(
        &self,
        permit: &Permit<ChangePassword>,
        current: &SecretString,
        new: &SecretString,
    ) -> Result<(), AccountsError> {
        let me = &permit.target().0;
        if !self.knows_password(me, current, permit.facts()).await? {
            return Err(AccountsError::WrongPassword);
        }
        let identities = [Some(me.email.as_str()), me.username.as_deref()];
        let identities: Vec<_> = identities.into_iter().flatten().collect();
        check_password(new.expose_secret(), &identities)
            .map_err(|fault| AccountsError::Password { pointer: "/new_password", fault })?;
        let hash = PasswordHash(self.passwords.hash(new).await?);

        let (caller, now) = (permit.session(), permit.now());
        let tx = permit.begin().await?;
        let mut row = store::users::lock(&tx, me.id).await?.ok_or(AccountsError::Gone)?;
        tx.check_version(&etag_of(row.version))?;
        if row.password_hash != me.password_hash {
            return Err(AccountsError::WrongPassword);
        }
        row.password_hash = Some(hash);
        let row = store::users::update(&tx, row, now).await?;
        // Whoever learnt the old one may have asked for another address, too.
        let asked = [Purpose::EmailChange, Purpose::PasswordReset, Purpose::PasswordSetup];
        store::proofs::end_all(&tx, row.id, asked, now).await?;
        let ended = end_sessions(&tx, Ending::OthersThan(caller.user, caller.session), "password_changed").await?;
        tx.announce(Event::new(events::PASSWORD_CHANGED, events::USER, row.id.0, now)).await?;
        tx.commit().await?;
        self.forget(&ended);
        Ok(())
    }
}
