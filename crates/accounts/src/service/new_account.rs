//! What it takes to make an account, whoever makes it.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use kernel::{
    ids::{UserId, WorkspaceId},
    problem::Problem,
};
use secrecy::{ExposeSecret, SecretString};
use validator::ValidationError;

use crate::{
    dto::AccountStatus,
    entity::user::{self, PasswordHash},
    error::AccountsError,
    passwords::Passwords,
    rules::{check_email, check_name, check_password, check_username, email_key, trimmed, username_key},
};

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The e-mail address.
    pub email: String,
    /// The password; without one nobody signs in until one is set.
    pub password: Option<SecretString>,
    /// The name they go by.
    pub username: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// The workspace that makes it.
    pub created_via: Option<WorkspaceId>,
}

impl NewAccount {
    /// The row to insert, if every rule is kept. Takes the time of a hash.
    pub(crate) async fn prepare(self, passwords: &Passwords, now: DateTime<Utc>) -> Result<user::Model, AccountsError> {
        self.check()?;
        let password_hash = match &self.password {
            Some(password) => Some(PasswordHash(passwords.hash(password).await?)),
            None => None,
        };
        Ok(user::Model {
            id: UserId::new(now),
            email: trimmed(&self.email),
            email_key: email_key(&self.email),
            username: self.username.as_deref().map(username_key),
            first_name: self.first_name.as_deref().map(trimmed),
            last_name: self.last_name.as_deref().map(trimmed),
            password_hash,
            status: AccountStatus::Active,
            disabled_by: None,
            email_verified_at: None,
            created_via: self.created_via,
            version: 1,
            created_at: now,
            updated_at: now,
        })
    }

    fn check(&self) -> Result<(), AccountsError> {
        let optional = |text: &Option<String>, rule: fn(&str) -> _| text.as_deref().map_or(Ok(()), rule);
        let rules = [
            ("/email", check_email(&self.email)),
            ("/username", optional(&self.username, check_username)),
            ("/first_name", optional(&self.first_name, check_name)),
            ("/last_name", optional(&self.last_name, check_name)),
        ];
        for (pointer, kept) in rules {
            kept.map_err(|error| broken_rule(pointer, error))?;
        }
        let Some(password) = &self.password else { return Ok(()) };
        let identities = [Some(self.email.as_str()), self.username.as_deref()];
        let identities: Vec<_> = identities.into_iter().flatten().collect();
        check_password(password.expose_secret(), &identities)
            .map_err(|fault| AccountsError::Password { pointer: "/password", fault })
    }
}

fn broken_rule(pointer: &str, error: ValidationError) -> Problem {
    let detail = error.message.map_or_else(|| "It is not valid.".to_owned(), Cow::into_owned);
    Problem::invalid_field(pointer, error.code, detail)
}
