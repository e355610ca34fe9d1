//! What people say of an image: `/images/{id}/like`, `report` and `comments`.

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

/// Likes an image. Once, however often: again it is answered 200.
#[utoipa::path(
    post, path = "/images/{id}/like", tag = "images", operation_id = "like_image",
    params(("id" = ImageId, Path, description = "The image.")),
    responses(
        (status = 201, description = "Liked.", body = LikeView),
        (status = 200, description = "Liked before.", body = LikeView),
    ),
)]
pub async fn like_image(guard: Guarded<LikeImage>, images: Data<Images>) -> Result<Done<LikeView>, Problem> {
    Ok(images.like(guard.permit()).await?)
}

/// Likes an image no more, whether the caller did or not.
#[utoipa::path(
    delete, path = "/images/{id}/like", tag = "images", operation_id = "unlike_image",
    params(("id" = ImageId, Path, description = "The image.")),
    responses((status = 204, description = "The caller doesn't like it.")),
)]
pub async fn unlike_image(guard: Guarded<LikeImage>, images: Data<Images>) -> Result<NoContent, Problem> {
    Ok(images.unlike(guard.permit()).await?)
}

/// Reports an image to those who handle reports. While the caller's report is open, another is answered 200 with that one.
#[utoipa::path(
    post, path = "/images/{id}/report", tag = "reports", operation_id = "report_image",
    params(("id" = ImageId, Path, description = "The image.")),
    request_body = NewReport,
    responses(
        (status = 201, description = "Reported.", body = ReportReceipt),
        (status = 200, description = "Reported before, and not handled yet.", body = ReportReceipt),
    ),
)]
pub async fn report_image(
    guard: Guarded<ReportImage>,
    body: Body<NewReport>,
    images: Data<Images>,
) -> Result<Done<ReportReceipt>, Problem> {
    Ok(images.report(guard.permit(), body.valid()?).await?)
}

/// Comments on an image, or answers a comment on it.
#[utoipa::path(
    post, path = "/images/{id}/comments", tag = "comments", operation_id = "comment_on_image",
    params(("id" = ImageId, Path, description = "The image.")),
    request_body = NewComment,
    responses((status = 201, description = "The comment.", body = CommentView)),
)]
pub async fn comment_on_image(
    guard: Guarded<WriteComment>,
    body: Body<NewComment>,
    images: Data<Images>,
) -> Result<Created<CommentView>, Problem> {
    Ok(images.comment(guard.permit(), body.valid()?).await?)
}

/// Lists what is said of an image, the oldest first. What answers a comment names it as `parent_id`.
#[utoipa::path(
    get, path = "/images/{id}/comments", tag = "comments", operation_id = "list_image_comments",
    params(
        ("id" = ImageId, Path, description = "The image."),
        ("limit" = Option<u64>, Query, description = "Rows on a page, 1 to 200; 50 if left out."),
        ("cursor" = Option<String>, Query, description = "`next` of the page before."),
        CommentFilter,
    ),
    responses((status = 200, description = "A page of comments.", body = Page<CommentView>)),
)]
pub async fn list_image_comments(
    guard: Guarded<ReadComments>,
    paging: Paging<CommentFilter>,
    images: Data<Images>,
) -> Result<Page<CommentView>, Problem> {
    images.comments(guard.permit(), &paging).await
}
