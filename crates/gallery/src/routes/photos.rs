//! `GET` and `DELETE /photos/{id}`: images under the name that workshops use.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{NoContent, Tagged},
    ids::ImageId,
    problem::Problem,
};

use crate::{
    actions::{DeleteImage, ViewImage},
    dto::ImageView,
    permissions::EDIT_IMAGES,
    service::Images,
};

/// Reads a photo's facts. Photos of a workshop that isn't published exist for who made it and those who edit images.
#[utoipa::path(
    get, path = "/photos/{id}", tag = "photos", operation_id = "read_photo",
    params(("id" = ImageId, Path, description = "The photo.")),
    responses((status = 200, description = "The photo.", body = ImageView)),
)]
pub async fn read_photo(guard: Guarded<ViewImage>) -> Result<Tagged<ImageView>, Problem> {
    let permit = guard.permit();
    let image = permit.target().clone();
    Ok(Tagged::new(image.version, ImageView::of(image, permit.holds(&EDIT_IMAGES))))
}

/// Moves a photo to the trash, where it stays for 30 days. A photo is owned by who made its workshop.
#[utoipa::path(
    delete, path = "/photos/{id}", tag = "photos", operation_id = "delete_photo",
    params(("id" = ImageId, Path, description = "The photo.")),
    responses((status = 204, description = "Deleted.")),
)]
pub async fn delete_photo(guard: Guarded<DeleteImage>, images: Data<Images>) -> Result<NoContent, Problem> {
    images.delete(guard.permit()).await?;
    Ok(NoContent)
}
