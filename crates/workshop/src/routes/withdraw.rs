//! `DELETE /workshops/{id}/attendees/me`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::NoContent, problem::Problem};

use crate::{WorkshopId, actions::Withdraw, service::Workshops};

/// Withdraws from a workshop.
///
/// Whoever is first in line has the seat in the same instant. Whoever isn't registered: 404 `not_registered`. Not after
/// the workshop (409 `workshop_finished`), nor after having come (409 `checked_in`).
#[utoipa::path(
    delete,
    path = "/workshops/{id}/attendees/me",
    tag = "workshops",
    operation_id = "withdraw_from_workshop",
    params(("id" = WorkshopId, Path, description = "The workshop.")),
    responses((status = 204, description = "The caller is not registered any more."))
)]
pub async fn withdraw_from_workshop(
    guard: Guarded<Withdraw>,
    workshops: Data<Workshops>,
) -> Result<NoContent, Problem> {
    workshops.withdraw(guard.permit()).await?;
    Ok(NoContent)
}
