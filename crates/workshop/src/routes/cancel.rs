//! `POST /workshops/{id}/cancel`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, problem::Problem};

use crate::{WorkshopId, actions::CancelWorkshop, dto::WorkshopView, service::Workshops};

/// Says that a workshop won't take place.
///
/// Whoever is registered for it is told. There is no way back; a cancelled one stays as it is. One that took place isn't
/// cancelled: 409 `workshop_finished`.
#[utoipa::path(
    post,
    path = "/workshops/{id}/cancel",
    tag = "workshops",
    operation_id = "cancel_workshop",
    params(("id" = WorkshopId, Path, description = "The workshop.")),
    responses((status = 200, description = "The workshop as it is now.", body = WorkshopView))
)]
pub async fn cancel_workshop(
    guard: Guarded<CancelWorkshop>,
    workshops: Data<Workshops>,
) -> Result<Tagged<WorkshopView>, Problem> {
    Ok(workshops.cancel(guard.permit()).await?)
}
