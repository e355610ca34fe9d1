//! `GET /trash` and `POST /images/{id}/restore`.

use actix_web::web::Data;
use kernel::{
    guard::{Guarded, Scoped},
    http::{Query, Tagged},
    ids::ImageId,
    page::Page,
    problem::Problem,
};

use crate::{
    actions::{ListTrash, RestoreImage},
    dto::{ImageView, RestoreQuery, TrashedView},
    service::Images,
};

/// Lists what is in the trash of those images that the caller may delete, what was deleted last first. After 30 days it
/// goes for good; until then it takes up storage as before.
#[utoipa::path(
    get, path = "/trash", tag = "images", operation_id = "list_trash",
    params(
        ("workspace" = Option<String>, Query, description = "One workspace, by id or slug; otherwise all of the caller's."),
        ("limit" = Option<u64>, Query, description = "Rows on a page, 1 to 200; 50 if left out."),
        ("cursor" = Option<String>, Query, description = "`next` of the page before."),
        ("count" = Option<bool>, Query, description = "Whether to count the rows, up to 10,000."),
    ),
    responses((status = 200, description = "A page of deleted images.", body = Page<TrashedView>)),
)]
pub async fn list_trash(scoped: Scoped<ListTrash>, images: Data<Images>) -> Result<Page<TrashedView>, Problem> {
    images.trash(&scoped).await
}

/// Takes an image out of the trash: it is as it was. If the workspace got the same picture meanwhile, that is refused
/// unless `allow_duplicate=true`.
#[utoipa::path(
    post, path = "/images/{id}/restore", tag = "images", operation_id = "restore_image",
    params(("id" = ImageId, Path, description = "The image."), RestoreQuery),
    responses((status = 200, description = "The image.", body = ImageView)),
)]
pub async fn restore(
    guard: Guarded<RestoreImage>,
    query: Query<RestoreQuery>,
    images: Data<Images>,
) -> Result<Tagged<ImageView>, Problem> {
    Ok(images.restore(guard.permit(), query.0.allow_duplicate).await?)
}
