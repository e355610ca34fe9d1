//! `PATCH /projects/{id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    ids::ProjectId,
    problem::Problem,
};

use crate::{
    actions::EditProject,
    dto::{ProjectPatch, ProjectView},
    service::Projects,
};

/// Changes some of a project's fields.
///
/// A JSON merge patch (RFC 7396). An inactive project takes no changes: 409 `project_inactive`.
#[utoipa::path(
    patch,
    path = "/projects/{id}",
    tag = "projects",
    operation_id = "patch_project",
    params(("id" = ProjectId, Path, description = "The project.")),
    request_body = ProjectPatch,
    responses((status = 200, description = "The project as it is now.", body = ProjectView))
)]
pub async fn patch_project(
    guard: Guarded<EditProject>,
    body: Body<ProjectPatch>,
    projects: Data<Projects>,
) -> Result<Tagged<ProjectView>, Problem> {
    Ok(projects.patch(guard.permit(), body.valid()?).await?)
}
