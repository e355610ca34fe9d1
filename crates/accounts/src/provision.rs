//! Accounts made without a request: by the seeder and the command line.

use chrono::{DateTime, Utc};
use kernel::{db::System, ids::UserId, outbox::Event};

pub use crate::service::NewAccount;
use crate::{
    Schema,
    entity::user,
    error::AccountsError,
    events,
    passwords::Passwords,
    rules::email_key,
    store::{factors, people, users},
};

/// An account that is there now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ensured {
    /// Whose.
    pub id: UserId,
    /// Whether it was made just now.
    pub is_new: bool,
}

/// Removes the second factor of somebody who has lost it, by an operator's hand; answers whether there was one. None if
/// there is no such account.
pub async fn reset_second_factor(
    system: &System<Schema>,
    email: &str,
    now: DateTime<Utc>,
) -> Result<Option<bool>, AccountsError> {
    let Some(known) = people::by_email(system, &email_key(email)).await? else { return Ok(None) };
    let tx = system.begin().await?;
    let was_there = factors::hold_account(&tx, known.id).await? && factors::remove(&tx, known.id).await?;
    if was_there {
        let event = Event::new(events::MFA_DISABLED, events::USER, known.id.0, now);
        tx.announce(event.fact("reason", "reset")).await?;
    }
    tx.commit().await?;
    Ok(Some(was_there))
}

/// Makes the account unless there is one with its e-mail address, which is left as it is.
pub async fn ensure_user(
    system: &System<Schema>,
    passwords: &Passwords,
    account: NewAccount,
    now: DateTime<Utc>,
) -> Result<Ensured, AccountsError> {
    let key = email_key(&account.email);
    // Asked first for the sake of the hash that it may save; the insertion asks again.
    if let Some(known) = people::by_email(system, &key).await? {
        return Ok(Ensured { id: known.id, is_new: false });
    }
    // Whoever runs the server vouches for the address.
    let row = user::Model { email_verified_at: Some(now), ..account.prepare(passwords, now).await? };
    let tx = system.begin().await?;
    if users::insert_if_new(&tx, &row).await? {
        tx.announce(Event::new(events::USER_CREATED, events::USER, row.id.0, now)).await?;
        tx.commit().await?;
        return Ok(Ensured { id: row.id, is_new: true });
    }
    drop(tx);
    let known = people::by_email(system, &key).await?.ok_or(AccountsError::Gone)?;
    Ok(Ensured { id: known.id, is_new: false })
}
