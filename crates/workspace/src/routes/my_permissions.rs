//! `GET /workspaces/{id}/permissions`.

use actix_web::{http::StatusCode, web::Data};
use kernel::{guard::Guarded, http::Done, problem::Problem};

use crate::{actions::ViewMyPermissions, dto::PermissionsView, service::Workspaces};

/// Tells what the caller may do in a workspace.
///
/// Every permission that they hold, how far it reaches, and what grants it: the role, and the key in its document, which is
/// the permission's own or `*`. Through a personal access token: what the token leaves of that.
#[utoipa::path(
    get,
    path = "/workspaces/{id}/permissions",
    tag = "workspaces",
    operation_id = "my_permissions",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug.")
    ),
    responses((status = 200, description = "What the caller holds.", body = PermissionsView))
)]
pub async fn my_permissions(
    guard: Guarded<ViewMyPermissions>,
    workspaces: Data<Workspaces>,
) -> Result<Done<PermissionsView>, Problem> {
    let view = workspaces.my_permissions(guard.permit());
    Ok(Done { status: StatusCode::OK, view })
}
