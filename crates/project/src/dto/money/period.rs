//! Months that are closed or open.

use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use kernel::ids::UserId;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A month, by its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(pub NaiveDate);

/// Not a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a month is a year and a month, as in 2026-03")]
pub struct NoMonth;

impl FromStr for Month {
    type Err = NoMonth;

    /// `2026-03`, and nothing else.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let day = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").map_err(|_| NoMonth)?;
        let month = Self(day);
        if month.to_string() == text && (1900..=2999).contains(&day.year()) { Ok(month) } else { Err(NoMonth) }
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

/// A month that is closed, or once was.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(crate) struct Period {
    pub(crate) id: uuid::Uuid,
    pub(crate) month: NaiveDate,
    pub(crate) is_closed: bool,
    pub(crate) changed_at: DateTime<Utc>,
    pub(crate) changed_by: UserId,
    pub(crate) version: i32,
}

/// A month that is closed, or once was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Period)]
pub struct PeriodView {
    /// The month, as in `2026-03`.
    pub month: String,
    /// Whether it is closed: then it takes no operation that is dated in it.
    pub is_closed: bool,
    /// When it was last closed or reopened.
    pub changed_at: DateTime<Utc>,
    /// By whom.
    pub changed_by: UserId,
    /// Counts its changes; the entity tag.
    pub version: i32,
}

impl From<Period> for PeriodView {
    fn from(period: Period) -> Self {
        let Period { month, is_closed, changed_at, changed_by, version, .. } = period;
        Self { month: Month(month).to_string(), is_closed, changed_at, changed_by, version }
    }
}

/// Which months to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PeriodFilter {
    /// Only closed ones, or only those that were reopened.
    pub is_closed: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_a_year_and_a_month() {
        assert_eq!("2026-03".parse::<Month>().map(|month| month.to_string()).as_deref(), Ok("2026-03"));
        for other in ["", "2026", "2026-3", "2026-13", "2026-03-01", "1026-03", "+2026-03", "2026-00"] {
            assert!(other.parse::<Month>().is_err(), "{other}");
        }
    }
}
