//! `POST /workspaces/{id}/members`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Created},
    problem::{Problem, ProblemDocument},
};

use crate::{
    actions::AddMember,
    dto::{Asked, NewMember},
    service::Workspaces,
};

/// Brings somebody in.
///
/// Somebody with an account is asked: their membership is `invited`, holds nothing and tells nothing of them until they
/// accept. An e-mail address, whether it has an account or not, gets an invitation. Oneself, which takes a platform role,
/// is a member at once. The role may grant nothing that the caller's doesn't: 403 `beyond_your_own` lists what is missing.
/// 409 `already_member`, `already_invited`, `too_many_invitations`.
#[utoipa::path(
    post,
    path = "/workspaces/{id}/members",
    tag = "members",
    operation_id = "add_workspace_member",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug.")
    ),
    request_body = NewMember,
    responses(
        (status = 201, description = "The membership, or for an address the invitation.", body = Asked),
        (status = 429, description = "They were written to too often lately; see `Retry-After`.", body = ProblemDocument,
            content_type = "application/problem+json")
    )
)]
pub async fn add_workspace_member(
    guard: Guarded<AddMember>,
    body: Body<NewMember>,
    workspaces: Data<Workspaces>,
) -> Result<Created<Asked>, Problem> {
    Ok(workspaces.add_member(guard.permit(), body.valid()?).await?)
}
