//! `DELETE /workspaces/{id}/members/me`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::NoContent, problem::Problem};

use crate::{actions::LeaveWorkspace, service::Workspaces};

/// Leaves a workspace.
///
/// Its owner can't before handing it over: 409 `owner_must_hand_over`.
#[utoipa::path(
    delete,
    path = "/workspaces/{id}/members/me",
    tag = "members",
    operation_id = "leave_workspace",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug.")
    ),
    responses((status = 204, description = "The membership is ended."))
)]
pub async fn leave_workspace(
    guard: Guarded<LeaveWorkspace>,
    workspaces: Data<Workspaces>,
) -> Result<NoContent, Problem> {
    workspaces.leave(guard.permit()).await?;
    Ok(NoContent)
}
