//! `DELETE /projects/{id}/members/{user_id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::NoContent,
    ids::{ProjectId, UserId},
    problem::Problem,
};

use super::member_path::MemberPath;
use crate::{actions::RemoveMember, service::Projects};

/// Lets someone no longer take part in a project.
///
/// The owner always does: 409 `owner_takes_part`. `If-Match` takes the member's entity tag.
#[utoipa::path(
    delete,
    path = "/projects/{id}/members/{user_id}",
    tag = "projects",
    operation_id = "remove_project_member",
    params(
        ("id" = ProjectId, Path, description = "The project."),
        ("user_id" = UserId, Path, description = "Who takes part.")
    ),
    responses((status = 204, description = "They no longer take part."))
)]
pub async fn remove_project_member(
    guard: Guarded<RemoveMember>,
    member: MemberPath,
    projects: Data<Projects>,
) -> Result<NoContent, Problem> {
    projects.remove_member(guard.permit(), member.0).await?;
    Ok(NoContent)
}
