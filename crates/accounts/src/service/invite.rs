//! The mail by which the owner of an account that an administrator made chooses a password, once more.

use actix_web::http::StatusCode;
use kernel::{guard::Permit, http::Done, outbox::Event};

use super::Accounts;
use crate::{
    actions::SendPasswordMail,
    dto::{AccountStatus, Mailed},
    error::AccountsError,
    events,
    proof::Purpose,
    store::{self, proofs::Asked},
};

impl Accounts {
    /// Has the link mailed, if there is no password yet.
    pub(crate) async fn invite(&self, permit: &Permit<SendPasswordMail>) -> Result<Done<Mailed>, AccountsError> {
        let (row, now) = (&permit.target().0, permit.now());
        if row.id != permit.caller() && !permit.is_platform() && row.created_via != permit.place() {
            return Err(AccountsError::NotYours);
        }
        let asked = Asked::new(Purpose::PasswordSetup, &row.email_key, now);
        let tx = permit.begin().await?;
        store::proofs::queue(&tx, &row.email_key).await?;
        let row = store::users::lock(&tx, row.id).await?.ok_or(AccountsError::Gone)?;
        if row.password_hash.is_some() {
            return Err(AccountsError::PasswordSet);
        }
        if row.status != AccountStatus::Active {
            return Err(AccountsError::Disabled);
        }
        if !store::proofs::ask_for_account(&tx, asked).await? {
            return Err(AccountsError::MailedRecently);
        }
        let event = Event::new(events::PASSWORD_INVITED, events::USER, row.id.0, now);
        tx.announce(event.fact("proof_id", asked.id.to_string())).await?;
        let done = Done {
            status: StatusCode::ACCEPTED,
            view: Mailed::new("A mail with a link to choose a password is on its way."),
        };
        tx.commit_with(&done).await?;
        Ok(done)
    }
}
