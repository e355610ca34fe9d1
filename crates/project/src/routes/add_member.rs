//! `POST /projects/{id}/members`.

use actix_web::{Either, web::Data};
use kernel::{
    guard::Guarded,
    http::{Body, Created, Tagged},
    ids::ProjectId,
    problem::Problem,
};

use crate::{
    actions::AddMember,
    dto::{MemberView, NewMember},
    service::Projects,
};

/// Lets someone take part in a project.
///
/// They must be an active member of the workspace. Whoever took part once and was switched off is switched on again,
/// answered 200; whoever takes part already: 409 `already_member`.
#[utoipa::path(
    post,
    path = "/projects/{id}/members",
    tag = "projects",
    operation_id = "add_project_member",
    params(("id" = ProjectId, Path, description = "The project.")),
    request_body = NewMember,
    responses(
        (status = 201, description = "The new member.", body = MemberView),
        (status = 200, description = "The member, taking part again.", body = MemberView)
    )
)]
pub async fn add_project_member(
    guard: Guarded<AddMember>,
    body: Body<NewMember>,
    projects: Data<Projects>,
) -> Result<Either<Created<MemberView>, Tagged<MemberView>>, Problem> {
    Ok(projects.add_member(guard.permit(), body.valid()?).await?)
}
