//! `GET /images/{id}/approval`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, ids::ImageId, problem::Problem};

use crate::{actions::ViewApproval, dto::ApprovalView, service::Images};

/// Reads where an image stands in its approval, with every step that led there. Its entity tag is the image's.
#[utoipa::path(
    get, path = "/images/{id}/approval", tag = "approvals", operation_id = "read_approval",
    params(("id" = ImageId, Path, description = "The image.")),
    responses((status = 200, description = "The approval.", body = ApprovalView)),
)]
pub async fn approval(guard: Guarded<ViewApproval>, images: Data<Images>) -> Result<Tagged<ApprovalView>, Problem> {
    Ok(images.approval(guard.permit()).await?)
}
