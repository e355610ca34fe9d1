//! Sealing anew what a former secret sealed, so that the former secret can be dropped; and sweeping old codes.

use chrono::{DateTime, Utc};
use sea_orm::DbErr;

use super::Profiles;
use crate::store::{
    self,
    sealed::{FIELDS, SealedField},
};

/// How many are looked at in one go.
const BATCH: u64 = 200;

/// What became of private fields that another secret sealed than the current one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Sealed by the current one now.
    pub resealed: u64,
    /// Opened by no secret of the configuration.
    pub lost: u64,
}

impl Profiles {
    /// Seals anew what isn't sealed by the current secret. Several may do it at once: a field that was changed meanwhile
    /// is left as it is.
    pub async fn reseal(&self) -> Result<Resealed, DbErr> {
        let mut outcome = Resealed::default();
        for field in FIELDS {
            self.reseal_field(field, &mut outcome).await?;
        }
        Ok(outcome)
    }

    async fn reseal_field(&self, field: SealedField, outcome: &mut Resealed) -> Result<(), DbErr> {
        let (mark, mut after) = (self.keyring.seal_mark(), None);
        loop {
            let stale = store::sealed::sealed_otherwise(&self.system, field, &mark, after, BATCH).await?;
            for (user, held) in &stale {
                let Some(plain) = self.keyring.open(field.purpose, user.0, &held.0) else {
                    tracing::error!(%user, field.purpose, "a sealed field does not open: is a former secret missing?");
                    outcome.lost += 1;
                    continue;
                };
                let anew = self.keyring.seal(field.purpose, user.0, &plain);
                outcome.resealed += u64::from(store::sealed::reseal(&self.system, field, *user, held, anew).await?);
            }
            after = stale.last().map(|(user, _)| *user);
            if (stale.len() as u64) < BATCH {
                return Ok(());
            }
        }
    }

    /// What is done now and then: sealing anew, and forgetting codes that limit nothing any more. Answers how many rows.
    pub async fn tidy(&self, now: DateTime<Utc>) -> Result<u64, DbErr> {
        let swept = store::phone_codes::sweep(&self.system.db(), now).await?;
        Ok(swept + self.reseal().await?.resealed)
    }
}
