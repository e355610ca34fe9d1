//! `DELETE /roles/{id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{NoContent, Query},
    ids::RoleId,
    problem::Problem,
};

use crate::{actions::DeleteRole, dto::Reassignment, service::Workspaces};

/// Deletes a role.
///
/// While somebody holds it, or people who join get it, it takes another role for them as `reassign_to`: 409 `role_in_use`.
/// Promotions to it end. The role that the workspace keeps for its owner stays: 409 `owner_role`.
#[utoipa::path(
    delete,
    path = "/roles/{id}",
    tag = "roles",
    operation_id = "delete_role",
    params(
        ("id" = RoleId, Path, description = "The role."),
        Reassignment,
    ),
    responses((status = 204, description = "It is deleted."))
)]
pub async fn delete_role(
    guard: Guarded<DeleteRole>,
    query: Query<Reassignment>,
    workspaces: Data<Workspaces>,
) -> Result<NoContent, Problem> {
    workspaces.delete_role(guard.permit(), query.0.reassign_to.as_deref()).await?;
    Ok(NoContent)
}
