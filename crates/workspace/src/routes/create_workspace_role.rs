//! `POST /workspaces/{id}/roles`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Created},
    problem::Problem,
};

use crate::{
    actions::CreateRole,
    dto::{RoleBody, RoleView},
    service::Workspaces,
};

/// Makes a role.
///
/// It may grant nothing that the caller's own doesn't: 403 `beyond_your_own` lists what is missing. A role that people get
/// without an administrator's act (by joining, by promotion, by a plan) may not govern the workspace: 422
/// `unattended_authority`. 409 `role_name_taken`, `too_many_roles`.
#[utoipa::path(
    post,
    path = "/workspaces/{id}/roles",
    tag = "roles",
    operation_id = "create_workspace_role",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug.")
    ),
    request_body = RoleBody,
    responses((status = 201, description = "The role.", body = RoleView))
)]
pub async fn create_workspace_role(
    guard: Guarded<CreateRole>,
    body: Body<RoleBody>,
    workspaces: Data<Workspaces>,
) -> Result<Created<RoleView>, Problem> {
    Ok(workspaces.create_role(guard.permit(), body.valid()?).await?)
}
