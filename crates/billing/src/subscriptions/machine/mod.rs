//! What becomes of a subscription: a pure machine. It is given the time and what happened, and says what follows; the
//! service does that. Nothing here reads a clock, a database or a random number.

mod calendar;
mod changing;
mod ending;
mod passing;
mod paying;
mod starting;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use calendar::Interval;

pub use changing::{Effective, Quote, Refused};
pub use passing::UNANSWERED;

use crate::plans::PlanId;

/// How a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SubscriptionStatus)]
pub enum Status {
    /// In force for a while, for nothing.
    Trialing,
    /// In force and paid.
    Active,
    /// Not paid; it is asked for again. In force if it was paid before.
    PastDue,
    /// Still not paid; its last days.
    Grace,
    /// Ended because someone ended it.
    Canceled,
    /// Ended because it was not paid.
    Expired,
}

impl Status {
    /// The word for it in JSON and in the database.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Trialing => "trialing",
            Self::Active => "active",
            Self::PastDue => "past_due",
            Self::Grace => "grace",
            Self::Canceled => "canceled",
            Self::Expired => "expired",
        }
    }

    /// Whether nothing becomes of it any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Canceled | Self::Expired)
    }
}

/// What was agreed: one version of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The plan: with all of its versions, the family that one trial is given of.
    pub plan: PlanId,
    /// Which version.
    pub version: i32,
    /// Its name then, for lines of invoices.
    pub name: String,
    /// For each interval, in minor units.
    pub price: i64,
    /// Its code.
    pub currency: String,
    /// How often it is paid.
    pub interval: Interval,
    /// Days that it is in force for nothing, once.
    pub trial_days: u16,
}

impl Terms {
    /// What a year of it costs: by that, plans are higher or lower.
    fn yearly(&self) -> i64 {
        match self.interval {
            Interval::Month => self.price.saturating_mul(12),
            Interval::Year => self.price,
        }
    }

    fn is(&self, other: &Self) -> bool {
        (self.plan, self.version) == (other.plan, other.version)
    }
}

/// How long what isn't paid is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Days past due.
    pub past_due_days: u16,
    /// Days of grace after them.
    pub grace_days: u16,
    /// Days between two times of asking.
    pub retry_days: u16,
}

/// A bill that the subscription rests on and that isn't paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// Which: they are counted from 1 in each subscription.
    pub bill: u32,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it is asked for next; never by itself, where somebody else says when it is paid.
    pub ask_at: Option<DateTime<Utc>>,
    /// How often it was asked for.
    pub asked: u32,
}

/// A change that takes place when it is paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// To what.
    pub terms: Terms,
    /// Whether a new period begins with it.
    pub restarts: bool,
    /// What has to be paid, when it is asked for next, how often it was.
    pub owed: Owed,
}

/// A subscription, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How it stands.
    pub status: Status,
    /// Whether what is past due was in force before: a first payment is waited for with nothing given.
    pub begun: bool,
    /// What is in force.
    pub terms: Terms,
    /// What it is from the next period on, if something else.
    pub next: Option<Terms>,
    /// What it is when that is paid.
    pub waiting: Option<Waiting>,
    /// When its first period began: all others are counted from there, so that the 31st comes back after a February.
    pub anchor: DateTime<Utc>,
    /// How many periods since.
    pub count: u32,
    /// The period, or the trial.
    pub period_start: DateTime<Utc>,
    /// Its end.
    pub period_end: DateTime<Utc>,
    /// Whether it ends with its period.
    pub ends: bool,
    /// What isn't paid.
    pub owed: Option<Owed>,
    /// What was used without being paid, here or in a subscription before this one: it is on this one's first bill, or on that of
    /// the next. In the currency of the terms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arrears: Vec<Line>,
    /// How many bills were made.
    pub bills: u32,
    /// How many times something became of it.
    pub sequence: u64,
}

/// A line of a bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = InvoiceLine)]
pub struct Line {
    /// What for.
    #[schema(max_length = 300)]
    pub description: String,
    /// In minor units; what is credited is negative.
    pub amount: i64,
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// A bill is made, finalised and posted.
    Bill {
        /// Which.
        bill: u32,
        /// Its lines, which sum to more than nothing.
        lines: Vec<Line>,
    },
    /// A bill is taken back.
    Void {
        /// Which.
        bill: u32,
    },
    /// A bill is to be paid now.
    Ask {
        /// Which.
        bill: u32,
        /// The how-manieth time.
        attempt: u32,
    },
    /// Something to tell.
    Tell {
        /// What.
        news: News,
        /// When it happened.
        at: DateTime<Utc>,
    },
}

/// What is told of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// It was made.
    Created,
    /// A trial began.
    TrialBegan,
    /// A paid period began, or one of a plan that costs nothing.
    Activated,
    /// Another period began.
    Renewed,
    /// It has other terms.
    Changed,
    /// It will have other terms when the period is over.
    ChangePlanned,
    /// It will not have the other terms.
    ChangeDropped,
    /// It isn't paid.
    PastDue,
    /// It still isn't.
    GraceBegan,
    /// It ends with its period.
    EndPlanned,
    /// Somebody ended it.
    Canceled,
    /// It ended because it wasn't paid.
    Expired,
}

impl State {
    /// Whether it gives what its plan gives.
    pub fn is_in_force(&self) -> bool {
        match self.status {
            Status::Trialing | Status::Active => true,
            Status::PastDue | Status::Grace => self.begun,
            Status::Canceled | Status::Expired => false,
        }
    }

    fn tell(news: News, at: DateTime<Utc>) -> Effect {
        Effect::Tell { news, at }
    }

    /// Counts one more time that something became of it.
    fn moved(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        if !effects.is_empty() {
            self.sequence += 1;
        }
        effects
    }

    /// Makes a bill; it is asked for at once.
    fn bill(&mut self, lines: Vec<Line>, now: DateTime<Utc>) -> (Owed, Effect) {
        self.bills += 1;
        let owed = Owed { bill: self.bills, since: now, ask_at: Some(now), asked: 0 };
        (owed, Effect::Bill { bill: self.bills, lines })
    }

    /// The line of a whole period that begins at `start`.
    fn period_line(terms: &Terms, start: DateTime<Utc>, end: DateTime<Utc>) -> Line {
        let description = format!("{}, {} to {}", terms.name, start.date_naive(), end.date_naive());
        Line { description, amount: terms.price }
    }
}
