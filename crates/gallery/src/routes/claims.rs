//! `POST` and `DELETE /images/{id}/approval/claim`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Done, NoContent},
    ids::ImageId,
    problem::Problem,
};

use crate::{actions::ReviewImage, dto::ClaimView, service::Images};

/// Claims a submitted image for ten minutes: nobody else decides about it until then. Again, it is kept for another ten
/// minutes (200). While somebody else has it this is answered 409, with who and until when.
#[utoipa::path(
    post, path = "/images/{id}/approval/claim", tag = "approvals", operation_id = "claim_approval",
    params(("id" = ImageId, Path, description = "The image.")),
    responses(
        (status = 201, description = "It is kept for the caller.", body = ClaimView),
        (status = 200, description = "It was, and is for longer.", body = ClaimView),
    ),
)]
pub async fn claim(guard: Guarded<ReviewImage>, images: Data<Images>) -> Result<Done<ClaimView>, Problem> {
    Ok(images.claim(guard.permit()).await?)
}

/// Lets others decide about an image that the caller claimed.
#[utoipa::path(
    delete, path = "/images/{id}/approval/claim", tag = "approvals", operation_id = "release_approval",
    params(("id" = ImageId, Path, description = "The image.")),
    responses((status = 204, description = "The caller has no claim on it.")),
)]
pub async fn release(guard: Guarded<ReviewImage>, images: Data<Images>) -> Result<NoContent, Problem> {
    Ok(images.release(guard.permit()).await?)
}
