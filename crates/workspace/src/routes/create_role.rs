//! `POST /roles`.

use actix_web::web::Data;
use kernel::{
    guard::Creating,
    http::{Body, Created},
    problem::Problem,
};

use crate::{
    actions::CreateRole,
    dto::{NewRole, RoleView},
    service::Workspaces,
};

/// Makes a role in the workspace that the body names.
///
/// It may grant nothing that the caller's own doesn't: 403 `beyond_your_own` lists what is missing. A role that people get
/// without an administrator's act (by joining, by promotion, by a plan) may not govern the workspace: 422
/// `unattended_authority`. 409 `role_name_taken`, `too_many_roles`.
#[utoipa::path(
    post,
    path = "/roles",
    tag = "roles",
    operation_id = "create_role",
    request_body = NewRole,
    responses((status = 201, description = "The role.", body = RoleView))
)]
pub async fn create_role(
    guard: Creating<CreateRole>,
    body: Body<NewRole>,
    workspaces: Data<Workspaces>,
) -> Result<Created<RoleView>, Problem> {
    let new = body.valid()?;
    let permit = guard.permit_in(new.workspace.as_ref()).await?;
    Ok(workspaces.create_role(&permit, new.into_body()).await?)
}
