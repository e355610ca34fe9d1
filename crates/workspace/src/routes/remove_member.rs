//! `DELETE /workspaces/{id}/members/{user_id}`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::NoContent, ids::UserId, problem::Problem};

use crate::{actions::RemoveMember, service::Workspaces};

/// Removes a member.
///
/// Someone whose role grants what the caller's doesn't is beyond them: 403 `beyond_your_own`. The owner can't be removed: 409 `owner_must_hand_over`.
#[utoipa::path(
    delete,
    path = "/workspaces/{id}/members/{user_id}",
    tag = "members",
    operation_id = "remove_workspace_member",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug."),
        ("user_id" = UserId, Path, description = "The member.")
    ),
    responses((status = 204, description = "The membership is ended."))
)]
pub async fn remove_workspace_member(
    guard: Guarded<RemoveMember>,
    workspaces: Data<Workspaces>,
) -> Result<NoContent, Problem> {
    workspaces.remove_member(guard.permit()).await?;
    Ok(NoContent)
}
