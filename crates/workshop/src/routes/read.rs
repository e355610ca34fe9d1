//! `GET /workshops/{id}`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged};

use crate::{WorkshopId, actions::ViewWorkshop, dto::WorkshopView, service::Workshops};

/// Reads a workshop.
#[utoipa::path(
    get,
    path = "/workshops/{id}",
    tag = "workshops",
    operation_id = "read_workshop",
    params(("id" = WorkshopId, Path, description = "The workshop.")),
    responses((status = 200, description = "The workshop.", body = WorkshopView))
)]
pub async fn read_workshop(guard: Guarded<ViewWorkshop>, workshops: Data<Workshops>) -> Tagged<WorkshopView> {
    workshops.read(guard.permit())
}
