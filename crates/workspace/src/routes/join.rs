//! `POST /workspaces/{id}/join`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Created},
    problem::Problem,
};

use crate::{
    actions::JoinWorkspace,
    dto::{Join, MemberView},
    service::Workspaces,
};

/// Becomes a member of a workspace that is open to all.
///
/// With the role asked for, if people may choose it themselves, or the workspace's default role; 422
/// `role_not_self_assignable` names those that they can choose. A workspace that is not open is not found. 409
/// `already_member`, also for someone who was suspended.
#[utoipa::path(
    post,
    path = "/workspaces/{id}/join",
    tag = "workspaces",
    operation_id = "join_workspace",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug.")
    ),
    request_body = Option<Join>,
    responses((status = 201, description = "The membership.", body = MemberView))
)]
pub async fn join_workspace(
    guard: Guarded<JoinWorkspace>,
    body: Body<Join>,
    workspaces: Data<Workspaces>,
) -> Result<Created<MemberView>, Problem> {
    Ok(workspaces.join(guard.permit(), body.valid_or_default()?).await?)
}
