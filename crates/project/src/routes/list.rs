//! `GET /projects`.

use actix_web::web::Data;
use kernel::{guard::Scoped, page::Page, problem::Problem};

use crate::{
    actions::ProjectList,
    dto::{ProjectFilter, ProjectView},
    service::Projects,
};

/// Lists projects.
///
/// Of one workspace, or of all that the caller belongs to: exactly those that they may open. The private projects of
/// others are shown to holders of `can_view_private_projects`.
#[utoipa::path(
    get,
    path = "/projects",
    tag = "projects",
    operation_id = "list_projects",
    params(
        ProjectFilter,
        ("workspace" = Option<String>, Query, description = "Of this workspace only: its id or slug."),
        ("sort" = Option<String>, Query, description = "One of `-created_at` (the default), `created_at`, `name`, \
            `-name`, `-updated_at`, `relevance` (the default of a search)."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Projects on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
        ("count" = Option<bool>, Query, description = "Whether to count all of them, up to 10,000."),
    ),
    responses((status = 200, description = "A page of projects.", body = Page<ProjectView>))
)]
pub async fn list_projects(
    scoped: Scoped<ProjectList>,
    projects: Data<Projects>,
) -> Result<Page<ProjectView>, Problem> {
    Ok(projects.list(&scoped).await?)
}
