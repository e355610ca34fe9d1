//! `GET /workspaces/{id}/members/{user_id}`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, ids::UserId, problem::Problem};

use crate::{actions::ViewMember, dto::MemberView, service::Workspaces};

/// Reads one membership.
#[utoipa::path(
    get,
    path = "/workspaces/{id}/members/{user_id}",
    tag = "members",
    operation_id = "read_workspace_member",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug."),
        ("user_id" = UserId, Path, description = "The member.")
    ),
    responses((status = 200, description = "The membership.", body = MemberView))
)]
pub async fn read_workspace_member(
    guard: Guarded<ViewMember>,
    workspaces: Data<Workspaces>,
) -> Result<Tagged<MemberView>, Problem> {
    Ok(workspaces.member(guard.permit()).await?)
}
