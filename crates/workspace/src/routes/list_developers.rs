//! `GET /developers`.

use actix_web::web::Data;
use kernel::{guard::Scoped, page::Page, problem::Problem};

use crate::{
    actions::Developers,
    dto::{DeveloperFilter, DeveloperView},
    service::Workspaces,
};

/// Lists the developers of the caller's workspaces, each once, the oldest accounts first.
///
/// Members whose role is listed in the directory `developers`: what is public of them, and nothing else.
#[utoipa::path(
    get,
    path = "/developers",
    tag = "developers",
    operation_id = "list_developers",
    params(
        DeveloperFilter,
        ("workspace" = Option<String>, Query, description = "Of this workspace only: its id or slug."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Items on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
    ),
    responses((status = 200, description = "A page of developers.", body = Page<DeveloperView>))
)]
pub async fn list_developers(
    scoped: Scoped<Developers>,
    workspaces: Data<Workspaces>,
) -> Result<Page<DeveloperView>, Problem> {
    workspaces.developers(&scoped).await
}
