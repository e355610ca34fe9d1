//! `GET /workshops/{id}/stats`.

use actix_web::web::{Data, Json};
use kernel::{guard::Guarded, problem::Problem};

use crate::{WorkshopId, actions::ViewStats, dto::WorkshopStats, service::Workshops};

/// Reads a workshop in numbers.
#[utoipa::path(
    get,
    path = "/workshops/{id}/stats",
    tag = "workshops",
    operation_id = "workshop_stats",
    params(("id" = WorkshopId, Path, description = "The workshop.")),
    responses((status = 200, description = "The numbers.", body = WorkshopStats))
)]
pub async fn workshop_stats(
    guard: Guarded<ViewStats>,
    workshops: Data<Workshops>,
) -> Result<Json<WorkshopStats>, Problem> {
    Ok(Json(workshops.stats(guard.permit()).await?))
}
