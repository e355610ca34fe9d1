//! `PUT /images/{id}/approval`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    ids::ImageId,
    problem::Problem,
};

use crate::{
    actions::ReviewImage,
    dto::{ApprovalView, ReviewDecision},
    service::Images,
};

/// Approves or rejects a submitted image. A rejection takes a reason. Of two reviewers who decide at once the second is
/// answered 409.
#[utoipa::path(
    put, path = "/images/{id}/approval", tag = "approvals", operation_id = "decide_approval",
    params(("id" = ImageId, Path, description = "The image.")),
    request_body = ReviewDecision,
    responses((status = 200, description = "Decided.", body = ApprovalView)),
)]
pub async fn decide(
    guard: Guarded<ReviewImage>,
    body: Body<ReviewDecision>,
    images: Data<Images>,
) -> Result<Tagged<ApprovalView>, Problem> {
    Ok(images.decide(guard.permit(), body.valid()?).await?)
}
