//! `GET` and `PUT /workspaces/{id}/gallery`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    problem::Problem,
};

use crate::{
    actions::{ChangeGallery, ViewGallery},
    dto::GalleryView,
    service::Images,
};

/// Reads how a workspace's gallery is run.
#[utoipa::path(
    get, path = "/workspaces/{id}/gallery", tag = "approvals", operation_id = "read_gallery_settings",
    params(("id" = String, Path, description = "The workspace, by id or slug.")),
    responses((status = 200, description = "The settings.", body = GalleryView)),
)]
pub async fn read_settings(guard: Guarded<ViewGallery>, images: Data<Images>) -> Result<Tagged<GalleryView>, Problem> {
    Ok(images.settings(guard.permit()).await?)
}

/// Changes how a workspace's gallery is run. Where `approval` is `off`, images are approved as they come; what waits already
/// keeps waiting.
#[utoipa::path(
    put, path = "/workspaces/{id}/gallery", tag = "approvals", operation_id = "change_gallery_settings",
    params(("id" = String, Path, description = "The workspace, by id or slug.")),
    request_body = GalleryView,
    responses((status = 200, description = "The settings as they are now.", body = GalleryView)),
)]
pub async fn change_settings(
    guard: Guarded<ChangeGallery>,
    body: Body<GalleryView>,
    images: Data<Images>,
) -> Result<Tagged<GalleryView>, Problem> {
    Ok(images.change_settings(guard.permit(), body.valid()?).await?)
}
