//! `PUT /projects/{id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    ids::ProjectId,
    problem::Problem,
};

use crate::{
    actions::EditProject,
    dto::{ProjectContent, ProjectView},
    service::Projects,
};

/// Replaces a project's fields.
///
/// Fields left out become empty or false; the key stays. An inactive project takes no changes: 409 `project_inactive`.
#[utoipa::path(
    put,
    path = "/projects/{id}",
    tag = "projects",
    operation_id = "replace_project",
    params(("id" = ProjectId, Path, description = "The project.")),
    request_body = ProjectContent,
    responses((status = 200, description = "The project as it is now.", body = ProjectView))
)]
pub async fn replace_project(
    guard: Guarded<EditProject>,
    body: Body<ProjectContent>,
    projects: Data<Projects>,
) -> Result<Tagged<ProjectView>, Problem> {
    Ok(projects.replace(guard.permit(), body.valid()?).await?)
}
