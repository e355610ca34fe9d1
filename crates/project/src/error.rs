//! What can go wrong with projects, and how it is told.

use actix_web::http::StatusCode;
use kernel::{failure::Failure, problem::Problem};
use sea_orm::DbErr;

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
    /// The owner has as many projects as they may.
    #[error("owns {used} of {limit} projects")]
    LimitReached {
        /// How many they may own.
        limit: i64,
        /// How many they do.
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
    /// The owner can't be switched off or removed as a member.
    #[error("the owner takes part")]
    OwnerTakesPart,
}

impl From<DbErr> for ProjectError {
    fn from(error: DbErr) -> Self {
        Self::Failure(error.into())
    }
}

impl From<ProjectError> for Problem {
    fn from(error: ProjectError) -> Self {
        match error {
            ProjectError::Failure(failure) => failure.into(),
            ProjectError::Refused(problem) => problem,
            ProjectError::Missing => Self::not_found(),
            ProjectError::Inactive => {
                Self::conflict("project_inactive", "The project is inactive and takes no changes; activate it first.")
            }
            ProjectError::KeyTaken => {
                Self::conflict("key_taken", "Another project of this workspace has this key; choose another.")
            }
            ProjectError::LimitReached { limit, used } => {
                let detail = format!("The owner may have at most {limit} projects in this workspace, and has {used}.");
                Self::new(StatusCode::FORBIDDEN, "limit_reached", detail)
                    .with_member("limit", limit)
                    .with_member("used", used)
                    .with_member("source", "role")
            }
            ProjectError::Outsider { pointer } => {
                Self::invalid_field(pointer, "not_a_member", "Name someone who is an active member of the workspace.")
            }
            ProjectError::AlreadyMember => Self::conflict("already_member", "This person takes part already."),
            ProjectError::OwnerTakesPart => Self::conflict(
                "owner_takes_part",
                "The owner always takes part; hand the project over to someone else first.",
            ),
        }
    }
}
