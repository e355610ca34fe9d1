//! `PATCH /roles/{id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    ids::RoleId,
    problem::Problem,
};

use crate::{
    actions::EditRole,
    dto::{RolePatch, RoleView},
    service::{RoleChange, Workspaces},
};

/// Changes the fields of a role that are given; `permissions` is merged key by key, and null takes a key out (RFC 7396).
///
/// It acts on the next request of whoever holds it. Neither before nor after may it grant what the caller's own role
/// doesn't: 403 `beyond_your_own`. A workspace keeps an administrator: 409 `last_administrator`; its owner stays one: 409
/// `owner_must_hand_over`; and so does the role that it keeps for its owner: 409 `owner_role`.
#[utoipa::path(
    patch,
    path = "/roles/{id}",
    tag = "roles",
    operation_id = "edit_role",
    params(
        ("id" = RoleId, Path, description = "The role.")
    ),
    request_body = RolePatch,
    responses((status = 200, description = "The role.", body = RoleView))
)]
pub async fn edit_role(
    guard: Guarded<EditRole>,
    body: Body<RolePatch>,
    workspaces: Data<Workspaces>,
) -> Result<Tagged<RoleView>, Problem> {
    Ok(workspaces.edit_role(guard.permit(), RoleChange::Patch(body.valid()?)).await?)
}
