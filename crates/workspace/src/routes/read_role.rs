//! `GET /roles/{id}`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, ids::RoleId, problem::Problem};

use crate::{actions::ViewRole, dto::RoleView, service::Workspaces};

/// Reads a role.
#[utoipa::path(
    get,
    path = "/roles/{id}",
    tag = "roles",
    operation_id = "read_role",
    params(
        ("id" = RoleId, Path, description = "The role.")
    ),
    responses((status = 200, description = "The role.", body = RoleView))
)]
pub async fn read_role(guard: Guarded<ViewRole>, workspaces: Data<Workspaces>) -> Result<Tagged<RoleView>, Problem> {
    let row = guard.permit().target().clone();
    Ok(Tagged::new(row.version, workspaces.role_view(row)))
}
