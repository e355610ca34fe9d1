//! `PUT /workspaces/{id}/members/{user_id}/role`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    ids::UserId,
    problem::Problem,
};

use crate::{
    actions::EditMember,
    dto::{MemberRole, MemberView},
    service::{MemberChange, Workspaces},
};

/// Gives a member another role.
///
/// Neither the role they have nor the one they get may grant what the caller's doesn't: 403 `beyond_your_own`. The owner
/// stays an administrator: 409 `owner_must_hand_over`. A workspace keeps an administrator: 409 `last_administrator`.
#[utoipa::path(
    put,
    path = "/workspaces/{id}/members/{user_id}/role",
    tag = "members",
    operation_id = "change_workspace_member_role",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug."),
        ("user_id" = UserId, Path, description = "The member.")
    ),
    request_body = MemberRole,
    responses((status = 200, description = "The membership.", body = MemberView))
)]
pub async fn change_workspace_member_role(
    guard: Guarded<EditMember>,
    body: Body<MemberRole>,
    workspaces: Data<Workspaces>,
) -> Result<Tagged<MemberView>, Problem> {
    let wanted = MemberChange { role: Some(body.valid()?.role), ..Default::default() };
    Ok(workspaces.edit_member(guard.permit(), wanted).await?)
}
