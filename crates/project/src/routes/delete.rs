//! `DELETE /projects/{id}`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::NoContent, ids::ProjectId, problem::Problem};

use crate::{actions::DeleteProject, service::Projects};

/// Deletes a project.
///
/// For good, with everyone's part in it; also an inactive one. What it was stays in the event log. A project of which
/// financial operations were recorded stays: 409 `project_has_operations`.
#[utoipa::path(
    delete,
    path = "/projects/{id}",
    tag = "projects",
    operation_id = "delete_project",
    params(("id" = ProjectId, Path, description = "The project.")),
    responses((status = 204, description = "It is gone."))
)]
pub async fn delete_project(guard: Guarded<DeleteProject>, projects: Data<Projects>) -> Result<NoContent, Problem> {
    projects.delete(guard.permit()).await?;
    Ok(NoContent)
}
