//! `POST /workshops/{id}/attendees/{user_id}/check-in`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Done, ids::UserId, problem::Problem};

use super::attendee_path::AttendeePath;
use crate::{WorkshopId, actions::CheckIn, dto::AttendeeView, service::Workshops};

/// Checks somebody in who has a seat.
///
/// Whoever is checked in stays so. Whoever waits for a seat can't be: 409 `waitlisted`. From the first day of the workshop
/// on, in its own time zone, and before that 403 `check_in_not_open`; not to a draft, and not to one that was cancelled.
#[utoipa::path(
    post,
    path = "/workshops/{id}/attendees/{user_id}/check-in",
    tag = "workshops",
    operation_id = "check_in_workshop_attendee",
    params(
        ("id" = WorkshopId, Path, description = "The workshop."),
        ("user_id" = UserId, Path, description = "Who is registered.")
    ),
    responses((status = 200, description = "The attendee.", body = AttendeeView))
)]
pub async fn check_in_workshop_attendee(
    guard: Guarded<CheckIn>,
    attendee: AttendeePath,
    workshops: Data<Workshops>,
) -> Result<Done<AttendeeView>, Problem> {
    Ok(workshops.check_in(guard.permit(), attendee.0).await?)
}
