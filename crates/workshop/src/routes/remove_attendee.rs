//! `DELETE /workshops/{id}/attendees/{user_id}`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::NoContent, ids::UserId, problem::Problem};

use super::attendee_path::AttendeePath;
use crate::{WorkshopId, actions::RemoveAttendee, service::Workshops};

/// Takes somebody's registration for a workshop back.
///
/// Whoever is first in line has the seat in the same instant.
#[utoipa::path(
    delete,
    path = "/workshops/{id}/attendees/{user_id}",
    tag = "workshops",
    operation_id = "remove_workshop_attendee",
    params(
        ("id" = WorkshopId, Path, description = "The workshop."),
        ("user_id" = UserId, Path, description = "Who is registered.")
    ),
    responses((status = 204, description = "They are not registered any more."))
)]
pub async fn remove_workshop_attendee(
    guard: Guarded<RemoveAttendee>,
    attendee: AttendeePath,
    workshops: Data<Workshops>,
) -> Result<NoContent, Problem> {
    workshops.remove(guard.permit(), attendee.0).await?;
    Ok(NoContent)
}
