//! Signing in with a password. Unknown, wrong and disabled are answered alike, after the same work.

use kernel::guard::{Permit, Public};
use secrecy::SecretString;

use super::{Accounts, sign_in::Entry};
use crate::{
    Schema,
    brake::Kind,
    dto::AccountStatus,
    error::AccountsError,
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
    /// Lets in who knows the password, or asks them for their second factor.
    pub(crate) async fn log_in(&self, permit: &Permit<Public<Schema>>, login: Login) -> Result<Entry, AccountsError> {
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
        // Told to who knows the password, and to nobody else.
        if self.require_verified_email && row.email_verified_at.is_none() {
            attempt.succeeded().await?;
            return Err(AccountsError::EmailUnverified);
        }

        let tx = permit.begin().await?;
        // A change of the password or the status ends the sessions that it finds, so it must find this one.
        if !store::users::still_signs_in(&tx, &row).await? {
            return Err(AccountsError::WrongCredentials);
        }
        let entry = self.enter(&tx, &row).await?;
        tx.commit().await?;
        // Only who is in is known by their device: the second factor may still be missing.
        Ok(match entry {
            Entry::In(tokens) => {
                Entry::In(tokens.on_device(&attempt.signed_in(row.id, &row.names(), permit.facts()).await?))
            }
            asked @ Entry::Asked(_) => {
                attempt.succeeded().await?;
                asked
            }
        })
    }
}
