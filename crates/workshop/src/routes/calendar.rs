//! `GET /workshops/{id}/calendar.ics`.

use actix_web::{HttpResponse, http::header, web::Data};
use kernel::guard::Guarded;

use crate::{WorkshopId, actions::ViewWorkshop, service::Workshops};

/// Reads a workshop as a file for calendar programs (iCalendar, RFC 5545).
///
/// What is read later takes the place of what was read before; of a cancelled workshop the file says that it doesn't take
/// place.
#[utoipa::path(
    get,
    path = "/workshops/{id}/calendar.ics",
    tag = "workshops",
    operation_id = "workshop_calendar",
    params(("id" = WorkshopId, Path, description = "The workshop.")),
    responses((status = 200, description = "The calendar.", body = String, content_type = "text/calendar"))
)]
pub async fn workshop_calendar(guard: Guarded<ViewWorkshop>, workshops: Data<Workshops>) -> HttpResponse {
    sent(workshops.calendar(guard.permit()))
}

/// A calendar as an answer.
pub(super) fn sent(calendar: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"calendar.ics\""))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .body(calendar)
}
