//! What can go wrong with workshops, and how it is told.

use chrono::{DateTime, SecondsFormat, Utc};
use kernel::{
    failure::Failure,
    problem::{FieldFault, Problem},
};
use sea_orm::DbErr;

/// Why something with a workshop did not happen.
#[derive(Debug, thiserror::Error)]
pub enum WorkshopError {
    /// The write failed for a reason that has nothing to do with workshops.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// It was refused in words of its own.
    #[error(transparent)]
    Refused(#[from] Problem),
    /// The workshop is not there, or no longer.
    #[error("not there")]
    Missing,
    /// What is said of the workshop does not fit together.
    #[error("fields that don't fit together")]
    Unfit(Vec<FieldFault>),
    /// The workshop was cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The workshop took place.
    #[error("finished")]
    Finished,
    /// The workshop is not published yet.
    #[error("a draft")]
    Draft,
    /// Someone is registered for the workshop.
    #[error("has attendees")]
    HasAttendees,
    /// Registration isn't open at this moment.
    #[error("registration closed")]
    RegistrationClosed {
        /// When it opens; at once, where nobody said.
        opens_at: Option<DateTime<Utc>>,
        /// When it closes.
        closes_at: DateTime<Utc>,
    },
    /// The person named is not an active member of the workspace.
    #[error("not a member of the workspace")]
    Outsider,
    /// The person is not registered for the workshop.
    #[error("not registered")]
    NotRegistered,
    /// The caller has no seat in the workshop whose attendees add photos.
    #[error("not attending")]
    NotAttending,
    /// It is none of the workshop's days.
    #[error("not on its days")]
    UploadWindowClosed {
        /// When they begin.
        opens_at: DateTime<Utc>,
        /// When they are over.
        closes_at: DateTime<Utc>,
    },
    /// Nobody can have come yet.
    #[error("before its first day")]
    CheckInNotOpen {
        /// When its first day begins.
        opens_at: DateTime<Utc>,
    },
    /// As much was written to those who attend as may be in a day.
    #[error("too many messages")]
    TooManyMessages {
        /// In how many seconds there is room for another.
        retry_after: u64,
    },
    /// The person came: that is not taken back.
    #[error("checked in")]
    CheckedIn,
    /// The person waits for a seat.
    #[error("waitlisted")]
    Waitlisted,
}

impl From<DbErr> for WorkshopError {
    fn from(error: DbErr) -> Self {
        Self::Failure(error.into())
    }
}

/// An instant as the API writes it.
pub(crate) fn told(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// 403 to whoever adds photos to what they attend, and has no seat there.
pub(crate) fn not_registered() -> Problem {
    Problem::forbidden("not_registered", "Photos of this workshop are added by those who have a seat in it.")
}

impl From<WorkshopError> for Problem {
    fn from(error: WorkshopError) -> Self {
        match error {
            WorkshopError::Failure(failure) => failure.into(),
            WorkshopError::Refused(problem) => problem,
            WorkshopError::Missing => Self::not_found(),
            WorkshopError::Unfit(faults) => Self::invalid(faults),
            WorkshopError::Cancelled => Self::conflict("workshop_cancelled", "The workshop was cancelled."),
            WorkshopError::Finished => Self::conflict("workshop_finished", "The workshop is over."),
            WorkshopError::Draft => Self::conflict("workshop_draft", "The workshop is a draft; publish it first."),
            WorkshopError::HasAttendees => Self::conflict(
                "workshop_has_attendees",
                "People are registered for the workshop; cancel it instead, so that they are told.",
            ),
            WorkshopError::RegistrationClosed { opens_at, closes_at } => {
                Self::forbidden("registration_closed", "Registration for this workshop isn't open at this moment.")
                    .with_member("opens_at", opens_at.map(told))
                    .with_member("closes_at", told(closes_at))
            }
            WorkshopError::Outsider => Self::invalid_field(
                "/user_id",
                "not_a_member",
                "Name someone who is an active member of the workspace.",
            ),
            WorkshopError::NotRegistered => Self::new(
                actix_web::http::StatusCode::NOT_FOUND,
                "not_registered",
                "There is no registration for this workshop.",
            ),
            WorkshopError::NotAttending => not_registered(),
            WorkshopError::UploadWindowClosed { opens_at, closes_at } => {
                Self::forbidden("upload_window_closed", "Photos are added on the days of the workshop.")
                    .with_member("opens_at", told(opens_at))
                    .with_member("closes_at", told(closes_at))
            }
            WorkshopError::CheckInNotOpen { opens_at } => Self::forbidden(
                "check_in_not_open",
                "Attendees are checked in from the workshop's first day on, by the clock where it takes place.",
            )
            .with_member("opens_at", told(opens_at)),
            WorkshopError::TooManyMessages { retry_after } => Self::new(
                actix_web::http::StatusCode::TOO_MANY_REQUESTS,
                "too_many_messages",
                "As many messages as may be were written to the attendees of this workshop within a day.",
            )
            .with_header("Retry-After", retry_after.to_string()),
            WorkshopError::CheckedIn => {
                Self::conflict("checked_in", "Whoever came to the workshop can't withdraw from it.")
            }
            WorkshopError::Waitlisted => Self::conflict("waitlisted", "Whoever waits for a seat can't be checked in."),
        }
    }
}
