//! Another address for an account: asked for by its owner, and undone by whoever reads the mail of the former.

use kernel::{
    guard::{Permit, Public},
    outbox::Event,
};
use secrecy::SecretString;

use super::{
    Accounts,
    forgotten::invalid,
    sessions::end_sessions_publicly,
    verifying::{ALL_BUT_UNDO, own, revoke_tokens},
};
use crate::{
    Schema,
    actions::ChangeEmail,
    dto::AccountStatus,
    entity::user,
    error::AccountsError,
    events,
    proof::{Presented, Purpose},
    rules::{email_key, trimmed},
    store::{self, proofs::Asked, sessions::Ending},
};

impl Accounts {
    /// Has a code mailed to the address that the caller wants. Nothing changes before it is given back.
    pub(crate) async fn ask_for_email(
        &self,
        permit: &Permit<ChangeEmail>,
        email: &str,
        password: &SecretString,
    ) -> Result<(), AccountsError> {
        let (me, now) = (&permit.target().0, permit.now());
        if !self.knows_password(me, password, permit.facts()).await? {
            return Err(AccountsError::WrongOwnPassword);
        }
        let (email, key) = (trimmed(email), email_key(email));
        if key == me.email_key {
            return Err(AccountsError::EmailUnchanged);
        }
        let asked = Asked::new(Purpose::EmailChange, &key, now);
        let tx = permit.begin().await?;
        store::proofs::queue(&tx, &key).await?;
        if store::users::email_is_taken(&tx, &key).await? {
            // Where an address may not be asked for by signing up, it may not be asked for by changing, either.
            return if self.require_verified_email { Ok(()) } else { Err(AccountsError::EmailTaken) };
        }
        if !store::proofs::ask_for_change(&tx, asked, me.id, &email).await? {
            return Err(AccountsError::MailedRecently);
        }
        let event = Event::new(events::EMAIL_CHANGE_ASKED, events::USER, me.id.0, now);
        tx.announce(event.fact("proof_id", asked.id.to_string())).await?;
        Ok(tx.commit().await?)
    }

    /// Gives an account its former address back. Somebody else may have changed it, so they are put out: all sessions
    /// end, and so do all tokens and a second factor that came since; the password is none until another is chosen by
    /// mail.
    pub(crate) async fn undo_email(
        &self,
        permit: &Permit<Public<Schema>>,
        presented: &Presented,
    ) -> Result<(), AccountsError> {
        let now = permit.now();
        let proof = self.examined(permit, &[Purpose::EmailUndo], presented).await?;
        let user = proof.user_id.ok_or(invalid(presented))?;
        let tx = permit.begin().await?;
        if !store::proofs::end(&tx, proof.id, now).await? {
            return Err(invalid(presented));
        }
        let row = store::users::lock_publicly(&tx, user).await?;
        let row = row.filter(|row| row.status == AccountStatus::Active).ok_or(invalid(presented))?;
        let row = user::Model {
            email: proof.email.clone(),
            email_key: proof.email_key.clone(),
            email_verified_at: Some(now),
            password_hash: None,
            ..row
        };
        let row = store::users::write(&tx, row, now).await?;
        store::proofs::end_all(&tx, user, ALL_BUT_UNDO, now).await?;
        store::proofs::end_later_undos(&tx, &proof, user, now).await?;
        let next = Asked::new(Purpose::PasswordReset, &row.email_key, now);
        store::proofs::insert(&tx, next, user, &row.email).await?;
        self.brake.forget(&tx, user).await?;
        let ended = end_sessions_publicly(&tx, Ending::AllOf(user), "email_undone").await?;
        revoke_tokens(&tx, user, now).await?;
        // One that was there before the change is the owner's.
        if store::factors::remove_since(&tx, user, proof.created_at).await? {
            tx.announce(own(events::MFA_DISABLED, user, now).fact("reason", "email_undone")).await?;
        }
        tx.announce(own(events::EMAIL_CHANGE_UNDONE, user, now).fact("proof_id", next.id.to_string())).await?;
        tx.commit().await?;
        self.forget(&ended);
        self.tokens.forget_all_personal();
        Ok(())
    }
}
