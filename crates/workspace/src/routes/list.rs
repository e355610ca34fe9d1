//! `GET /workspaces`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Paging, page::Page, problem::Problem};

use crate::{
    actions::ListMine,
    dto::{MineFilter, WorkspaceView},
    service::Workspaces,
};

/// Lists the caller's workspaces, oldest first: those of which they are an active member.
#[utoipa::path(
    get,
    path = "/workspaces",
    tag = "workspaces",
    operation_id = "list_workspaces",
    params(
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Items on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
        ("count" = Option<bool>, Query, description = "Whether to count all of them, up to 10,000."),
    ),
    responses((status = 200, description = "A page of workspaces.", body = Page<WorkspaceView>))
)]
pub async fn list_workspaces(
    guard: Guarded<ListMine>,
    paging: Paging<MineFilter>,
    workspaces: Data<Workspaces>,
) -> Result<Page<WorkspaceView>, Problem> {
    workspaces.mine(guard.permit(), &paging).await
}
