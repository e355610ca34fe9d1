//! The same under the name that workshops use: `/photos/{id}/like`, `report` and `comments`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Created, Done, NoContent, Paging},
    ids::ImageId,
    page::Page,
    problem::Problem,
};

use crate::{
    actions::{LikeImage, ReadComments, ReportImage, WriteComment},
    dto::{CommentFilter, CommentView, LikeView, NewComment, NewReport, ReportReceipt},
    service::Images,
};

/// Likes a photo. Once, however often: again it is answered 200.
#[utoipa::path(
    post, path = "/photos/{id}/like", tag = "photos", operation_id = "like_photo",
    params(("id" = ImageId, Path, description = "The photo.")),
    responses(
        (status = 201, description = "Liked.", body = LikeView),
        (status = 200, description = "Liked before.", body = LikeView),
    ),
)]
pub async fn like_photo(guard: Guarded<LikeImage>, images: Data<Images>) -> Result<Done<LikeView>, Problem> {
    Ok(images.like(guard.permit()).await?)
}

/// Likes a photo no more, whether the caller did or not.
#[utoipa::path(
    delete, path = "/photos/{id}/like", tag = "photos", operation_id = "unlike_photo",
    params(("id" = ImageId, Path, description = "The photo.")),
    responses((status = 204, description = "The caller doesn't like it.")),
)]
pub async fn unlike_photo(guard: Guarded<LikeImage>, images: Data<Images>) -> Result<NoContent, Problem> {
    Ok(images.unlike(guard.permit()).await?)
}

/// Reports a photo to those who handle reports. While the caller's report is open, another is answered 200 with that one.
#[utoipa::path(
    post, path = "/photos/{id}/report", tag = "reports", operation_id = "report_photo",
    params(("id" = ImageId, Path, description = "The photo.")),
    request_body = NewReport,
    responses(
        (status = 201, description = "Reported.", body = ReportReceipt),
        (status = 200, description = "Reported before, and not handled yet.", body = ReportReceipt),
    ),
)]
pub async fn report_photo(
    guard: Guarded<ReportImage>,
    body: Body<NewReport>,
    images: Data<Images>,
) -> Result<Done<ReportReceipt>, Problem> {
    Ok(images.report(guard.permit(), body.valid()?).await?)
}

/// Comments on a photo, or answers a comment on it.
#[utoipa::path(
    post, path = "/photos/{id}/comments", tag = "comments", operation_id = "comment_on_photo",
    params(("id" = ImageId, Path, description = "The photo.")),
    request_body = NewComment,
    responses((status = 201, description = "The comment.", body = CommentView)),
)]
pub async fn comment_on_photo(
    guard: Guarded<WriteComment>,
    body: Body<NewComment>,
    images: Data<Images>,
) -> Result<Created<CommentView>, Problem> {
    Ok(images.comment(guard.permit(), body.valid()?).await?)
}

/// Lists what is said of a photo, the oldest first. What answers a comment names it as `parent_id`.
#[utoipa::path(
    get, path = "/photos/{id}/comments", tag = "comments", operation_id = "list_photo_comments",
    params(
        ("id" = ImageId, Path, description = "The photo."),
        ("limit" = Option<u64>, Query, description = "Rows on a page, 1 to 200; 50 if left out."),
        ("cursor" = Option<String>, Query, description = "`next` of the page before."),
        CommentFilter,
    ),
    responses((status = 200, description = "A page of comments.", body = Page<CommentView>)),
)]
pub async fn list_photo_comments(
    guard: Guarded<ReadComments>,
    paging: Paging<CommentFilter>,
    images: Data<Images>,
) -> Result<Page<CommentView>, Problem> {
    images.comments(guard.permit(), &paging).await
}
