//! One's own second factor: enrolled, confirmed, removed, and its recovery codes. All but confirming takes the password
//! again: a session that somebody left open must not be enough to lock them out.

use chrono::{DateTime, Utc};
use kernel::{
    facts::RequestFacts,
    guard::{Identified, Permit, Tx},
    ids::UserId,
    outbox::Event,
};
use sea_orm::ConnectionTrait;
use secrecy::{ExposeSecret, SecretString};

use super::Accounts;
use crate::{
    actions::{ConfirmFactor, DisableFactor, EnrolFactor, RenewRecoveryCodes, ViewFactors},
    dto::{FactorsView, RecoveryCodesView, TotpView},
    entity::user,
    error::AccountsError,
    events,
    factor::{FactorRefusal, Proof, RECOVERY_CODES, RecoveryCode, TotpSecret},
    store,
};

/// What of a second factor was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Used {
    /// A code of the app.
    Code,
    /// A recovery code; so many are left.
    RecoveryCode {
        /// How many.
        left: u64,
    },
}

impl Accounts {
    /// What the caller has.
    pub(crate) async fn factors(&self, permit: &Permit<ViewFactors>) -> Result<FactorsView, AccountsError> {
        let (factor, recovery_codes_left) = store::factors::of_caller(permit).await?;
        let enabled_at = factor.as_ref().and_then(|factor| factor.confirmed_at);
        let pending = factor.is_some() && enabled_at.is_none();
        Ok(FactorsView { enabled: enabled_at.is_some(), enabled_at, pending, recovery_codes_left })
    }

    /// Makes a secret for the caller's app. It asks for nothing until it is confirmed.
    pub(crate) async fn enrol(
        &self,
        permit: &Permit<EnrolFactor>,
        password: &SecretString,
    ) -> Result<TotpView, AccountsError> {
        let me = &permit.target().0;
        self.check_password_of(me, password, permit.facts()).await?;
        let secret = TotpSecret::random();
        let base32 = secret.base32().map_err(FactorRefusal::Broken)?;
        let uri = secret.uri(&self.issuer, &me.email).map_err(FactorRefusal::Broken)?;
        let tx = permit.begin().await?;
        if !store::factors::begin(&tx, secret.seal(&self.keyring, me.id)).await? {
            return Err(FactorRefusal::Enabled.into());
        }
        // The reply isn't kept for a repetition of the request: it would be the secret in the clear.
        tx.commit().await?;
        Ok(TotpView { secret: base32, uri })
    }

    /// Enables what was enrolled, by its first code; answers the recovery codes.
    pub(crate) async fn confirm(
        &self,
        permit: &Permit<ConfirmFactor>,
        code: &SecretString,
    ) -> Result<RecoveryCodesView, AccountsError> {
        let (user, now) = (permit.caller(), permit.now());
        let tx = permit.begin().await?;
        if !store::factors::hold_account(&tx, user).await? {
            return Err(AccountsError::Gone);
        }
        let Some(row) = store::factors::to_confirm(&tx).await? else {
            let is_enabled = store::factors::confirmed(&tx, user).await?.is_some();
            return Err(if is_enabled { FactorRefusal::Enabled } else { FactorRefusal::NotBegun }.into());
        };
        let secret = TotpSecret::open(&self.keyring, user, &row.secret).ok_or(FactorRefusal::Sealed)?;
        let step = secret.step_of(code.expose_secret(), now).map_err(FactorRefusal::Broken)?;
        let step = step.ok_or(FactorRefusal::WrongCode("/code"))?;
        if !store::factors::confirm(&tx, &row, step).await? {
            return Err(FactorRefusal::NotBegun.into());
        }
        let codes = self.fresh_codes(&tx, user, now).await?;
        tx.announce(Event::new(events::MFA_ENABLED, events::USER, user.0, now)).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Removes the caller's second factor.
    pub(crate) async fn disable(
        &self,
        permit: &Permit<DisableFactor>,
        password: &SecretString,
        proof: &Proof,
    ) -> Result<(), AccountsError> {
        let (me, now) = (&permit.target().0, permit.now());
        self.check_password_of(me, password, permit.facts()).await?;
        self.count_try(me.id, proof, now).await?;
        let tx = permit.begin().await?;
        self.prove(&tx, me.id, proof).await?;
        if !store::factors::remove(&tx, me.id).await? {
            return Err(FactorRefusal::NotEnabled.into());
        }
        tx.announce(Event::new(events::MFA_DISABLED, events::USER, me.id.0, now)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes new recovery codes in place of all others.
    pub(crate) async fn renew_codes(
        &self,
        permit: &Permit<RenewRecoveryCodes>,
        password: &SecretString,
        proof: &Proof,
    ) -> Result<RecoveryCodesView, AccountsError> {
        let (me, now) = (&permit.target().0, permit.now());
        self.check_password_of(me, password, permit.facts()).await?;
        self.count_try(me.id, proof, now).await?;
        let tx = permit.begin().await?;
        self.prove(&tx, me.id, proof).await?;
        let codes = self.fresh_codes(&tx, me.id, now).await?;
        tx.announce(Event::new(events::RECOVERY_CODES_RENEWED, events::USER, me.id.0, now)).await?;
        tx.commit().await?;
        Ok(codes)
    }

    async fn check_password_of(
        &self,
        me: &user::Model,
        password: &SecretString,
        facts: &RequestFacts,
    ) -> Result<(), AccountsError> {
        if self.knows_password(me, password, facts).await? { Ok(()) } else { Err(FactorRefusal::WrongPassword.into()) }
    }

    /// The second factor of someone who is signed in, used up.
    async fn prove<A: Identified>(&self, tx: &Tx<'_, A>, user: UserId, proof: &Proof) -> Result<(), AccountsError> {
        if !store::factors::hold_account(tx, user).await? {
            return Err(AccountsError::Gone);
        }
        if store::factors::confirmed(tx, user).await?.is_none() {
            return Err(FactorRefusal::NotEnabled.into());
        }
        let now = tx.permit().now();
        match self.use_up(tx, user, proof, now).await?.ok_or(FactorRefusal::WrongCode(proof.pointer()))? {
            Used::Code => {}
            Used::RecoveryCode { left } => {
                let event = Event::new(events::RECOVERY_CODE_USED, events::USER, user.0, now).fact("left", left);
                tx.announce(event).await?;
            }
        }
        Ok(())
    }

    /// Counts a try at an account's code, which has so few digits, before it is looked at: by itself, because what a
    /// wrong code was for is rolled back. Recovery codes are too long to be guessed, and so a way in for an owner whose
    /// code somebody else is guessing.
    pub(super) async fn count_try(&self, user: UserId, proof: &Proof, now: DateTime<Utc>) -> Result<(), AccountsError> {
        if matches!(proof, Proof::RecoveryCode(_)) || store::factors::take_try(&self.system, user, now).await? {
            return Ok(());
        }
        // Without a factor there is nothing to guess; what follows says so.
        match store::factors::confirmed(&self.system.db(), user).await? {
            Some(_) => Err(FactorRefusal::TooManyTries.into()),
            None => Ok(()),
        }
    }

    /// Looks at what is offered, and uses it up if it is right: a code is never taken twice, nor one before it. The one
    /// place where codes are looked at.
    pub(super) async fn use_up(
        &self,
        tx: &impl ConnectionTrait,
        user: UserId,
        proof: &Proof,
        now: DateTime<Utc>,
    ) -> Result<Option<Used>, AccountsError> {
        let Some(factor) = store::factors::confirmed(tx, user).await? else { return Ok(None) };
        match proof {
            Proof::Code(code) => {
                let secret = TotpSecret::open(&self.keyring, user, &factor.secret).ok_or(FactorRefusal::Sealed)?;
                let step = secret.step_of(code.expose_secret(), now).map_err(FactorRefusal::Broken)?;
                let Some(step) = step else { return Ok(None) };
                Ok(store::factors::take_step(tx, user, step).await?.then_some(Used::Code))
            }
            Proof::RecoveryCode(code) => {
                let marks = RecoveryCode::read(code.expose_secret()).marks(&self.keyring, user);
                if !store::factors::use_code(tx, user, marks).await? {
                    return Ok(None);
                }
                Ok(Some(Used::RecoveryCode { left: store::factors::codes_left(tx, user).await? }))
            }
        }
    }

    async fn fresh_codes(
        &self,
        tx: &impl ConnectionTrait,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<RecoveryCodesView, AccountsError> {
        let codes: Vec<RecoveryCode> = (0..RECOVERY_CODES).map(|_| RecoveryCode::random()).collect();
        let marks = codes.iter().map(|code| code.mark(&self.keyring, user)).collect();
        store::factors::replace_codes(tx, user, marks, now).await?;
        Ok(RecoveryCodesView { recovery_codes: codes.iter().map(RecoveryCode::reveal).collect() })
    }
}
