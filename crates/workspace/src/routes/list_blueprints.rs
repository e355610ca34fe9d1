//! `GET /blueprints`.

use actix_web::web::Data;
use kernel::{guard::Guarded, page::Page, problem::Problem};

use crate::{actions::ReadCatalogue, dto::BlueprintView, service::Workspaces};

/// Lists the role models that a workspace can start with.
#[utoipa::path(
    get,
    path = "/blueprints",
    tag = "roles",
    operation_id = "list_blueprints",
    responses((status = 200, description = "All of them, on one page.", body = Page<BlueprintView>))
)]
pub async fn list_blueprints(
    _guard: Guarded<ReadCatalogue>,
    workspaces: Data<Workspaces>,
) -> Result<Page<BlueprintView>, Problem> {
    let items = workspaces.blueprints().iter().map(BlueprintView::from).collect();
    Ok(Page { items, next: None, count: None })
}
