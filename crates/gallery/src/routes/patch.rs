//! `PATCH /images/{id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    ids::ImageId,
    problem::Problem,
};

use crate::{
    actions::EditImage,
    dto::{ImagePatch, ImageView},
    service::Images,
};

/// Changes what is given of an image's description and tags (RFC 7396).
#[utoipa::path(
    patch, path = "/images/{id}", tag = "images", operation_id = "edit_image",
    params(("id" = ImageId, Path, description = "The image.")),
    request_body = ImagePatch,
    responses((status = 200, description = "The image as it is now.", body = ImageView)),
)]
pub async fn patch(
    guard: Guarded<EditImage>,
    body: Body<ImagePatch>,
    images: Data<Images>,
) -> Result<Tagged<ImageView>, Problem> {
    Ok(images.edit(guard.permit(), body.valid()?).await?)
}
