//! `GET /workspaces/{id}/roles`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Paging, page::Page, problem::Problem};

use crate::{
    actions::ListRoles,
    dto::{RoleFilter, RoleView},
    service::Workspaces,
};

/// Lists a workspace's roles, oldest first.
#[utoipa::path(
    get,
    path = "/workspaces/{id}/roles",
    tag = "roles",
    operation_id = "list_workspace_roles",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Items on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
        ("count" = Option<bool>, Query, description = "Whether to count all of them, up to 10,000."),
    ),
    responses((status = 200, description = "A page of roles.", body = Page<RoleView>))
)]
pub async fn list_workspace_roles(
    guard: Guarded<ListRoles>,
    paging: Paging<RoleFilter>,
    workspaces: Data<Workspaces>,
) -> Result<Page<RoleView>, Problem> {
    workspaces.roles_in(guard.permit(), &paging).await
}
