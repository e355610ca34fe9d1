//! Reports: what operations add up to.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use kernel::{
    http::Dated,
    ids::{ProjectId, WorkspaceId},
    money::Currency,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::billing::exponent;
use crate::money::Figures;

/// What to report on.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportFilter {
    /// Operations that count for this day or a later one.
    #[serde(deserialize_with = "kernel::http::dated")]
    pub from: Option<NaiveDate>,
    /// Operations that count for this day or an earlier one.
    #[serde(deserialize_with = "kernel::http::dated")]
    pub to: Option<NaiveDate>,
    /// What was known at this instant (RFC 3339), or at the end of this day (UTC): operations recorded by then.
    #[param(value_type = Option<String>)]
    #[serde(deserialize_with = "kernel::http::dated")]
    pub as_of: Option<AsOf>,
    /// In this currency only (ISO 4217).
    #[param(value_type = Option<String>, pattern = "^[A-Z]{3}$")]
    pub currency: Option<CurrencyCode>,
    /// Figures also of each month, or of each project.
    #[param(inline)]
    pub group_by: Option<GroupBy>,
    /// `json`, or `csv`: then a row for each group, or for each currency without groups.
    #[param(inline)]
    pub format: Option<Format>,
}

/// An instant, which may be given as a day: then the day's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct AsOf(pub DateTime<Utc>);

impl Dated for AsOf {
    fn year(&self) -> Option<i32> {
        self.0.year()
    }
}

impl TryFrom<String> for AsOf {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        // A `+` that wasn't encoded has become a blank.
        if let Ok(instant) = DateTime::parse_from_rfc3339(&text.replace(' ', "+")) {
            return Ok(Self(instant.to_utc()));
        }
        let day: NaiveDate = text.parse().map_err(|_| "an instant of RFC 3339, or a day")?;
        let next = day.checked_add_days(Days::new(1)).ok_or("a day that is too late")?;
        let last = next.and_time(NaiveTime::MIN).and_utc() - chrono::Duration::microseconds(1);
        Ok(Self(last))
    }
}

/// The code of a currency in use.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct CurrencyCode(pub String);

impl TryFrom<String> for CurrencyCode {
    type Error = kernel::money::UnknownCurrency;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse::<Currency>().map(|currency| Self(currency.code().to_owned()))
    }
}

/// By what figures are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// Each month by itself.
    Month,
    /// Each project by itself.
    Project,
}

/// As what a report comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A JSON document.
    Json,
    /// A table (RFC 4180).
    Csv,
}

/// The figures, in minor units. Always: `receivable = issued − paid − credited`, and
/// `balance = paid − refunded − withdrawn`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Amounts {
    /// Invoices.
    pub issued: i64,
    /// Deposits, less those taken back.
    pub paid: i64,
    /// What was taken back of invoices.
    pub credited: i64,
    /// Refunds, less those taken back.
    pub refunded: i64,
    /// Withdrawals, less those taken back.
    pub withdrawn: i64,
    /// What is owed.
    pub receivable: i64,
    /// What lies there.
    pub balance: i64,
}

impl From<Figures> for Amounts {
    fn from(figures: Figures) -> Self {
        let Figures { issued, paid, credited, refunded, withdrawn, receivable, balance } = figures;
        Self { issued, paid, credited, refunded, withdrawn, receivable, balance }
    }
}

/// The figures of one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportTotal)]
pub struct CurrencyTotal {
    /// The currency (ISO 4217).
    pub currency: String,
    /// How many digits of the amounts are behind the point.
    pub exponent: u8,
    /// The figures.
    #[serde(flatten)]
    pub amounts: Amounts,
}

impl CurrencyTotal {
    pub(crate) fn new(currency: String, figures: Figures) -> Self {
        Self { exponent: exponent(&currency), currency, amounts: figures.into() }
    }
}

/// The project that a group is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportProject)]
pub struct GroupProject {
    /// Its identity.
    pub id: ProjectId,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
}

/// The figures of one month or project, in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportGroup)]
pub struct Group {
    /// The month, as in `2026-03`; null where it is by project.
    pub month: Option<String>,
    /// The project; null where it is by month.
    pub project: Option<GroupProject>,
    /// The figures.
    #[serde(flatten)]
    pub total: CurrencyTotal,
}

/// What operations add up to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// Where.
    pub workspace_id: WorkspaceId,
    /// Of which project; null for all of the workspace's.
    pub project_id: Option<ProjectId>,
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
    /// What was known when.
    pub as_of: Option<DateTime<Utc>>,
    /// By what the groups are told apart.
    pub group_by: Option<GroupBy>,
    /// The figures of the currency that was asked for, or else the project's or the workspace's.
    #[serde(flatten)]
    pub total: CurrencyTotal,
    /// The figures of each currency that there are operations in.
    pub totals: Vec<CurrencyTotal>,
    /// The figures of each group, by currency, then by month or project.
    pub groups: Vec<Group>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_may_be_a_day() {
        let as_of = |text: &str| AsOf::try_from(text.to_owned()).map(|as_of| as_of.0.to_rfc3339());
        assert_eq!(as_of("2026-03-31").as_deref(), Ok("2026-03-31T23:59:59.999999+00:00"));
        assert_eq!(as_of("2026-03-31T12:00:00Z").as_deref(), Ok("2026-03-31T12:00:00+00:00"));
        assert_eq!(as_of("2026-03-31T12:00:00 02:00").as_deref(), Ok("2026-03-31T10:00:00+00:00"));
        assert!(as_of("yesterday").is_err() && as_of("").is_err());
    }
}
