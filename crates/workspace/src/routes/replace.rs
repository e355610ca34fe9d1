//! `PUT /workspaces/{id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    problem::Problem,
};

use crate::{
    actions::EditWorkspace,
    dto::{WorkspaceBody, WorkspaceView},
    service::Workspaces,
};

/// Replaces a workspace's settings.
///
/// Whoever opens the registration, or chooses the role of those who join, hands out what they get: 403 `beyond_your_own`.
/// 409 `slug_taken`; 409 `currency_in_use` while a member has an hour rate.
#[utoipa::path(
    put,
    path = "/workspaces/{id}",
    tag = "workspaces",
    operation_id = "replace_workspace",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug.")
    ),
    request_body = WorkspaceBody,
    responses((status = 200, description = "The workspace.", body = WorkspaceView))
)]
pub async fn replace_workspace(
    guard: Guarded<EditWorkspace>,
    body: Body<WorkspaceBody>,
    workspaces: Data<Workspaces>,
) -> Result<Tagged<WorkspaceView>, Problem> {
    Ok(workspaces.edit(guard.permit(), body.valid()?.into()).await?)
}
