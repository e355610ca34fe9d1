//! What can go wrong with the log, and how it is told.

use kernel::{failure::Failure, problem::Problem};
use sea_orm::DbErr;

/// Why something with the log did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ActivityError {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbErr),
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// It was refused in words of its own.
    #[error(transparent)]
    Refused(#[from] Problem),
}

impl From<ActivityError> for Problem {
    fn from(error: ActivityError) -> Self {
        match error {
            ActivityError::Db(error) => error.into(),
            ActivityError::Failure(failure) => failure.into(),
            ActivityError::Refused(problem) => problem,
        }
    }
}
