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

/// Changes a member's status or hour rate.
///
/// Someone whose role grants what the caller's doesn't is beyond them: 403 `beyond_your_own`. The owner can't be suspended: 409 `owner_must_hand_over`.
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
    let MemberPatch { status, hour_rate } = body.valid()?;
    let wanted = MemberChange { status: status.map(Into::into), hour_rate, role: None };
    Ok(workspaces.edit_member(guard.permit(), wanted).await?)
}
