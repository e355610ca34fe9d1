//! `PATCH /projects/{id}/members/{user_id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    ids::{ProjectId, UserId},
    problem::Problem,
};

use super::member_path::MemberPath;
use crate::{
    actions::UpdateMember,
    dto::{MemberPatch, MemberView},
    service::Projects,
};

/// Switches someone's part in a project on or off.
///
/// The owner's can't be switched off: 409 `owner_takes_part`. `If-Match` takes the member's entity tag.
#[utoipa::path(
    patch,
    path = "/projects/{id}/members/{user_id}",
    tag = "projects",
    operation_id = "update_project_member",
    params(
        ("id" = ProjectId, Path, description = "The project."),
        ("user_id" = UserId, Path, description = "Who takes part.")
    ),
    request_body = MemberPatch,
    responses((status = 200, description = "The member as they are now.", body = MemberView))
)]
pub async fn update_project_member(
    guard: Guarded<UpdateMember>,
    member: MemberPath,
    body: Body<MemberPatch>,
    projects: Data<Projects>,
) -> Result<Tagged<MemberView>, Problem> {
    Ok(projects.update_member(guard.permit(), member.0, body.valid()?).await?)
}
