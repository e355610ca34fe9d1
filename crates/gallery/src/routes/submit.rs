//! `POST /images/{id}/approval`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Created, ids::ImageId, problem::Problem};

use crate::{actions::SubmitImage, dto::ApprovalView, service::Images};

/// Submits a draft for approval, or a rejected image again.
#[utoipa::path(
    post, path = "/images/{id}/approval", tag = "approvals", operation_id = "submit_image",
    params(("id" = ImageId, Path, description = "The image.")),
    responses((status = 201, description = "It waits for a decision.", body = ApprovalView)),
)]
pub async fn submit(guard: Guarded<SubmitImage>, images: Data<Images>) -> Result<Created<ApprovalView>, Problem> {
    Ok(images.submit(guard.permit()).await?)
}
