//! `POST /projects/{id}/activate`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, ids::ProjectId, problem::Problem};

use crate::{actions::ActivateProject, dto::ProjectView, service::Projects};

/// Lets a project take changes again.
///
/// An active one stays as it is.
#[utoipa::path(
    post,
    path = "/projects/{id}/activate",
    tag = "projects",
    operation_id = "activate_project",
    params(("id" = ProjectId, Path, description = "The project.")),
    responses((status = 200, description = "The project as it is now.", body = ProjectView))
)]
pub async fn activate_project(
    guard: Guarded<ActivateProject>,
    projects: Data<Projects>,
) -> Result<Tagged<ProjectView>, Problem> {
    Ok(projects.switch(guard.permit()).await?)
}
