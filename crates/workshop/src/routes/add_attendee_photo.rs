//! `POST /workshops/{id}/attendee-photos`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Created, problem::Problem};

use super::photo_body::PhotoBody;
use crate::{
    WorkshopId,
    actions::AddAttendeePhoto,
    dto::{PhotoUpload, PhotoView},
    service::Workshops,
};

/// Adds a photo of somebody who attends a workshop.
///
/// Those who have a seat may, on the days of the workshop by the clock where it takes place. Others are answered 403
/// `not_registered`; before and after, 403 `upload_window_closed`, with `opens_at` and `closes_at`. Whoever may add photos
/// to all workshops is bound by neither.
#[utoipa::path(
    post,
    path = "/workshops/{id}/attendee-photos",
    tag = "workshops",
    operation_id = "add_attendee_photo",
    params(
        ("id" = WorkshopId, Path, description = "The workshop."),
        ("allow_duplicate" = Option<bool>, Query, description = "Whether the same picture may be there twice."),
    ),
    request_body(content = PhotoUpload, content_type = "multipart/form-data"),
    responses((status = 201, description = "The photo.", body = PhotoView))
)]
pub async fn add_attendee_photo(
    guard: Guarded<AddAttendeePhoto>,
    body: PhotoBody,
    workshops: Data<Workshops>,
) -> Result<Created<PhotoView>, Problem> {
    Ok(workshops.add_attendee_photo(guard.permit(), body.0).await?)
}
