//! How a project is billed, on its way in and out.

use chrono::{DateTime, Utc};
use kernel::{
    ids::ProjectId,
    money::{Currency, MAX_AMOUNT},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::{dto::checks::is_currency, money::Settings};

/// How a project's work is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BillingKind {
    /// By the hour.
    Hourly,
    /// At a fixed price.
    Fixed,
    /// At a price per period.
    Subscription,
    /// By the task.
    PerTask,
    /// Not at all: it takes no invoices.
    NonBillable,
}

impl BillingKind {
    /// As it is kept.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Hourly => "hourly",
            Self::Fixed => "fixed",
            Self::Subscription => "subscription",
            Self::PerTask => "per_task",
            Self::NonBillable => "non_billable",
        }
    }
}

/// How a project is billed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProjectBilling)]
pub struct BillingView {
    /// Whose.
    pub project_id: ProjectId,
    /// How its work is billed.
    #[serde(rename = "type")]
    pub kind: BillingKind,
    /// What an hour, the project, a period or a task costs, in minor units; null for nothing said.
    pub rate: Option<i64>,
    /// The budget, in minor units: what may be invoiced (less what was taken back of it), and what may be withdrawn,
    /// neither more than this. Null for none.
    pub limit: Option<i64>,
    /// The currency of its money (ISO 4217).
    pub currency: String,
    /// How many digits of its amounts are behind the point.
    pub exponent: u8,
    /// What is invoiced of the budget; null without one.
    pub invoiced: Option<i64>,
    /// What is withdrawn of the budget; null without one.
    pub withdrawn: Option<i64>,
    /// Counts its changes; the entity tag. 0 while nothing was said.
    pub version: i32,
    /// When it last changed; null while nothing was said.
    pub updated_at: Option<DateTime<Utc>>,
}

impl BillingView {
    /// What is said of a project, or holds while nothing is.
    pub(crate) fn of(project: ProjectId, settings: Option<Settings>, default_currency: &str) -> Self {
        let currency = settings.as_ref().map_or(default_currency, |settings| &settings.currency).to_owned();
        let has_budget = settings.as_ref().is_some_and(|settings| settings.budget.is_some());
        let used = |count: fn(&Settings) -> i64| settings.as_ref().filter(|_| has_budget).map(count);
        Self {
            project_id: project,
            kind: settings.as_ref().and_then(|settings| settings.kind).unwrap_or(BillingKind::NonBillable),
            rate: settings.as_ref().and_then(|settings| settings.rate),
            limit: settings.as_ref().and_then(|settings| settings.budget),
            exponent: exponent(&currency),
            currency,
            invoiced: used(|settings| settings.invoiced),
            withdrawn: used(|settings| settings.withdrawn),
            version: settings.as_ref().map_or(0, |settings| settings.version),
            updated_at: settings.map(|settings| settings.updated_at),
        }
    }
}

/// How many digits of a currency's amounts are behind the point.
pub(super) fn exponent(currency: &str) -> u8 {
    Currency::of(currency).map_or(2, Currency::exponent)
}

/// How a project is to be billed from now on.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProjectBillingContent)]
#[validate(schema(function = is_priced_as_billed))]
pub struct BillingContent {
    /// How its work is billed.
    #[serde(rename = "type")]
    pub kind: BillingKind,
    /// What an hour, the project, a period or a task costs, in minor units. None for what isn't billed.
    #[validate(range(min = 0, max = MAX_AMOUNT))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub rate: Option<i64>,
    /// The budget, in minor units; without one there is no limit.
    #[validate(range(min = 0, max = MAX_AMOUNT))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub limit: Option<i64>,
    /// The currency of its money (ISO 4217). Kept when left out, at first the workspace's. Can't change any more once an
    /// operation is recorded.
    #[validate(custom(function = is_currency))]
    #[schema(pattern = "^[A-Z]{3}$", examples("EUR"))]
    pub currency: Option<String>,
}

fn is_priced_as_billed(content: &BillingContent) -> Result<(), ValidationError> {
    if content.kind == BillingKind::NonBillable && content.rate.is_some() {
        let message = "What isn't billed has no rate; leave `rate` out.";
        return Err(ValidationError::new("rate_of_nothing").with_message(message.into()));
    }
    Ok(())
}
