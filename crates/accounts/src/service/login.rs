//! Signing in with a password. Unknown, wrong and disabled are answered alike, after the same work.

use kernel::guard::{Permit, Public};
use secrecy::SecretString;

use super::{Accounts, sign_in::Entry};
use crate::{
    Schema,
    dto::AccountStatus,
    error::AccountsError,
    store::{self, users::LoginName},
};

/// Who says that they are someone.
pub(crate) struct Login {
    pub(crate) name: LoginName,
    pub(crate) password: SecretString,
}

impl Accounts {
    /// Lets in who knows the password, or asks them for their second factor.
    pub(crate) async fn log_in(&self, permit: &Permit<Public<Schema>>, login: Login) -> Result<Entry, AccountsError> {
        let found = store::users::by_login(permit, login.name).await?;
        let known = found.as_ref().and_then(|row| row.password_hash.as_ref()).map(|hash| hash.0.as_str());
        let is_right = self.passwords.verify(&login.password, known).await?;
        let row = found.filter(|row| is_right && row.status == AccountStatus::Active);
        let row = row.ok_or(AccountsError::WrongCredentials)?;

        let tx = permit.begin().await?;
        // A change of the password or the status ends the sessions that it finds, so it must find this one.
        if !store::users::still_signs_in(&tx, &row).await? {
            return Err(AccountsError::WrongCredentials);
        }
        let entry = self.enter(&tx, &row).await?;
        tx.commit().await?;
        Ok(entry)
    }
}
