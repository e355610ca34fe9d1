//! `GET /workspaces/{id}/members`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Paging, page::Page, problem::Problem};

use crate::{
    actions::ListMembers,
    dto::{MemberFilter, MemberView},
    service::Workspaces,
};

/// Lists a workspace's members, the longest-standing first.
#[utoipa::path(
    get,
    path = "/workspaces/{id}/members",
    tag = "members",
    operation_id = "list_workspace_members",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug."),
        MemberFilter,
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Items on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
        ("count" = Option<bool>, Query, description = "Whether to count all of them, up to 10,000."),
    ),
    responses((status = 200, description = "A page of members.", body = Page<MemberView>))
)]
pub async fn list_workspace_members(
    guard: Guarded<ListMembers>,
    paging: Paging<MemberFilter>,
    workspaces: Data<Workspaces>,
) -> Result<Page<MemberView>, Problem> {
    workspaces.members(guard.permit(), &paging).await
}
