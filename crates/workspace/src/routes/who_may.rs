//! `GET /workspaces/{id}/who-may`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Paging, page::Page, problem::Problem};

use crate::{
    actions::AskWhoMay,
    dto::{HolderView, WhoMay},
    service::Workspaces,
};

/// Lists the members who may do something, to a resource or at large, the longest-standing first.
///
/// It takes `can_view_members` and `can_view_roles`. Platform administrators, who may do everything everywhere, are not
/// listed. A resource that the caller may not see is told like one that isn't there.
#[utoipa::path(
    get,
    path = "/workspaces/{id}/who-may",
    tag = "workspaces",
    operation_id = "who_may",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug."),
        WhoMay,
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Items on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
    ),
    responses((status = 200, description = "A page of members.", body = Page<HolderView>))
)]
pub async fn who_may(
    guard: Guarded<AskWhoMay>,
    paging: Paging<WhoMay>,
    workspaces: Data<Workspaces>,
) -> Result<Page<HolderView>, Problem> {
    workspaces.who_may(guard.permit(), &paging).await
}
