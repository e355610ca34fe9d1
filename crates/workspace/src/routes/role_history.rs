//! `GET /roles/{id}/history`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Paging, ids::RoleId, page::Page, problem::Problem};

use crate::{
    actions::ViewRoleHistory,
    dto::{RoleFilter, RoleVersionView},
    service::Workspaces,
};

/// Lists the versions of a role, the current one first: what it was, since when, and by whose hand.
#[utoipa::path(
    get,
    path = "/roles/{id}/history",
    tag = "roles",
    operation_id = "role_history",
    params(
        ("id" = RoleId, Path, description = "The role."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Items on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
    ),
    responses((status = 200, description = "A page of versions.", body = Page<RoleVersionView>))
)]
pub async fn role_history(
    guard: Guarded<ViewRoleHistory>,
    paging: Paging<RoleFilter>,
    workspaces: Data<Workspaces>,
) -> Result<Page<RoleVersionView>, Problem> {
    workspaces.role_history(guard.permit(), &paging).await
}
