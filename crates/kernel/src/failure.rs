//! Why a permit's transaction did not begin or commit.

use sea_orm::{DbErr, RuntimeErr};

use crate::{problem::Problem, reply::StoredReply};

/// The name of the unique constraint or index that a statement ran into (SQLSTATE 23505), if that is why it failed.
pub fn unique_violation(error: &DbErr) -> Option<&str> {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else {
        return None;
    };
    let error = cause.as_database_error()?;
    error.is_unique_violation().then(|| error.constraint()).flatten()
}

/// The name of the constraint, of whatever kind, that a statement or a commit ran into (SQLSTATE class 23).
pub fn violated_constraint(error: &DbErr) -> Option<&str> {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else {
        return None;
    };
    let error = cause.as_database_error()?;
    error.code().is_some_and(|code| code.starts_with("23")).then(|| error.constraint()).flatten()
}

/// Whether a statement failed because a number of it is larger than can be kept (SQLSTATE 22003).
pub fn is_out_of_range(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else {
        return false;
    };
    let Some(error) = cause.as_database_error() else { return false };
    error.code().is_some_and(|code| code == "22003")
}

/// What can go wrong in any write, whatever the domain.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbErr),
    /// The role or membership changed since the guard looked.
    #[error("the permit is no longer true")]
    Stale,
    /// The row was changed since the version that `If-Match` names.
    #[error("another version")]
    Changed,
    /// The idempotency key is not 1–255 visible ASCII characters.
    #[error("malformed idempotency key")]
    KeyMalformed,
    /// The idempotency key was used for another request.
    #[error("idempotency key used for another request")]
    KeyReused,
    /// The first request with the idempotency key has not ended.
    #[error("request with this idempotency key still running")]
    KeyInProgress,
    /// The request was answered before.
    #[error("answered before")]
    Replay(Box<StoredReply>),
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Db(error) => error.into(),
            Failure::Stale => Self::forbidden(
                "permission_changed",
                "Your role or membership changed while this request ran; nothing was written.",
            ),
            Failure::Changed => Self::precondition_failed(),
            Failure::KeyMalformed => Self::bad_request(
                "idempotency_key_malformed",
                "Idempotency-Key takes 1 to 255 visible ASCII characters.",
            ),
            Failure::KeyReused => Self::new(
                actix_web::http::StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_reused",
                "This Idempotency-Key was used for a request with another body.",
            ),
            Failure::KeyInProgress => Self::conflict(
                "idempotency_key_in_progress",
                "The first request with this Idempotency-Key has not ended yet.",
            )
            .with_header("Retry-After", "1"),
            Failure::Replay(reply) => Self::replay(*reply),
        }
    }
}
