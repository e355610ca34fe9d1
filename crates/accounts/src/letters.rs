//! What people are told by mail, from this domain's events. An event holds no code and no link: they are derived when
//! the mail is sent, and what is no longer good by then isn't sent.

use std::fmt;

use chrono::{DateTime, Utc};
use kernel::{clock::Clock, db::System, ids::UserId, keyring::Keyring, outbox::Event};
use sea_orm::DbErr;
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    AccountStatus, Schema, device,
    entity::{proof, session, user},
    events,
    proof::Purpose,
    store,
};

/// A letter to one person.
#[derive(Debug)]
pub struct Letter {
    /// Their address.
    pub to: String,
    /// What it says.
    pub says: Says,
}

/// The ways in which what is asked for is given back.
pub struct Way {
    /// Six digits to type in, where that is enough.
    pub code: Option<SecretString>,
    /// What a link carries.
    pub token: SecretString,
    /// Until when.
    pub until: DateTime<Utc>,
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Way").field("until", &self.until).finish_non_exhaustive()
    }
}

/// What a letter says.
#[derive(Debug)]
pub enum Says {
    /// Here is how you choose a new password.
    ResetPassword(Way),
    /// An account was made for you; choose a password.
    SetPassword(Way),
    /// Prove the address of your account.
    VerifyEmail(Way),
    /// Prove the address, and the account that you signed up for is made.
    FinishSignUp(Way),
    /// Someone signed up with your address, and you have an account.
    AlreadySignedUp,
    /// Prove the address, and it becomes your account's.
    ConfirmEmail(Way),
    /// Your account has another address; undo it here if that wasn't you.
    EmailChanged(Way),
    /// The former address is your account's again; choose a new password.
    EmailRestored(Way),
    /// Your password was changed.
    PasswordChanged {
        /// When.
        at: DateTime<Utc>,
    },
    /// Someone signed in from where you never did.
    NewDevice {
        /// When.
        at: DateTime<Utc>,
        /// With what, in words of ours.
        device: String,
        /// From which address, if that is known.
        address: Option<String>,
    },
}

/// Writes the letters of this domain.
#[derive(Clone, Debug)]
pub struct Letters {
    system: System<Schema>,
    keyring: Keyring,
    clock: Clock,
}

impl Letters {
    /// Letters that read by this right, with codes and links by this secret.
    pub fn new(system: System<Schema>, keyring: Keyring, clock: Clock) -> Self {
        Self { system, keyring, clock }
    }

    /// Whether a letter may follow from the event.
    pub fn follow_from(event: &Event) -> bool {
        match event.action.as_str() {
            events::PASSWORD_FORGOTTEN
            | events::SIGN_UP_ASKED
            | events::EMAIL_PROOF_ASKED
            | events::PASSWORD_CHANGED => true,
            events::SIGNED_IN => event.changes.get("new_device").is_some(),
            events::SIGNED_UP
            | events::USER_CREATED
            | events::PASSWORD_INVITED
            | events::EMAIL_CHANGE_ASKED
            | events::EMAIL_CHANGED
            | events::EMAIL_CHANGE_UNDONE => event.changes.get("proof_id").is_some(),
            _ => false,
        }
    }

    /// The letter that follows from the event, if what it is about still holds.
    pub async fn of(&self, event: &Event) -> Result<Option<Letter>, DbErr> {
        if !Self::follow_from(event) {
            return Ok(None);
        }
        let named = event.changes.get("proof_id").and_then(|id| id.as_str()?.parse().ok());
        match event.action.as_str() {
            events::PASSWORD_CHANGED => self.password_changed(event).await,
            events::SIGNED_IN => self.new_device(event).await,
            action => self.of_proof(named.unwrap_or(event.resource_id), action).await,
        }
    }

    async fn of_proof(&self, id: Uuid, action: &str) -> Result<Option<Letter>, DbErr> {
        let now = self.clock.now();
        let proof = store::proofs::find(&self.system, id).await?;
        let Some(proof) = proof.filter(|proof| proof.ended_at.is_none() && now < proof.expires_at) else {
            return Ok(None);
        };
        let owner = match proof.user_id {
            Some(user) => self.active(user).await?,
            None => store::people::by_email(&self.system, &proof.email_key).await?,
        };
        let way = self.way(&proof);
        let says = match (proof.purpose, &owner) {
            (Purpose::SignUp, Some(_)) => Says::AlreadySignedUp,
            (Purpose::SignUp, None) => Says::FinishSignUp(way),
            // Whoever is disabled or gone has nothing to prove.
            (_, None) => return Ok(None),
            (Purpose::PasswordReset, _) if action == events::EMAIL_CHANGE_UNDONE => Says::EmailRestored(way),
            (Purpose::PasswordReset, _) => Says::ResetPassword(way),
            (Purpose::PasswordSetup, _) => Says::SetPassword(way),
            (Purpose::EmailVerification, Some(owner)) if owner.email_key != proof.email_key => return Ok(None),
            (Purpose::EmailVerification, _) => Says::VerifyEmail(way),
            (Purpose::EmailChange, _) => Says::ConfirmEmail(way),
            (Purpose::EmailUndo, _) => Says::EmailChanged(way),
        };
        Ok(Some(Letter { to: proof.email, says }))
    }

    fn way(&self, proof: &proof::Model) -> Way {
        let purpose = proof.purpose.as_str();
        Way {
            code: proof.purpose.has_code().then(|| self.keyring.code(purpose, proof.id).into()),
            token: self.keyring.token(purpose, proof.id).into(),
            until: proof.expires_at,
        }
    }

    async fn password_changed(&self, event: &Event) -> Result<Option<Letter>, DbErr> {
        let owner = self.active(UserId(event.resource_id)).await?;
        Ok(owner.map(|owner| Letter { to: owner.email, says: Says::PasswordChanged { at: event.at } }))
    }

    async fn new_device(&self, event: &Event) -> Result<Option<Letter>, DbErr> {
        let session: Option<session::Model> = store::sessions::find(&self.system, event.resource_id).await?;
        let Some(session) = session else { return Ok(None) };
        let Some(owner) = self.active(session.user_id).await? else { return Ok(None) };
        let device = device::kind(session.user_agent.as_deref());
        let says = Says::NewDevice { at: session.created_at, device, address: session.address };
        Ok(Some(Letter { to: owner.email, says }))
    }

    async fn active(&self, user: UserId) -> Result<Option<user::Model>, DbErr> {
        let rows = store::people::by_ids(&self.system, &[user]).await?;
        Ok(rows.into_iter().find(|row| row.status == AccountStatus::Active))
    }
}
