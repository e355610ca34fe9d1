//! `DELETE /workshops/{id}/photos`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, NoContent},
    problem::Problem,
};

use crate::{WorkshopId, actions::DeletePhotos, dto::PhotoIds, service::Workshops};

/// Deletes photos of those that describe a workshop: all of them, or none.
///
/// If one of them is none of this workshop's: 422, and all stay.
#[utoipa::path(
    delete,
    path = "/workshops/{id}/photos",
    tag = "workshops",
    operation_id = "delete_workshop_photos",
    params(("id" = WorkshopId, Path, description = "The workshop.")),
    request_body = PhotoIds,
    responses((status = 204, description = "They are gone."))
)]
pub async fn delete_workshop_photos(
    guard: Guarded<DeletePhotos>,
    body: Body<PhotoIds>,
    workshops: Data<Workshops>,
) -> Result<NoContent, Problem> {
    workshops.delete_photos(guard.permit(), &body.valid()?.photo_ids).await?;
    Ok(NoContent)
}
