//! `GET /workshops/{id}/calendar.ics`.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::Data,
};
use kernel::{
    guard::Guarded,
    http::{client_has, etag_of_content},
};

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
    responses(
        (status = 200, description = "The calendar.", body = String, content_type = "text/calendar"),
        (status = 304, description = "The client has it.")
    )
)]
pub async fn workshop_calendar(
    guard: Guarded<ViewWorkshop>,
    request: HttpRequest,
    workshops: Data<Workshops>,
) -> HttpResponse {
    sent(&request, workshops.calendar(guard.permit()))
}

/// A calendar as an answer. Programs ask every hour, and mostly have it.
pub(super) fn sent(request: &HttpRequest, calendar: String) -> HttpResponse {
    let etag = etag_of_content(calendar.as_bytes());
    let status = if client_has(request, &etag) { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let mut answer = HttpResponse::build(status);
    answer.insert_header((header::ETAG, etag)).insert_header((header::CACHE_CONTROL, "private, no-cache"));
    if status == StatusCode::NOT_MODIFIED {
        return answer.finish();
    }
    answer
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"calendar.ics\""))
        .body(calendar)
}
