//! What can go wrong with plans, subscriptions and invoices, and how it is told.

use kernel::{
    failure::{Failure, unique_violation},
    problem::Problem,
};
use sea_orm::DbErr;
use serde_json::Value;

use crate::{error::LedgerError, subscriptions::machine::Refused};

/// Why something in this domain did not happen.
#[derive(Debug, thiserror::Error)]
pub enum BillingError {
    /// The database failed, or the permit's transaction was refused.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// Refused with what to answer.
    #[error("refused")]
    Refused(Problem),
    /// It is gone, or was never there for the caller.
    #[error("not found")]
    Missing,
    /// Another plan of the seller has the code.
    #[error("code taken")]
    CodeTaken,
    /// The seller has as many plans as it may.
    #[error("too many plans")]
    TooManyPlans,
    /// The platform sells to workspaces, and gives no role.
    #[error("a role of no workspace")]
    RoleOfNoWorkspace,
    /// There is no such plan to subscribe to.
    #[error("unknown plan")]
    UnknownPlan,
    /// The plan is not sold any more.
    #[error("plan not for sale")]
    NotForSale,
    /// The role that the plan gives can't be given at present.
    #[error("the plan's role is withheld")]
    RoleWithheld,
    /// The plan was published anew while somebody asked for it.
    #[error("the plan changed meanwhile")]
    PlanTurned,
    /// There is a subscription that isn't over.
    #[error("already subscribed")]
    AlreadySubscribed,
    /// Something of a former subscription isn't paid, in another currency than the plan's.
    #[error("owed in {currency}")]
    OwedElsewhere {
        /// Which.
        currency: String,
    },
    /// Who subscribes to a workspace's plan is one of its members.
    #[error("not a member")]
    NotAMember,
    /// They are no active member.
    #[error("an outsider")]
    Outsider {
        /// Where the request names them.
        pointer: &'static str,
    },
    /// The change is refused.
    #[error(transparent)]
    Unchangeable(#[from] Refused),
    /// What was quoted is not what it would cost now.
    #[error("the quote changed")]
    QuoteChanged(Box<Value>),
    /// The invoice doesn't stand so that this can become of it.
    #[error("invoice is {0}")]
    InvoiceStands(&'static str),
    /// The workspace is not to be billed by a moved clock.
    #[error("no test clocks here")]
    NoTestClocks,
    /// The lines sum to nothing, or less, or too much.
    #[error("no total")]
    NoTotal,
    /// The ledger refused.
    #[error(transparent)]
    Ledger(LedgerError),
    /// What is stored can't be read.
    #[error("a stored state can't be read: {0}")]
    Unreadable(serde_json::Error),
}

impl From<DbErr> for BillingError {
    fn from(error: DbErr) -> Self {
        match unique_violation(&error) {
            Some("plans_code") => Self::CodeTaken,
            Some("subscriptions_one_at_a_time") => Self::AlreadySubscribed,
            _ => Self::Failure(error.into()),
        }
    }
}

impl From<LedgerError> for BillingError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Db(error) => error.into(),
            error => Self::Ledger(error),
        }
    }
}

impl From<Problem> for BillingError {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

impl From<serde_json::Error> for BillingError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error)
    }
}

impl From<BillingError> for Problem {
    fn from(error: BillingError) -> Self {
        use BillingError as E;
        match error {
            E::Failure(failure) => failure.into(),
            E::Refused(problem) => problem,
            E::Missing => Self::not_found(),
            E::CodeTaken => Self::conflict("code_taken", "Another plan of this seller has this code; choose another."),
            E::TooManyPlans => Self::conflict("too_many_plans", "The seller has as many plans as it may."),
            E::RoleOfNoWorkspace => Self::invalid_field(
                "/grants_role",
                "role_of_no_workspace",
                "The platform's plans are for workspaces, which hold no role; leave it out.",
            ),
            E::UnknownPlan => {
                Self::invalid_field("/plan", "unknown_plan", "There is no such plan to subscribe to here.")
            }
            E::NotForSale => Self::conflict("plan_not_for_sale", "The plan is not sold any more; choose another."),
            E::RoleWithheld => Self::conflict(
                "plan_role_withheld",
                "The plan's role can't be given at present: who published the plan doesn't hold what it grants any more. Somebody \
                 who does has to publish the plan anew.",
            ),
            E::PlanTurned => Self::conflict("plan_changed", "The plan was published anew in this moment; try again."),
            E::AlreadySubscribed => Self::conflict(
                "already_subscribed",
                "There is a subscription already; change its plan, or cancel it first.",
            ),
            E::OwedElsewhere { currency } => {
                let detail =
                    format!("Days of a former subscription were used and not paid; subscribe to a plan in {currency}.");
                Self::conflict("owed_in_another_currency", detail).with_member("currency", currency)
            }
            E::NotAMember => Self::invalid_field(
                "/workspace",
                "not_a_member",
                "A workspace's plans are for its members, and you are none of them.",
            ),
            E::Outsider { pointer } => {
                Self::invalid_field(pointer, "not_a_member", "Name someone who is an active member of the workspace.")
            }
            E::Unchangeable(refused) => unchangeable(refused),
            E::QuoteChanged(quote) => Self::conflict(
                "quote_changed",
                "What the change costs is not what was quoted; `quote` says what it is now.",
            )
            .with_member("quote", *quote),
            E::InvoiceStands(status) => {
                let detail = format!("The invoice is {status}, so this can't become of it.");
                Self::conflict("invoice_status", detail).with_member("invoice_status", status)
            }
            E::NoTestClocks => Self::forbidden(
                "test_clock_refused",
                "In production nobody moves the time; it is for trying things out elsewhere.",
            ),
            E::NoTotal => Self::invalid_field(
                "/lines",
                "no_total",
                "The lines sum to more than nothing, and to no more than 1000000000000.",
            ),
            error @ (E::Ledger(_) | E::Unreadable(_)) => Self::internal(&error),
        }
    }
}

fn unchangeable(refused: Refused) -> Problem {
    match refused {
        Refused::Over => Problem::conflict("subscription_over", "The subscription is over; subscribe anew."),
        Refused::Ends => Problem::conflict("subscription_ends", "It was cancelled and ends with its period."),
        Refused::PaymentDue => {
            Problem::conflict("payment_due", "Something of this subscription isn't paid; until it is, it can't change.")
        }
        Refused::Turning => Problem::conflict(
            "subscription_renewing",
            "Its period is over and the next is about to begin; try again in a moment.",
        ),
        Refused::Same => Problem::conflict("same_plan", "It is this plan already, in this version."),
        Refused::OtherCurrency => {
            Problem::invalid_field("/plan", "other_currency", "That plan is sold in another currency.")
        }
    }
}
