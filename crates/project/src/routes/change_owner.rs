//! `PUT /projects/{id}/owner`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    ids::ProjectId,
    problem::Problem,
};

use crate::{
    actions::ChangeOwner,
    dto::{NewOwner, ProjectView},
    service::Projects,
};

/// Hands a project over.
///
/// For its owner, and for whom `can_edit_projects` reaches every project; those who merely take part are refused. The new
/// owner must be an active member of the workspace and takes part from then on; the former owner takes part still. Handed
/// over by its owner it needs room within the new owner's `max_projects` (403 `limit_reached`); whoever edits every project is not bounded.
#[utoipa::path(
    put,
    path = "/projects/{id}/owner",
    tag = "projects",
    operation_id = "change_project_owner",
    params(("id" = ProjectId, Path, description = "The project.")),
    request_body = NewOwner,
    responses((status = 200, description = "The project as it is now.", body = ProjectView))
)]
pub async fn change_project_owner(
    guard: Guarded<ChangeOwner>,
    body: Body<NewOwner>,
    projects: Data<Projects>,
) -> Result<Tagged<ProjectView>, Problem> {
    Ok(projects.change_owner(guard.permit(), body.valid()?.user_id).await?)
}
