//! `DELETE /users/{id}`

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::NoContent,
    ids::UserId,
    problem::{Problem, ProblemDocument},
};

use crate::{actions::RemoveAccount, service::Accounts};

/// Removes someone from the workspace.
///
/// Their account goes too if the workspace made it and they belong nowhere else. Whether one may remove oneself this
/// way is for one's role to say.
#[utoipa::path(delete, path = "/users/{id}", tag = "users", operation_id = "delete_user",
    params(("id" = UserId, Path, description = "The account")),
    responses((status = 204, description = "Removed"),
        (status = 409, description = "A workspace would lose its owner or last administrator.", body = ProblemDocument,
            content_type = "application/problem+json")))]
pub async fn delete_user(guard: Guarded<RemoveAccount>, accounts: Data<Accounts>) -> Result<NoContent, Problem> {
    accounts.remove(guard.permit()).await?;
    Ok(NoContent)
}
