//! `POST /projects`.

use actix_web::web::Data;
use kernel::{
    guard::Creating,
    http::{Body, Created},
    problem::Problem,
};

use crate::{
    actions::CreateProject,
    dto::{NewProject, ProjectView},
    service::Projects,
};

/// Creates a project.
///
/// The owner, which is the caller unless another is named, takes part in it from the start. Without a key one is made of
/// the name, with a number if it is taken. Beyond the `max_projects` of the caller's role: 403 `limit_reached`, with
/// `limit`, `used` and `source`.
#[utoipa::path(
    post,
    path = "/projects",
    tag = "projects",
    operation_id = "create_project",
    request_body = NewProject,
    responses((status = 201, description = "The project.", body = ProjectView))
)]
pub async fn create_project(
    guard: Creating<CreateProject>,
    body: Body<NewProject>,
    projects: Data<Projects>,
) -> Result<Created<ProjectView>, Problem> {
    let new = body.valid()?;
    let permit = guard.permit_in(new.workspace.as_ref()).await?;
    Ok(projects.create(&permit, new).await?)
}
