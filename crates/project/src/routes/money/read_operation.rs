//! `GET /operations/{id}`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged};

use crate::{actions::ViewOperation, dto::OperationView, money::OperationId, service::Finances};

/// Reads a financial operation.
#[utoipa::path(
    get,
    path = "/operations/{id}",
    tag = "money",
    operation_id = "read_operation",
    params(("id" = OperationId, Path, description = "The operation.")),
    responses((status = 200, description = "The operation.", body = OperationView))
)]
pub async fn read_operation(guard: Guarded<ViewOperation>, finances: Data<Finances>) -> Tagged<OperationView> {
    finances.operation(guard.permit())
}
