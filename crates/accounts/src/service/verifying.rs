//! Proving that one reads the mail of an address: of an account, of one to be, or the next address of one.

use kernel::{
    guard::{Permit, Public, Tx},
    ids::UserId,
    outbox::Event,
};
use sea_orm::DbErr;

use super::{Accounts, forgotten::invalid};
use crate::{
    Schema,
    dto::AccountStatus,
    entity::{proof, user},
    error::AccountsError,
    events,
    proof::{Presented, Purpose},
    store::{self, proofs::Asked},
};

impl Accounts {
    /// Proves an address, and does what waited for that.
    pub(crate) async fn verify_email(
        &self,
        permit: &Permit<Public<Schema>>,
        presented: &Presented,
    ) -> Result<(), AccountsError> {
        let proof = self.examined(permit, &Purpose::OF_ADDRESSES, presented).await?;
        match proof.purpose {
            Purpose::SignUp => self.complete_sign_up(permit, &proof, presented).await,
            Purpose::EmailChange => self.complete_change(permit, &proof, presented).await,
            _ => self.complete_verification(permit, &proof, presented).await,
        }
    }

    async fn complete_verification(
        &self,
        permit: &Permit<Public<Schema>>,
        proof: &proof::Model,
        presented: &Presented,
    ) -> Result<(), AccountsError> {
        let now = permit.now();
        let tx = permit.begin().await?;
        if !store::proofs::end(&tx, proof.id, now).await? {
            return Err(invalid(presented));
        }
        let row = self.locked_owner(&tx, proof).await?.ok_or(invalid(presented))?;
        let row = store::users::write(&tx, user::Model { email_verified_at: Some(now), ..row }, now).await?;
        store::proofs::end_all(&tx, row.id, [Purpose::EmailVerification], now).await?;
        let mut event = Event::new(events::EMAIL_VERIFIED, events::USER, row.id.0, now);
        event.actor_id = Some(row.id);
        tx.announce(event).await?;
        Ok(tx.commit().await?)
    }

    /// Gives an account the address that its owner proved, and the former one a week to undo it. Sessions stay.
    async fn complete_change(
        &self,
        permit: &Permit<Public<Schema>>,
        proof: &proof::Model,
        presented: &Presented,
    ) -> Result<(), AccountsError> {
        let (now, user) = (permit.now(), proof.user_id.ok_or(invalid(presented))?);
        let tx = permit.begin().await?;
        if !store::proofs::end(&tx, proof.id, now).await? {
            return Err(invalid(presented));
        }
        let row = store::users::lock_publicly(&tx, user).await?;
        let before = row.filter(|row| row.status == AccountStatus::Active).ok_or(invalid(presented))?;
        let mut event = Event::new(events::EMAIL_CHANGED, events::USER, user.0, now);
        event.actor_id = Some(user);
        // An address that was never proven may be a stranger's, by a slip of the pen: they get no say.
        if before.email_verified_at.is_some() {
            let undo = Asked::new(Purpose::EmailUndo, &before.email_key, now);
            store::proofs::insert(&tx, undo, user, &before.email).await?;
            event = event.fact("proof_id", undo.id.to_string());
        }
        let after = user::Model {
            email: proof.email.clone(),
            email_key: proof.email_key.clone(),
            email_verified_at: Some(now),
            ..before
        };
        store::users::write(&tx, after, now).await?;
        store::proofs::end_all(&tx, user, ALL_BUT_UNDO, now).await?;
        tx.announce(event).await?;
        Ok(tx.commit().await?)
    }

    /// Has the code and link mailed once more, if someone has to prove the address. It is the same statements whether or
    /// not.
    pub(crate) async fn resend_proof(
        &self,
        permit: &Permit<Public<Schema>>,
        email_key: &str,
    ) -> Result<(), AccountsError> {
        let asked = Asked::new(Purpose::EmailVerification, email_key, permit.now());
        let tx = permit.begin().await?;
        store::proofs::queue(&tx, email_key).await?;
        store::proofs::ask_for_account(&tx, asked).await?;
        let again = Asked { purpose: Purpose::SignUp, ..asked };
        let again = store::proofs::mail_again(&tx, again).await?;
        let proof = again.unwrap_or(asked.id);
        tx.announce(Event::new(events::EMAIL_PROOF_ASKED, events::PROOF, proof, asked.now)).await?;
        Ok(tx.commit().await?)
    }

    /// What asks the owner of a new account for proof of its address.
    pub(super) async fn ask_for_proof(
        db: &impl sea_orm::ConnectionTrait,
        row: &user::Model,
        purpose: Purpose,
    ) -> Result<String, DbErr> {
        let asked = Asked::new(purpose, &row.email_key, row.created_at);
        store::proofs::insert(db, asked, row.id, &row.email).await?;
        Ok(asked.id.to_string())
    }
}

/// Ends all tokens of somebody who may not be the one that made them.
pub(super) async fn revoke_tokens(
    tx: &Tx<'_, Public<Schema>>,
    user: UserId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), AccountsError> {
    for token in store::personal_tokens::delete_all(tx, user).await? {
        let mut event = Event::new(events::TOKEN_REVOKED, events::TOKEN, token.id.0, now);
        event.actor_id = Some(user);
        tx.announce(event.fact("name", token.name)).await?;
    }
    Ok(())
}

/// What a change of address or a new password makes worthless.
pub(super) const ALL_BUT_UNDO: [Purpose; 4] =
    [Purpose::PasswordReset, Purpose::PasswordSetup, Purpose::EmailVerification, Purpose::EmailChange];

/// The event of someone's own doing.
pub(super) fn own(action: &str, user: UserId, now: chrono::DateTime<chrono::Utc>) -> Event {
    let mut event = Event::new(action, events::USER, user.0, now);
    event.actor_id = Some(user);
    event
}
