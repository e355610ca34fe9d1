//! `PUT /images/{id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    ids::ImageId,
    problem::Problem,
};

use crate::{
    actions::EditImage,
    dto::{ImageDetails, ImageView},
    service::Images,
};

/// Replaces an image's description and tags.
#[utoipa::path(
    put, path = "/images/{id}", tag = "images", operation_id = "replace_image",
    params(("id" = ImageId, Path, description = "The image.")),
    request_body = ImageDetails,
    responses((status = 200, description = "The image as it is now.", body = ImageView)),
)]
pub async fn replace(
    guard: Guarded<EditImage>,
    body: Body<ImageDetails>,
    images: Data<Images>,
) -> Result<Tagged<ImageView>, Problem> {
    Ok(images.edit(guard.permit(), body.valid()?.into()).await?)
}
