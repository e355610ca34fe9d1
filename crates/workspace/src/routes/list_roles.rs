//! `GET /roles`.

use actix_web::web::Data;
use kernel::{guard::Scoped, page::Page, problem::Problem};

use crate::{actions::AllRoles, dto::RoleView, service::Workspaces};

/// Lists the roles of one workspace, or of all that the caller belongs to, oldest first.
#[utoipa::path(
    get,
    path = "/roles",
    tag = "roles",
    operation_id = "list_roles",
    params(
        ("workspace" = Option<String>, Query, description = "Of this workspace only: its id or slug."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Items on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
        ("count" = Option<bool>, Query, description = "Whether to count all of them, up to 10,000."),
    ),
    responses((status = 200, description = "A page of roles.", body = Page<RoleView>))
)]
pub async fn list_roles(scoped: Scoped<AllRoles>, workspaces: Data<Workspaces>) -> Result<Page<RoleView>, Problem> {
    workspaces.roles(&scoped).await
}
