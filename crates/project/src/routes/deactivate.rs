//! `POST /projects/{id}/deactivate`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, ids::ProjectId, problem::Problem};

use crate::{actions::DeactivateProject, dto::ProjectView, service::Projects};

/// Lets a project take no changes any more.
///
/// It is still seen, and can be deleted. An inactive one stays as it is.
#[utoipa::path(
    post,
    path = "/projects/{id}/deactivate",
    tag = "projects",
    operation_id = "deactivate_project",
    params(("id" = ProjectId, Path, description = "The project.")),
    responses((status = 200, description = "The project as it is now.", body = ProjectView))
)]
pub async fn deactivate_project(
    guard: Guarded<DeactivateProject>,
    projects: Data<Projects>,
) -> Result<Tagged<ProjectView>, Problem> {
    Ok(projects.switch(guard.permit()).await?)
}
