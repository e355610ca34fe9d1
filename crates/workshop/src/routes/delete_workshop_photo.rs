//! `DELETE /workshops/{id}/photos/{photo_id}`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::NoContent, ids::ImageId, problem::Problem};

use super::photo_body::PhotoPath;
use crate::{WorkshopId, actions::DeletePhotos, service::Workshops};

/// Deletes a photo of those that describe a workshop.
#[utoipa::path(
    delete,
    path = "/workshops/{id}/photos/{photo_id}",
    tag = "workshops",
    operation_id = "delete_workshop_photo",
    params(
        ("id" = WorkshopId, Path, description = "The workshop."),
        ("photo_id" = ImageId, Path, description = "The photo.")
    ),
    responses((status = 204, description = "It is gone."))
)]
pub async fn delete_workshop_photo(
    guard: Guarded<DeletePhotos>,
    photo: PhotoPath,
    workshops: Data<Workshops>,
) -> Result<NoContent, Problem> {
    workshops.delete_photo(guard.permit(), photo.0).await?;
    Ok(NoContent)
}
