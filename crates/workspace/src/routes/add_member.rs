//! `POST /workspaces/{id}/members`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Created},
    problem::Problem,
};

use crate::{
    actions::AddMember,
    dto::{MemberView, NewMember},
    service::Workspaces,
};

/// Adds a member.
///
/// By account or by e-mail address; for now an address that has no account is refused with 422 `unknown_person`. The role
/// may grant nothing that the caller's doesn't: 403 `beyond_your_own` lists what is missing. 409 `already_member`.
#[utoipa::path(
    post,
    path = "/workspaces/{id}/members",
    tag = "members",
    operation_id = "add_workspace_member",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug.")
    ),
    request_body = NewMember,
    responses((status = 201, description = "The membership.", body = MemberView))
)]
pub async fn add_workspace_member(
    guard: Guarded<AddMember>,
    body: Body<NewMember>,
    workspaces: Data<Workspaces>,
) -> Result<Created<MemberView>, Problem> {
    Ok(workspaces.add_member(guard.permit(), body.valid()?).await?)
}
