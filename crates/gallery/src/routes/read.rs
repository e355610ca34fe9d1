//! `GET /images/{id}`.

use kernel::{guard::Guarded, http::Tagged, ids::ImageId, problem::Problem};

use crate::{actions::ViewImage, dto::ImageView, permissions::EDIT_IMAGES};

/// Reads an image's facts. One that isn't approved exists for its uploader and those who edit or review it only.
#[utoipa::path(
    get, path = "/images/{id}", tag = "images", operation_id = "read_image",
    params(("id" = ImageId, Path, description = "The image.")),
    responses((status = 200, description = "The image.", body = ImageView)),
)]
pub async fn read(guard: Guarded<ViewImage>) -> Result<Tagged<ImageView>, Problem> {
    let permit = guard.permit();
    let image = permit.target().clone();
    Ok(Tagged::new(image.version, ImageView::of(image, permit.holds(&EDIT_IMAGES))))
}
