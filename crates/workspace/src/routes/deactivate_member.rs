//! `POST /workspaces/{id}/members/{user_id}/deactivate`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, ids::UserId, problem::Problem};

use crate::{
    actions::EditMember,
    dto::{MemberStatus, MemberView},
    service::{MemberChange, Workspaces},
};

/// Suspends a member: until they are activated they may do nothing here.
///
/// Someone whose role grants what the caller's doesn't is beyond them: 403 `beyond_your_own`. The owner can't be suspended: 409
/// `owner_must_hand_over`.
#[utoipa::path(
    post,
    path = "/workspaces/{id}/members/{user_id}/deactivate",
    tag = "members",
    operation_id = "deactivate_workspace_member",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug."),
        ("user_id" = UserId, Path, description = "The member.")
    ),
    responses((status = 200, description = "The membership.", body = MemberView))
)]
pub async fn deactivate_workspace_member(
    guard: Guarded<EditMember>,
    workspaces: Data<Workspaces>,
) -> Result<Tagged<MemberView>, Problem> {
    let wanted = MemberChange { status: Some(MemberStatus::Suspended), ..Default::default() };
    Ok(workspaces.edit_member(guard.permit(), wanted).await?)
}
