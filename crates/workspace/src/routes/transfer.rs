//! `PUT /workspaces/{id}/owner`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    problem::Problem,
};

use crate::{
    actions::TransferWorkspace,
    dto::{NewOwner, WorkspaceView},
    service::Workspaces,
};

/// Hands a workspace over to another active member, as its owner.
///
/// They get the role that the workspace keeps for its owner; the former owner keeps theirs. 422 `not_a_member`.
#[utoipa::path(
    put,
    path = "/workspaces/{id}/owner",
    tag = "workspaces",
    operation_id = "transfer_workspace",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug.")
    ),
    request_body = NewOwner,
    responses((status = 200, description = "The workspace.", body = WorkspaceView))
)]
pub async fn transfer_workspace(
    guard: Guarded<TransferWorkspace>,
    body: Body<NewOwner>,
    workspaces: Data<Workspaces>,
) -> Result<Tagged<WorkspaceView>, Problem> {
    Ok(workspaces.transfer(guard.permit(), body.valid()?.user_id).await?)
}
