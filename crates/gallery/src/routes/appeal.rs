//! `POST /images/{id}/approval/appeal`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Created},
    ids::ImageId,
    problem::Problem,
};

use crate::{
    actions::SubmitImage,
    dto::{Appeal, ApprovalView},
    service::Images,
};

/// Appeals against a rejection: the image waits for another decision, marked as an appeal. Only whoever uploaded it
/// can, once for each rejection.
#[utoipa::path(
    post, path = "/images/{id}/approval/appeal", tag = "approvals", operation_id = "appeal_rejection",
    params(("id" = ImageId, Path, description = "The image.")),
    request_body = Appeal,
    responses((status = 201, description = "It waits for another decision.", body = ApprovalView)),
)]
pub async fn appeal(
    guard: Guarded<SubmitImage>,
    body: Body<Appeal>,
    images: Data<Images>,
) -> Result<Created<ApprovalView>, Problem> {
    Ok(images.appeal(guard.permit(), body.valid()?).await?)
}
