//! `POST /workshops/{id}/photos`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Created, problem::Problem};

use super::photo_body::PhotoBody;
use crate::{
    WorkshopId,
    actions::AddPhoto,
    dto::{PhotoUpload, PhotoView},
    service::Workshops,
};

/// Adds a photo to what describes a workshop.
///
/// Streamed, told by its bytes, and bounded, as every picture. Twice the same one: 409 `duplicate_image`, with its id, unless
/// `allow_duplicate` is asked for.
#[utoipa::path(
    post,
    path = "/workshops/{id}/photos",
    tag = "workshops",
    operation_id = "add_workshop_photo",
    params(
        ("id" = WorkshopId, Path, description = "The workshop."),
        ("allow_duplicate" = Option<bool>, Query, description = "Whether the same picture may be there twice."),
    ),
    request_body(content = PhotoUpload, content_type = "multipart/form-data"),
    responses((status = 201, description = "The photo.", body = PhotoView))
)]
pub async fn add_workshop_photo(
    guard: Guarded<AddPhoto>,
    body: PhotoBody,
    workshops: Data<Workshops>,
) -> Result<Created<PhotoView>, Problem> {
    Ok(workshops.add_photo(guard.permit(), body.0).await?)
}
