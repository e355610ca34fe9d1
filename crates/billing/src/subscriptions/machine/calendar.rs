//! Periods and parts of them: months that end when they end, and days that are counted whole.

use chrono::{DateTime, Duration, Months, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How often a plan is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// Every month.
    Month,
    /// Every year.
    Year,
}

impl Interval {
    /// The word for it in JSON and in the database.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// When the period `count` after the one that began at `anchor` begins: on the anchor's day, or on the last of a
    /// month that has no such day. Always from the anchor: 31 January, 28 February, 31 March.
    pub(crate) fn after(self, anchor: DateTime<Utc>, count: u32) -> DateTime<Utc> {
        let months = match self {
            Self::Month => count,
            Self::Year => count.saturating_mul(12),
        };
        // Fails beyond the year 262000; then it never ends.
        anchor.checked_add_months(Months::new(months)).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// The part of `price` that `days` of `of` days cost, rounded half up to a whole minor unit: 14 of 31 days at 10000 cost
/// 4516.
pub(crate) fn prorated(price: i64, days: i64, of: i64) -> i64 {
    let of = i128::from(of.max(1));
    let part = (i128::from(price) * i128::from(days) * 2 + of).div_euclid(of * 2);
    i64::try_from(part).unwrap_or(i64::MAX)
}

/// How many days a period has.
pub(super) fn days_of(start: DateTime<Utc>, end: DateTime<Utc>) -> i64 {
    (end - start).num_days()
}

/// How many days are left, the one that has begun counted whole: nobody has part of a day for nothing.
pub(super) fn days_begun(from: DateTime<Utc>, end: DateTime<Utc>) -> i64 {
    let left = (end - from).max(Duration::zero());
    let whole = left.num_days();
    if Duration::days(whole) < left { whole + 1 } else { whole }
}

/// How many whole days are left.
pub(super) fn days_whole(from: DateTime<Utc>, end: DateTime<Utc>) -> i64 {
    (end - from).num_days().max(0)
}

/// `days` later.
pub(super) fn later(at: DateTime<Utc>, days: u16) -> DateTime<Utc> {
    at.checked_add_signed(Duration::days(i64::from(days))).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
