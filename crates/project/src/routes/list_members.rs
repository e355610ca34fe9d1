//! `GET /projects/{id}/members`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Paging, ids::ProjectId, page::Page, problem::Problem};

use crate::{
    actions::ViewMembers,
    dto::{MemberFilter, MemberView},
    service::Projects,
};

/// Lists who takes part in a project, those added first first.
#[utoipa::path(
    get,
    path = "/projects/{id}/members",
    tag = "projects",
    operation_id = "list_project_members",
    params(
        ("id" = ProjectId, Path, description = "The project."),
        MemberFilter,
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Members on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
    ),
    responses((status = 200, description = "A page of members.", body = Page<MemberView>))
)]
pub async fn list_project_members(
    guard: Guarded<ViewMembers>,
    paging: Paging<MemberFilter>,
    projects: Data<Projects>,
) -> Result<Page<MemberView>, Problem> {
    Ok(projects.list_members(guard.permit(), &paging).await?)
}
