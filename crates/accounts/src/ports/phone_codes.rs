//! Where the codes for phone numbers are counted: in this domain's database, or elsewhere. No code is kept anywhere: an
//! attempt is, from which and the server's secret the code is derived.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use kernel::ids::UserId;
use uuid::Uuid;

/// How long a code is good.
pub const LIFETIME: Duration = Duration::minutes(10);
/// How soon another may be asked for.
pub const PAUSE: Duration = Duration::minutes(1);
/// How many may be asked for within [`DAY`] of the first.
pub const PER_DAY: i32 = 5;
/// How long asking is counted.
pub const DAY: Duration = Duration::days(1);
/// How often a code may be tried.
pub const TRIES: i32 = 5;

/// A code that is out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// From which the code is derived.
    pub id: Uuid,
    /// The number that it is for.
    pub phone: String,
}

/// Whether a code may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It may, and is counted.
    Yes,
    /// Not before this much time went by.
    TooSoon(Duration),
}

/// A try that was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// What was tried.
    pub attempt: Attempt,
    /// How often it was by now, this time included.
    pub tries: i32,
}

/// What keeps the counts is away.
#[derive(Debug, thiserror::Error)]
#[error("codes are not reachable: {0}")]
pub struct CodesAway(pub String);

/// Counts codes elsewhere. Each of the calls is atomic: however many come at once, no count is exceeded. `now` is told,
/// never read from another clock.
#[async_trait]
pub trait PhoneCodes: Send + Sync + 'static {
    /// Puts `attempt` in the place of the one before, unless one was begun less than [`PAUSE`] ago or [`PER_DAY`] were
    /// within [`DAY`] of the first of them.
    async fn begin(&self, user: UserId, attempt: &Attempt, now: DateTime<Utc>) -> Result<Begun, CodesAway>;

    /// Counts a try of the attempt that is out; none if there is none, or it is used, older than [`LIFETIME`], or was
    /// tried [`TRIES`] times.
    async fn try_once(&self, user: UserId, now: DateTime<Utc>) -> Result<Option<Tried>, CodesAway>;

    /// Uses the attempt up; answers whether it was there to be used, which it is to one caller only.
    async fn spend(&self, user: UserId, attempt: Uuid) -> Result<bool, CodesAway>;

    /// The attempt that is out and neither used nor too old.
    async fn current(&self, user: UserId, now: DateTime<Utc>) -> Result<Option<Attempt>, CodesAway>;

    /// Forgets someone.
    async fn forget(&self, user: UserId) -> Result<(), CodesAway>;
}

/// Where codes are counted.
#[derive(Clone)]
pub enum CodeStorage {
    /// In this domain's own database, in the transaction of what is done with them.
    Here,
    /// By something else that several instances share.
    Elsewhere(Arc<dyn PhoneCodes>),
}

impl std::fmt::Debug for CodeStorage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Here => "Here",
            Self::Elsewhere(_) => "Elsewhere",
        })
    }
}
