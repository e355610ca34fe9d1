//! What can go wrong with projects, and how it is told.

use actix_web::http::StatusCode;
use billing::{Bound, BoundSource, LedgerError};
use kernel::{
    failure::{Failure, is_out_of_range},
    problem::Problem,
};
use sea_orm::DbErr;

use crate::{dto::Month, money::OperationId};

/// Why something with a project did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The write failed for a reason that has nothing to do with projects.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// It was refused in words of its own.
    #[error(transparent)]
    Refused(#[from] Problem),
    /// The project, or the member of it, is not there, or no longer.
    #[error("not there")]
    Missing,
    /// The project is inactive and takes no changes.
    #[error("project inactive")]
    Inactive,
    /// Another project of the workspace has the key.
    #[error("key taken")]
    KeyTaken,
    /// There are as many projects as there may be.
    #[error("{used} projects of {}", bound.value)]
    LimitReached {
        /// How many there may be, and who says so.
        bound: Bound,
        /// How many there are.
        used: i64,
    },
    /// The person named at `pointer` is not an active member of the workspace.
    #[error("not a member of the workspace")]
    Outsider {
        /// Where the request names them.
        pointer: &'static str,
    },
    /// The person takes part already.
    #[error("member already")]
    AlreadyMember,
    /// An operation was sent without an idempotency key.
    #[error("no idempotency key")]
    KeyRequired,
    /// The request was recorded before, and its reply is kept no longer.
    #[error("recorded before")]
    RecordedBefore(Option<OperationId>),
    /// The project is not billed.
    #[error("not billed")]
    NotBillable,
    /// It would go beyond the project's budget.
    #[error("{used} of {limit} used")]
    BudgetExceeded {
        /// The budget.
        limit: i64,
        /// How much of it is used.
        used: i64,
        /// Their currency.
        currency: String,
    },
    /// Amounts add up to more than can be kept.
    #[error("too much")]
    TooMuch,
    /// The month of the operation is closed.
    #[error("{0} is closed")]
    PeriodClosed(Month),
    /// The operation was taken back before.
    #[error("taken back before")]
    ReversedBefore,
    /// The operation is a reversal itself.
    #[error("a reversal")]
    NotReversible,
    /// The project has money in its currency, or in its books.
    #[error("currency in use")]
    CurrencyInUse,
    /// The project has operations, which are kept.
    #[error("has operations")]
    HasOperations,
    /// The operation has no proof.
    #[error("no proof")]
    NoProof,
    /// Something in the books is none of what this program writes there.
    #[error("the books have something that can't be read")]
    Unreadable,
    /// The store of files failed.
    #[error(transparent)]
    Media(#[from] object_store::Error),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The owner can't be switched off or removed as a member.
    #[error("the owner takes part")]
    OwnerTakesPart,
}

impl ProjectError {
    /// Whether the database failed: then it isn't known whether a commit was still made.
    pub(crate) fn is_of_database(&self) -> bool {
        matches!(self, Self::Failure(Failure::Db(_)) | Self::Ledger(LedgerError::Db(_)))
    }
}

impl From<DbErr> for ProjectError {
    fn from(error: DbErr) -> Self {
        if is_out_of_range(&error) { Self::TooMuch } else { Self::Failure(error.into()) }
    }
}

impl From<ProjectError> for Problem {
    fn from(error: ProjectError) -> Self {
        match error {
            ProjectError::Failure(failure) => failure.into(),
            ProjectError::Refused(problem) => problem,
            ProjectError::Missing | ProjectError::NoProof => Self::not_found(),
            ProjectError::Inactive => {
                Self::conflict("project_inactive", "The project is inactive and takes no changes; activate it first.")
            }
            ProjectError::KeyTaken => {
                Self::conflict("key_taken", "Another project of this workspace has this key; choose another.")
            }
            ProjectError::LimitReached { bound, used } => {
                let Bound { value: limit, source } = bound;
                let detail = match source {
                    BoundSource::WorkspacePlan => {
                        format!("The workspace's plan has room for {limit} projects, and there are {used}.")
                    }
                    _ => format!("The owner may have at most {limit} projects in this workspace, and has {used}."),
                };
                Self::new(StatusCode::FORBIDDEN, "limit_reached", detail)
                    .with_member("limit", limit)
                    .with_member("used", used)
                    .with_member("source", source.as_str())
            }
            ProjectError::Outsider { pointer } => {
                Self::invalid_field(pointer, "not_a_member", "Name someone who is an active member of the workspace.")
            }
            ProjectError::KeyRequired => Self::bad_request(
                "idempotency_key_required",
                "Send an Idempotency-Key with it, another for each operation: then it is safe to repeat.",
            ),
            ProjectError::RecordedBefore(id) => {
                let detail = "An operation was recorded with this Idempotency-Key before; use another for a new one.";
                Self::conflict("recorded_before", detail).with_member("operation_id", id.map(|id| id.to_string()))
            }
            ProjectError::NotBillable => {
                Self::conflict("not_billable", "The project isn't billed, so it takes no invoices; change its billing.")
            }
            ProjectError::BudgetExceeded { limit, used, currency } => {
                let detail = format!("Of the budget of {limit} {used} is used, in minor units; this would go beyond.");
                Self::conflict("budget_exceeded", detail)
                    .with_member("limit", limit)
                    .with_member("used", used)
                    .with_member("currency", currency)
            }
            ProjectError::TooMuch => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "total_too_large",
                "The amounts add up to more than can be kept, which is nine million times the most that one may be; ask \
                 for a shorter time, or for one project.",
            ),
            ProjectError::PeriodClosed(month) => {
                let detail = format!("{month} is closed and takes no operations; reopen it, or choose another day.");
                Self::conflict("period_closed", detail).with_member("month", month.to_string())
            }
            ProjectError::ReversedBefore => Self::conflict("already_reversed", "It was taken back before."),
            ProjectError::NotReversible => {
                Self::conflict("not_reversible", "A reversal can't be taken back; record the operation anew.")
            }
            ProjectError::CurrencyInUse => {
                Self::conflict("currency_in_use", "Operations are recorded in the project's currency; it can't change.")
            }
            ProjectError::HasOperations => Self::conflict(
                "project_has_operations",
                "Financial operations are kept, so their project is, too; deactivate it instead.",
            ),
            error @ (ProjectError::Unreadable | ProjectError::Media(_)) => Self::internal(&error),
            ProjectError::Ledger(LedgerError::ReversedBefore) => ProjectError::ReversedBefore.into(),
            ProjectError::Ledger(LedgerError::Db(error)) => error.into(),
            ProjectError::Ledger(error @ LedgerError::KeyReused) => Self::internal(&error),
            ProjectError::AlreadyMember => Self::conflict("already_member", "This person takes part already."),
            ProjectError::OwnerTakesPart => Self::conflict(
                "owner_takes_part",
                "The owner always takes part; hand the project over to someone else first.",
            ),
        }
    }
}
