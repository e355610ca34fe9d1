//! `POST /roles/{id}/restore`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    ids::RoleId,
    problem::Problem,
};

use crate::{
    actions::RestoreRole,
    dto::{Restoration, RoleView},
    service::{RoleChange, Workspaces},
};

/// Makes a role what it was in a former version, as a new version.
///
/// It is a change like any other: it may grant no more than the caller's own role, 403 `beyond_your_own`, and the workspace
/// keeps an administrator, 409 `last_administrator`. If the role was exchanged for one that is gone: 409
/// `promotion_gone`.
#[utoipa::path(
    post,
    path = "/roles/{id}/restore",
    tag = "roles",
    operation_id = "restore_role",
    params(
        ("id" = RoleId, Path, description = "The role.")
    ),
    request_body = Restoration,
    responses((status = 200, description = "The role.", body = RoleView))
)]
pub async fn restore_role(
    guard: Guarded<RestoreRole>,
    body: Body<Restoration>,
    workspaces: Data<Workspaces>,
) -> Result<Tagged<RoleView>, Problem> {
    Ok(workspaces.edit_role(guard.permit(), RoleChange::Restore(body.valid()?.version)).await?)
}
