//! `DELETE /images/{id}`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::NoContent, ids::ImageId, problem::Problem};

use crate::{actions::DeleteImage, service::Images};

/// Moves an image to the trash: from now on it is shown to nobody. It can be restored for 30 days; then it goes for good,
/// with its bytes unless another image of the workspace has the same.
#[utoipa::path(
    delete, path = "/images/{id}", tag = "images", operation_id = "delete_image",
    params(("id" = ImageId, Path, description = "The image.")),
    responses((status = 204, description = "Deleted.")),
)]
pub async fn delete(guard: Guarded<DeleteImage>, images: Data<Images>) -> Result<NoContent, Problem> {
    images.delete(guard.permit()).await?;
    Ok(NoContent)
}
