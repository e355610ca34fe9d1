//! What can go wrong with the log, and how it is told.

use kernel::problem::Problem;
use sea_orm::DbErr;

/// Why something with the log did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ActivityError {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbErr),
    /// It was refused in words of its own.
    #[error(transparent)]
    Refused(#[from] Problem),
}

impl From<ActivityError> for Problem {
    fn from(error: ActivityError) -> Self {
        match error {
            ActivityError::Db(error) => error.into(),
            ActivityError::Refused(problem) => problem,
        }
    }
}
