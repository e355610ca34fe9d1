//! Passwords that were forgotten: a code and a link by mail, good once and for a quarter of an hour.
//!
//! Whether an address is anyone's is not told: the same statements run, and the same is answered. The mail follows from
//! the event, in its own time.

use chrono::{DateTime, Utc};
use kernel::{
    guard::{Permit, Public, Tx},
    outbox::Event,
};
use secrecy::{ExposeSecret, SecretString};

use super::{
    Accounts,
    sessions::end_sessions_publicly,
    verifying::{ALL_BUT_UNDO, own, revoke_tokens},
};
use crate::{
    Schema,
    brake::Kind,
    dto::AccountStatus,
    entity::{
        proof,
        user::{self, PasswordHash},
    },
    error::AccountsError,
    events,
    proof::{Presented, Purpose},
    rules::check_password,
    store::{self, proofs::Asked, sessions::Ending},
};

impl Accounts {
    /// Has a code mailed to the address, if someone has it.
    pub(crate) async fn forgot_password(
        &self,
        permit: &Permit<Public<Schema>>,
        email_key: &str,
    ) -> Result<(), AccountsError> {
        let asked = Asked::new(Purpose::PasswordReset, email_key, permit.now());
        let tx = permit.begin().await?;
        store::proofs::queue(&tx, email_key).await?;
        store::proofs::ask_for_account(&tx, asked).await?;
        tx.announce(Event::new(events::PASSWORD_FORGOTTEN, events::PROOF, asked.id, asked.now)).await?;
        Ok(tx.commit().await?)
    }

    /// Until when the code or link is good. Looking uses nothing up, unless it is wrong.
    pub(crate) async fn check_reset(
        &self,
        permit: &Permit<Public<Schema>>,
        presented: &Presented,
    ) -> Result<DateTime<Utc>, AccountsError> {
        let proof = self.examined(permit, &Purpose::OF_PASSWORDS, presented).await?;
        self.give_back(permit, &proof, presented).await?;
        Ok(proof.expires_at)
    }

    /// Gives the account a password, ends all of its sessions and makes every other proof of it worthless. If it is the first
    /// proof of the address, tokens and a second factor go, too.
    pub(crate) async fn reset_password(
        &self,
        permit: &Permit<Public<Schema>>,
        presented: &Presented,
        new: &SecretString,
    ) -> Result<(), AccountsError> {
        let email = match presented {
            Presented::Code { email_key, .. } => Some(email_key.as_str()),
            Presented::Token(_) => None,
        };
        // What is wrong with it whoever it is for, before a guess is spent.
        check(new, email.into_iter())?;
        let now = permit.now();
        let proof = self.examined(permit, &Purpose::OF_PASSWORDS, presented).await?;
        let owner = store::users::of_proof(permit, &proof).await?.ok_or(invalid(presented))?;
        if let Err(fault) = check(new, [Some(owner.email.as_str()), owner.username.as_deref()].into_iter().flatten()) {
            self.give_back(permit, &proof, presented).await?;
            return Err(fault);
        }
        let hash = PasswordHash(self.passwords.hash(new).await?);

        let tx = permit.begin().await?;
        if !store::proofs::end(&tx, proof.id, now).await? {
            return Err(invalid(presented));
        }
        let row = self.locked_owner(&tx, &proof).await?.ok_or(invalid(presented))?;
        let is_first_proof = row.email_verified_at.is_none();
        let row =
            user::Model { password_hash: Some(hash), email_verified_at: row.email_verified_at.or(Some(now)), ..row };
        let row = store::users::write(&tx, row, now).await?;
        store::proofs::end_all(&tx, row.id, ALL_BUT_UNDO, now).await?;
        if is_first_proof {
            // Until now nobody knew whose the account is: what a stranger made who signed up with this address goes.
            revoke_tokens(&tx, row.id, now).await?;
            if store::factors::remove(&tx, row.id).await? {
                tx.announce(own(events::MFA_DISABLED, row.id, now).fact("reason", "email_proven")).await?;
            }
        }
        self.brake.forget(&tx, row.id).await?;
        let ended = end_sessions_publicly(&tx, Ending::AllOf(row.id), "password_changed").await?;
        let how = if proof.purpose == Purpose::PasswordSetup { "set" } else { "reset" };
        let mut event = Event::new(events::PASSWORD_CHANGED, events::USER, row.id.0, now).fact("how", how);
        event.actor_id = Some(row.id);
        tx.announce(event).await?;
        tx.commit().await?;
        self.forget(&ended);
        if is_first_proof {
            self.tokens.forget_all_personal();
        }
        Ok(())
    }

    /// The account of a proof, if it is active and still has the address; it stays so until the transaction ends.
    pub(super) async fn locked_owner(
        &self,
        tx: &Tx<'_, Public<Schema>>,
        proof: &proof::Model,
    ) -> Result<Option<user::Model>, AccountsError> {
        let Some(user) = proof.user_id else { return Ok(None) };
        let row = store::users::lock_publicly(tx, user).await?;
        Ok(row.filter(|row| row.status == AccountStatus::Active && row.email_key == proof.email_key))
    }

    /// The proof that is presented, if it is one and still good. A code costs one of its guesses, and guessing is slowed
    /// down whoever's it is. It is the same statements whether there is no such address or the code is wrong.
    pub(super) async fn examined(
        &self,
        permit: &Permit<Public<Schema>>,
        purposes: &[Purpose],
        presented: &Presented,
    ) -> Result<proof::Model, AccountsError> {
        let (db, now) = (permit.db(), permit.now());
        let found = match presented {
            Presented::Code { email_key, code } => {
                let kind = if purposes == Purpose::OF_PASSWORDS { Kind::ResetCode } else { Kind::EmailCode };
                let attempt = self.brake.attempt(kind, email_key, permit.facts()).await?;
                let purposes: Vec<Purpose> = purposes.iter().copied().filter(|purpose| purpose.has_code()).collect();
                let found = store::proofs::examine(&db, &purposes, email_key, now).await?;
                // The same work where there is none.
                let (purpose, id) =
                    found.as_ref().map_or((Purpose::PasswordReset, uuid::Uuid::nil()), |row| (row.purpose, row.id));
                let is_it = self.keyring.is_code(purpose.as_str(), id, code.expose_secret());
                let found = found.filter(|_| is_it);
                match found {
                    Some(_) => attempt.succeeded().await?,
                    None => attempt.failed(),
                }
                found
            }
            Presented::Token(token) => match Presented::row(&self.keyring, purposes, token) {
                Some((purpose, id)) => store::proofs::living(&db, id, now).await?.filter(|row| row.purpose == purpose),
                None => None,
            },
        };
        found.ok_or_else(|| invalid(presented))
    }

    async fn give_back(
        &self,
        permit: &Permit<Public<Schema>>,
        proof: &proof::Model,
        presented: &Presented,
    ) -> Result<(), AccountsError> {
        if matches!(presented, Presented::Code { .. }) {
            store::proofs::give_back(&permit.db(), proof.id).await?;
        }
        Ok(())
    }
}

pub(super) fn invalid(presented: &Presented) -> AccountsError {
    AccountsError::InvalidProof { pointer: presented.pointer() }
}

fn check<'a>(password: &SecretString, identities: impl Iterator<Item = &'a str>) -> Result<(), AccountsError> {
    check_password(password.expose_secret(), &identities.collect::<Vec<_>>())
        .map_err(|fault| AccountsError::Password { pointer: "/password", fault })
}
