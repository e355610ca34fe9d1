//! `GET /projects/{id}`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, ids::ProjectId};

use crate::{actions::ViewProject, dto::ProjectView, service::Projects};

/// Reads a project.
#[utoipa::path(
    get,
    path = "/projects/{id}",
    tag = "projects",
    operation_id = "read_project",
    params(("id" = ProjectId, Path, description = "The project.")),
    responses((status = 200, description = "The project.", body = ProjectView))
)]
pub async fn read_project(guard: Guarded<ViewProject>, projects: Data<Projects>) -> Tagged<ProjectView> {
    projects.read(guard.permit())
}
