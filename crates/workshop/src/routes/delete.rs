//! `DELETE /workshops/{id}`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::NoContent, problem::Problem};

use crate::{WorkshopId, actions::DeleteWorkshop, service::Workshops};

/// Deletes a workshop.
///
/// For good. One for which people are registered stays: 409 `workshop_has_attendees`; cancel it instead, so that they are
/// told.
#[utoipa::path(
    delete,
    path = "/workshops/{id}",
    tag = "workshops",
    operation_id = "delete_workshop",
    params(("id" = WorkshopId, Path, description = "The workshop.")),
    responses((status = 204, description = "It is gone."))
)]
pub async fn delete_workshop(guard: Guarded<DeleteWorkshop>, workshops: Data<Workshops>) -> Result<NoContent, Problem> {
    workshops.delete(guard.permit()).await?;
    Ok(NoContent)
}
