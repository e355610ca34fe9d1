//! Subscriptions, on their way in and out.

use chrono::{DateTime, Utc};
use kernel::{
    authority::WorkspaceRef,
    ids::{UserId, WorkspaceId},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    SubscriptionId,
    machine::{Effective, Line, Quote, Status, Terms},
    store::Subscription,
};
use crate::plans::PlanId;

/// A line of a bill.
pub type LineView = Line;

/// A version of a plan that somebody has, or will have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SubscribedPlan)]
pub struct PlanRef {
    /// The plan.
    pub id: PlanId,
    /// The version that was agreed to.
    pub version: i32,
    /// Its name then.
    pub name: String,
    /// What it costs for each interval, in minor units.
    pub price: i64,
    /// In which currency (ISO 4217).
    pub currency: String,
}

impl From<&Terms> for PlanRef {
    fn from(terms: &Terms) -> Self {
        Self {
            id: terms.plan,
            version: terms.version,
            name: terms.name.clone(),
            price: terms.price,
            currency: terms.currency.clone(),
        }
    }
}

/// A subscription.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Subscription)]
pub struct SubscriptionView {
    /// Its identity.
    pub id: SubscriptionId,
    /// The workspace in which it lies.
    pub workspace_id: WorkspaceId,
    /// The member who subscribed; null where it is the workspace's, to a plan of the platform.
    pub user_id: Option<UserId>,
    /// What is in force.
    pub plan: PlanRef,
    /// How it stands.
    pub status: Status,
    /// Whether it gives what its plan gives. A first payment is waited for with nothing given.
    pub in_force: bool,
    /// When the period or the trial began.
    pub period_start: DateTime<Utc>,
    /// When it ends.
    pub period_end: DateTime<Utc>,
    /// Whether the subscription ends with it.
    pub ends_at_period_end: bool,
    /// What it is from the next period on, if something else.
    pub next_plan: Option<PlanRef>,
    /// What it is as soon as that is paid.
    pub waiting_plan: Option<PlanRef>,
    /// Whether something is to be paid.
    pub payment_due: bool,
    /// What was used and isn't paid, in minor units: it is on the first bill of this subscription, or where it is over, on that
    /// of the next.
    pub arrears: i64,
    /// How many times something became of it.
    pub sequence: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When something last became of it.
    pub updated_at: DateTime<Utc>,
}

impl From<&Subscription> for SubscriptionView {
    fn from(row: &Subscription) -> Self {
        let state = &row.state;
        Self {
            id: row.id,
            workspace_id: row.workspace_id,
            user_id: row.user_id,
            plan: PlanRef::from(&state.terms),
            status: state.status,
            in_force: state.is_in_force(),
            period_start: state.period_start,
            period_end: state.period_end,
            ends_at_period_end: state.ends,
            next_plan: state.next.as_ref().map(PlanRef::from),
            waiting_plan: state.waiting.as_ref().map(|waiting| PlanRef::from(&waiting.terms)),
            payment_due: state.owed.is_some() || state.waiting.is_some(),
            arrears: state.arrears.iter().map(|line| line.amount).sum(),
            sequence: row.sequence(),
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What to subscribe to.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubscription {
    /// The plan: its id, or its code among the workspace's plans and else the platform's.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100, examples("growth"))]
    pub plan: String,
    /// Where; may be left out by someone who belongs to exactly one workspace.
    pub workspace: Option<WorkspaceRef>,
}

/// Another plan.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChosenPlan {
    /// The plan: its id, or its code.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub plan: String,
}

/// Another plan, for what was quoted.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanChange {
    /// The plan: its id, or its code.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub plan: String,
    /// The `quote` of what was quoted.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub quote: String,
}

/// What a change of plan would cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Quote)]
pub struct QuoteView {
    /// What to send with the change; it stands for all that is said here.
    pub quote: String,
    /// The plan.
    pub plan: PlanRef,
    /// When it would take place.
    pub effective: Effective,
    /// What is charged at once, in minor units.
    pub amount: i64,
    /// In which currency (ISO 4217).
    pub currency: String,
    /// For what.
    pub lines: Vec<Line>,
    /// The end of the period that is charged for; where it takes place at the renewal, when that is.
    pub until: DateTime<Utc>,
}

impl QuoteView {
    /// What is said to who asks.
    pub(crate) fn of(subscription: &Subscription, terms: &Terms, quote: &Quote) -> Self {
        let plan = PlanRef::from(terms);
        let (effective, amount, until) = (quote.effective, quote.amount(), quote.until);
        // Not a secret: it only tells one quote from another, so that nobody agrees to what they weren't told. By days, as
        // what it costs: a period that would begin now ends at another instant whenever that is asked.
        let said = (subscription.id, subscription.sequence(), &plan, effective, &quote.lines, until.date_naive());
        let said = serde_json::to_vec(&said).unwrap_or_default();
        let quoted = hex::encode(&Sha256::digest(&said)[..16]);
        let currency = terms.currency.clone();
        Self { quote: quoted, plan, effective, amount, currency, lines: quote.lines.clone(), until }
    }
}

/// Which subscriptions to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct SubscriptionFilter {
    /// Those that stand so.
    pub status: Option<Status>,
}

/// How to end it.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct CancelFilter {
    /// At once, and not with its period. Nothing is paid back.
    pub now: bool,
}

/// How far to move the time.
#[derive(Clone, Copy, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockMove {
    /// Days ahead, 1–1000.
    #[validate(range(min = 1, max = 1000))]
    #[schema(minimum = 1, maximum = 1000)]
    pub days: u16,
}

/// The time of a workspace's billing.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = TestClock)]
pub struct ClockView {
    /// What time it is there.
    pub now: DateTime<Utc>,
    /// How many things happened by themselves.
    pub happened: u64,
}
