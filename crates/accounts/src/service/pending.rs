//! Signing up where the address has to be proven first: nothing is made and nothing is told until it is.
//!
//! Every try is kept by itself, with a link of its own, and becomes an account when its link is used. So nobody holds an
//! address by having asked first, and nobody's password replaces another's.

use kernel::{
    guard::{Permit, Public},
    ids::UserId,
    outbox::Event,
};

use super::{Accounts, NewAccount, forgotten::invalid};
use crate::{
    Schema,
    dto::AccountStatus,
    entity::{proof, sign_up, user},
    error::AccountsError,
    events,
    ports::Enrolled,
    proof::{Presented, Purpose},
    store::{self, proofs::Asked},
};

impl Accounts {
    /// Keeps what someone signs up with, and has a link mailed to the address; or, if it is someone's already, a word
    /// about that. Which of the two shows in nothing that happens here.
    pub(super) async fn ask_to_sign_up(
        &self,
        permit: &Permit<Public<Schema>>,
        account: NewAccount,
        enrolled: Option<Enrolled>,
    ) -> Result<(), AccountsError> {
        let now = permit.now();
        let row = account.prepare(&self.passwords, now).await?;
        let Some(password_hash) = row.password_hash else { return Err(AccountsError::Gone) };
        let asked = Asked::new(Purpose::SignUp, &row.email_key, now);
        let kept = sign_up::Model {
            proof_id: asked.id,
            username: row.username,
            first_name: row.first_name,
            last_name: row.last_name,
            password_hash,
            workspace_id: enrolled.map(|enrolled| enrolled.workspace),
            role_id: enrolled.map(|enrolled| enrolled.role),
        };
        let tx = permit.begin().await?;
        if let Some(username) = &kept.username
            && store::sign_ups::username_is_taken(&tx, username).await?
        {
            return Err(AccountsError::UsernameTaken);
        }
        store::proofs::queue(&tx, &row.email_key).await?;
        store::proofs::ask_for_nobody(&tx, asked, &row.email).await?;
        store::sign_ups::insert_if_asked(&tx, &kept).await?;
        tx.announce(Event::new(events::SIGN_UP_ASKED, events::PROOF, asked.id, now)).await?;
        Ok(tx.commit().await?)
    }

    /// Makes the account that someone signed up for. Who took the username meanwhile keeps it; the account is made
    /// without one then.
    pub(super) async fn complete_sign_up(
        &self,
        permit: &Permit<Public<Schema>>,
        proof: &proof::Model,
        presented: &Presented,
    ) -> Result<(), AccountsError> {
        let made = self.make_account(permit, proof, presented, true).await;
        let made = match made {
            Err(AccountsError::UsernameTaken) => self.make_account(permit, proof, presented, false).await,
            made => made,
        };
        match made {
            Ok(to_enrol) => {
                if to_enrol {
                    self.enrolment.settle().await;
                }
                Ok(())
            }
            // Someone has the address by now, maybe by another try of the same person.
            Err(AccountsError::EmailTaken) => Err(invalid(presented)),
            Err(other) => Err(other),
        }
    }

    /// Answers whether a membership is to follow.
    async fn make_account(
        &self,
        permit: &Permit<Public<Schema>>,
        proof: &proof::Model,
        presented: &Presented,
        with_username: bool,
    ) -> Result<bool, AccountsError> {
        let now = permit.now();
        let tx = permit.begin().await?;
        if !store::proofs::end(&tx, proof.id, now).await? {
            return Err(invalid(presented));
        }
        let kept = store::sign_ups::take(&tx, proof.id).await?.ok_or(invalid(presented))?;
        let row = user::Model {
            id: UserId::new(now),
            email: proof.email.clone(),
            email_key: proof.email_key.clone(),
            username: kept.username.filter(|_| with_username),
            first_name: kept.first_name,
            last_name: kept.last_name,
            password_hash: Some(kept.password_hash),
            status: AccountStatus::Active,
            disabled_by: None,
            email_verified_at: Some(now),
            created_via: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        store::users::insert(&tx, &row).await?;
        let mut event = Event::new(events::SIGNED_UP, events::USER, row.id.0, now);
        event.actor_id = Some(row.id);
        if let (Some(workspace), Some(role)) = (kept.workspace_id, kept.role_id) {
            event = event
                .in_workspace(workspace)
                .fact("workspace_id", workspace.to_string())
                .fact("role_id", role.to_string());
        }
        tx.announce(event).await?;
        tx.commit().await?;
        Ok(kept.workspace_id.is_some())
    }
}
