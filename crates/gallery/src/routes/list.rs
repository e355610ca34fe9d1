//! `GET /images`.

use actix_web::web::Data;
use kernel::{guard::Scoped, page::Page, problem::Problem};

use crate::{
    actions::ListImages,
    dto::{ImageFilter, ImageView},
    service::Images,
};

/// Lists images: those that are approved, one's own, and all for those who edit or review them.
///
/// With `album`, those of an album; an album that the caller may not know of is 404.
#[utoipa::path(
    get, path = "/images", tag = "images", operation_id = "list_images",
    params(
        ("workspace" = Option<String>, Query, description = "One workspace, by id or slug; otherwise all of the caller's."),
        ("limit" = Option<u64>, Query, description = "Rows on a page, 1 to 200; 50 if left out."),
        ("cursor" = Option<String>, Query, description = "`next` of the page before."),
        ("sort" = Option<String>, Query, description = "`-created_at` or `created_at`; `relevance`, what fits a search best first, which is the default where one is made; `place`, the order in an album, which is the default where one is asked for."),
        ("count" = Option<bool>, Query, description = "Whether to count the rows, up to 10,000."),
        ImageFilter,
    ),
    responses((status = 200, description = "A page of images.", body = Page<ImageView>)),
)]
pub async fn list(scoped: Scoped<ListImages>, images: Data<Images>) -> Result<Page<ImageView>, Problem> {
    images.list(&scoped).await
}
