//! `DELETE /images/{id}/approval`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::NoContent, ids::ImageId, problem::Problem};

use crate::{actions::SubmitImage, service::Images};

/// Takes an image back: it is a draft again, and no longer shown.
#[utoipa::path(
    delete, path = "/images/{id}/approval", tag = "approvals", operation_id = "withdraw_image",
    params(("id" = ImageId, Path, description = "The image.")),
    responses((status = 204, description = "It is a draft again.")),
)]
pub async fn withdraw(guard: Guarded<SubmitImage>, images: Data<Images>) -> Result<NoContent, Problem> {
    Ok(images.withdraw(guard.permit()).await?)
}
