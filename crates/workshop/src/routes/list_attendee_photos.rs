//! `GET /workshops/{id}/attendee-photos`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Paging, page::Page, problem::Problem};

use crate::{
    WorkshopId,
    actions::ViewAttendeePhotos,
    dto::{PhotoFilter, PhotoView},
    service::Workshops,
};

/// Lists the photos of those who attend a workshop, the newest first.
#[utoipa::path(
    get,
    path = "/workshops/{id}/attendee-photos",
    tag = "workshops",
    operation_id = "list_attendee_photos",
    params(
        ("id" = WorkshopId, Path, description = "The workshop."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Photos on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
    ),
    responses((status = 200, description = "A page of photos.", body = Page<PhotoView>))
)]
pub async fn list_attendee_photos(
    guard: Guarded<ViewAttendeePhotos>,
    paging: Paging<PhotoFilter>,
    workshops: Data<Workshops>,
) -> Result<Page<PhotoView>, Problem> {
    Ok(workshops.photos(guard.permit(), &paging).await?)
}
