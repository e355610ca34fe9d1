//! `PATCH /workspaces/{id}/members/{user_id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    ids::UserId,
    problem::Problem,
};

use crate::{
    actions::EditMember,
    dto::{MemberPatch, MemberView},
    service::{MemberChange, Workspaces},
};

/// Changes a member's status, hour rate or end.
///
/// Someone whose role grants what the caller's doesn't is beyond them: 403 `beyond_your_own`. The owner
/// can't be suspended and doesn't end: 409 `owner_must_hand_over`. Who has not accepted yet is not changed: 409
/// `not_accepted_yet`.
#[utoipa::path(
    patch,
    path = "/workspaces/{id}/members/{user_id}",
    tag = "members",
    operation_id = "edit_workspace_member",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug."),
        ("user_id" = UserId, Path, description = "The member.")
    ),
    request_body = MemberPatch,
    responses((status = 200, description = "The membership.", body = MemberView))
)]
pub async fn edit_workspace_member(
    guard: Guarded<EditMember>,
    body: Body<MemberPatch>,
    workspaces: Data<Workspaces>,
) -> Result<Tagged<MemberView>, Problem> {
    let MemberPatch { status, hour_rate, expires_at } = body.valid()?;
    let wanted = MemberChange { status: status.map(Into::into), hour_rate, expires_at, role: None };
    Ok(workspaces.edit_member(guard.permit(), wanted).await?)
}
