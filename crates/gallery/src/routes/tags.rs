//! Tags: `GET /tags` and `POST /tags/rename`.

use actix_web::web::Data;
use kernel::{
    guard::{Creating, Scoped},
    http::{Body, Done},
    page::Page,
    problem::Problem,
};

use crate::{
    actions::{ChangeTags, ListTags},
    dto::{TagChange, TagView, TagsChanged},
    service::Images,
};

/// Lists the tags of all images that the caller may see, with how many have each.
#[utoipa::path(
    get, path = "/tags", tag = "images", operation_id = "list_tags",
    params(
        ("workspace" = Option<String>, Query, description = "One workspace, by id or slug; otherwise all of the caller's."),
        ("limit" = Option<u64>, Query, description = "Rows on a page, 1 to 200; 50 if left out."),
        ("cursor" = Option<String>, Query, description = "`next` of the page before."),
    ),
    responses((status = 200, description = "A page of tags.", body = Page<TagView>)),
)]
pub async fn list_tags(scoped: Scoped<ListTags>, images: Data<Images>) -> Result<Page<TagView>, Problem> {
    images.tags(&scoped).await
}

/// Renames a tag on all images of a workspace, makes several into one, or takes them off.
#[utoipa::path(
    post, path = "/tags/rename", tag = "images", operation_id = "rename_tags",
    request_body = TagChange,
    responses((status = 200, description = "What it came to.", body = TagsChanged)),
)]
pub async fn rename_tags(
    guard: Creating<ChangeTags>,
    body: Body<TagChange>,
    images: Data<Images>,
) -> Result<Done<TagsChanged>, Problem> {
    let change = body.valid()?;
    let permit = guard.permit_in(change.workspace.as_ref()).await?;
    Ok(images.rename_tags(&permit, change).await?)
}
