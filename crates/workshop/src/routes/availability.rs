//! `GET /workshops/{id}/availability`.

use actix_web::{HttpResponse, http::header, web::Data};
use kernel::{guard::Guarded, problem::Problem};

use crate::{WorkshopId, actions::ViewAvailability, dto::Availability, service::Workshops};

/// Reads how many seats of a workshop are free.
///
/// And whether one can register at this moment, what the caller has, and whether it is one of their favourites. This
/// changes with every registration, so it is no part of the workshop and has no entity tag.
#[utoipa::path(
    get,
    path = "/workshops/{id}/availability",
    tag = "workshops",
    operation_id = "workshop_availability",
    params(("id" = WorkshopId, Path, description = "The workshop.")),
    responses((status = 200, description = "The seats.", body = Availability))
)]
pub async fn workshop_availability(
    guard: Guarded<ViewAvailability>,
    workshops: Data<Workshops>,
) -> Result<HttpResponse, Problem> {
    let availability = workshops.availability(guard.permit()).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "private, no-store")).json(availability))
}
