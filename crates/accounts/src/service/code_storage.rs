//! Codes for phone numbers, wherever they are counted.

use chrono::{DateTime, Utc};
use kernel::ids::UserId;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    error::{AccountsError, PhoneFault},
    ports::phone_codes::{Attempt, Begun, CodeStorage, Tried},
    store::phone_codes,
};

impl CodeStorage {
    /// Begins an attempt, or says when one may be begun.
    pub(crate) async fn begin(
        &self,
        db: &impl ConnectionTrait,
        user: UserId,
        attempt: &Attempt,
        now: DateTime<Utc>,
    ) -> Result<Begun, AccountsError> {
        match self {
            Self::Here => Ok(phone_codes::begin(db, user, attempt, now).await?),
            Self::Elsewhere(codes) => Ok(codes.begin(user, attempt, now).await.map_err(PhoneFault::from)?),
        }
    }

    /// Counts a try, if one is left.
    pub(crate) async fn try_once(
        &self,
        db: &impl ConnectionTrait,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<Option<Tried>, AccountsError> {
        match self {
            Self::Here => Ok(phone_codes::try_once(db, user, now).await?),
            Self::Elsewhere(codes) => Ok(codes.try_once(user, now).await.map_err(PhoneFault::from)?),
        }
    }

    /// Uses an attempt up, if nobody has.
    pub(crate) async fn spend(
        &self,
        db: &impl ConnectionTrait,
        user: UserId,
        attempt: Uuid,
        now: DateTime<Utc>,
    ) -> Result<bool, AccountsError> {
        match self {
            Self::Here => Ok(phone_codes::spend(db, user, attempt, now).await?),
            Self::Elsewhere(codes) => Ok(codes.spend(user, attempt).await.map_err(PhoneFault::from)?),
        }
    }

    /// The attempt that is out and good still.
    pub(crate) async fn current(
        &self,
        db: &impl ConnectionTrait,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<Option<Attempt>, AccountsError> {
        match self {
            Self::Here => Ok(phone_codes::current(db, user, now).await?),
            Self::Elsewhere(codes) => Ok(codes.current(user, now).await.map_err(PhoneFault::from)?),
        }
    }
}
