//! The same done to many images: `PATCH /images`, `DELETE /images`, `PUT /approvals`.

use actix_web::{http::StatusCode, web::Data};
use kernel::{
    guard::Each,
    http::{Body, Done},
    problem::Problem,
};

use crate::{
    actions::{DeleteImage, EditImage, ReviewImage},
    dto::{BulkDecision, BulkEdit, BulkResult, ImageSelection},
    service::Images,
};

/// Edits up to 500 images. Each is answered for by itself, with the status that `PATCH /images/{id}` would have: what is
/// refused about one changes nothing about the others.
#[utoipa::path(
    patch, path = "/images", tag = "images", operation_id = "edit_images",
    request_body = BulkEdit,
    responses((status = 200, description = "What came of each.", body = BulkResult)),
)]
pub async fn edit_images(
    each: Each<EditImage>,
    body: Body<BulkEdit>,
    images: Data<Images>,
) -> Result<Done<BulkResult>, Problem> {
    Ok(Done { status: StatusCode::OK, view: images.edit_each(&each, body.valid()?).await? })
}

/// Moves up to 500 images to the trash. Each is answered for by itself, with the status that `DELETE /images/{id}` would
/// have.
#[utoipa::path(
    delete, path = "/images", tag = "images", operation_id = "delete_images",
    request_body = ImageSelection,
    responses((status = 200, description = "What came of each.", body = BulkResult)),
)]
pub async fn delete_images(
    each: Each<DeleteImage>,
    body: Body<ImageSelection>,
    images: Data<Images>,
) -> Result<Done<BulkResult>, Problem> {
    Ok(Done { status: StatusCode::OK, view: images.delete_each(&each, body.valid()?.ids).await? })
}

/// Decides about up to 500 submitted images. Each is answered for by itself, with the status that
/// `PUT /images/{id}/approval` would have.
#[utoipa::path(
    put, path = "/approvals", tag = "approvals", operation_id = "decide_approvals",
    request_body = BulkDecision,
    responses((status = 200, description = "What came of each.", body = BulkResult)),
)]
pub async fn decide_approvals(
    each: Each<ReviewImage>,
    body: Body<BulkDecision>,
    images: Data<Images>,
) -> Result<Done<BulkResult>, Problem> {
    Ok(Done { status: StatusCode::OK, view: images.decide_each(&each, body.valid()?).await? })
}
