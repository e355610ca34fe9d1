//! `GET /workspaces/{id}/members/{user_id}/permissions`.

use actix_web::{http::StatusCode, web::Data};
use kernel::{guard::Guarded, http::Done, ids::UserId, problem::Problem};

use crate::{actions::ViewMemberPermissions, dto::PermissionsView, service::Workspaces};

/// Tells what a member may do in a workspace, and what grants it.
///
/// It takes `can_view_members` and `can_view_roles`. Someone suspended, or whose membership has ended, holds nothing.
#[utoipa::path(
    get,
    path = "/workspaces/{id}/members/{user_id}/permissions",
    tag = "members",
    operation_id = "member_permissions",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug."),
        ("user_id" = UserId, Path, description = "The member.")
    ),
    responses((status = 200, description = "What they hold.", body = PermissionsView))
)]
pub async fn member_permissions(
    guard: Guarded<ViewMemberPermissions>,
    workspaces: Data<Workspaces>,
) -> Result<Done<PermissionsView>, Problem> {
    let view = workspaces.member_permissions(guard.permit()).await?;
    Ok(Done { status: StatusCode::OK, view })
}
