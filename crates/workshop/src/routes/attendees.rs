//! `GET /workshops/{id}/attendees`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Paging, page::Page, problem::Problem};

use crate::{
    WorkshopId,
    actions::ViewAttendees,
    dto::{AttendeeFilter, AttendeeView},
    service::Workshops,
};

/// Lists who is registered for a workshop, in the order in which they registered.
///
/// Their addresses are told to holders of `can_manage_attendees` only.
#[utoipa::path(
    get,
    path = "/workshops/{id}/attendees",
    tag = "workshops",
    operation_id = "list_workshop_attendees",
    params(
        ("id" = WorkshopId, Path, description = "The workshop."),
        AttendeeFilter,
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Attendees on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
    ),
    responses((status = 200, description = "A page of attendees.", body = Page<AttendeeView>))
)]
pub async fn list_workshop_attendees(
    guard: Guarded<ViewAttendees>,
    paging: Paging<AttendeeFilter>,
    workshops: Data<Workshops>,
) -> Result<Page<AttendeeView>, Problem> {
    Ok(workshops.attendees(guard.permit(), &paging).await?)
}
