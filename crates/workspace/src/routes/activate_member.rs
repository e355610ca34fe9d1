//! `POST /workspaces/{id}/members/{user_id}/activate`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, ids::UserId, problem::Problem};

use crate::{
    actions::EditMember,
    dto::{MemberStatus, MemberView},
    service::{MemberChange, Workspaces},
};

/// Activates a member; one who is active stays so.
///
/// Someone whose role grants what the caller's doesn't is beyond them: 403 `beyond_your_own`.
#[utoipa::path(
    post,
    path = "/workspaces/{id}/members/{user_id}/activate",
    tag = "members",
    operation_id = "activate_workspace_member",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug."),
        ("user_id" = UserId, Path, description = "The member.")
    ),
    responses((status = 200, description = "The membership.", body = MemberView))
)]
pub async fn activate_workspace_member(
    guard: Guarded<EditMember>,
    workspaces: Data<Workspaces>,
) -> Result<Tagged<MemberView>, Problem> {
    let wanted = MemberChange { status: Some(MemberStatus::Active), ..Default::default() };
    Ok(workspaces.edit_member(guard.permit(), wanted).await?)
}
