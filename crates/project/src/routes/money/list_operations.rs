//! `GET /projects/{id}/operations`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Paging, ids::ProjectId, page::Page, problem::Problem};

use crate::{
    actions::ViewOperations,
    dto::{OperationFilter, OperationView},
    service::Finances,
};

/// Lists a project's financial operations.
///
/// Those recorded first come first. Reversals are operations of their own; `reversed_by` says what was taken back.
#[utoipa::path(
    get,
    path = "/projects/{id}/operations",
    tag = "money",
    operation_id = "list_operations",
    params(
        ("id" = ProjectId, Path, description = "The project."),
        OperationFilter,
        ("limit" = Option<u64>, Query, description = "Rows per page, 1 to 200; 50 when left out."),
        ("cursor" = Option<String>, Query, description = "The `next` of the page before."),
    ),
    responses((status = 200, description = "A page of operations.", body = Page<OperationView>))
)]
pub async fn list_operations(
    guard: Guarded<ViewOperations>,
    paging: Paging<OperationFilter>,
    finances: Data<Finances>,
) -> Result<Page<OperationView>, Problem> {
    Ok(finances.list(guard.permit(), &paging).await?)
}
