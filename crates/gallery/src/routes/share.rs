//! `POST /images/{id}/links`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Created},
    ids::ImageId,
    problem::Problem,
};

use crate::{
    actions::ShareImage,
    dto::{LinkView, NewLink},
    service::Images,
};

/// Makes a link to an approved image that needs no sign-in.
///
/// It ends after the time that is asked for, and before that with the approval, the image or the workspace. It never
/// leads to the file as it was uploaded.
#[utoipa::path(
    post, path = "/images/{id}/links", tag = "images", operation_id = "share_image",
    params(("id" = ImageId, Path, description = "The image.")),
    request_body = NewLink,
    responses((status = 201, description = "The link.", body = LinkView)),
)]
pub async fn share(
    guard: Guarded<ShareImage>,
    body: Body<NewLink>,
    images: Data<Images>,
) -> Result<Created<LinkView>, Problem> {
    let new = body.valid()?;
    Ok(images.share(guard.permit(), new).await?)
}
