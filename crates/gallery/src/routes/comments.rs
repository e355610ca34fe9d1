//! `GET`, `PUT`, `PATCH` and `DELETE /comments/{id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, NoContent, Tagged},
    problem::Problem,
};

use crate::{
    actions::{DeleteComment, EditComment, ReadComment},
    dto::{CommentEdit, CommentView},
    ids::CommentId,
    service::Images,
};

/// Reads a comment.
#[utoipa::path(
    get, path = "/comments/{id}", tag = "comments", operation_id = "read_comment",
    params(("id" = CommentId, Path, description = "The comment.")),
    responses((status = 200, description = "The comment.", body = CommentView)),
)]
pub async fn read_comment(guard: Guarded<ReadComment>) -> Result<Tagged<CommentView>, Problem> {
    let comment = guard.permit().target().comment.clone();
    Ok(Tagged::new(comment.version, comment.into()))
}

/// Puts other words in a comment, which marks it as edited.
#[utoipa::path(
    put, path = "/comments/{id}", tag = "comments", operation_id = "replace_comment",
    params(("id" = CommentId, Path, description = "The comment.")),
    request_body = CommentEdit,
    responses((status = 200, description = "The comment as it is now.", body = CommentView)),
)]
pub async fn replace_comment(
    guard: Guarded<EditComment>,
    body: Body<CommentEdit>,
    images: Data<Images>,
) -> Result<Tagged<CommentView>, Problem> {
    Ok(images.edit_comment(guard.permit(), body.valid()?).await?)
}

/// The same: a comment has nothing else to change.
#[utoipa::path(
    patch, path = "/comments/{id}", tag = "comments", operation_id = "edit_comment",
    params(("id" = CommentId, Path, description = "The comment.")),
    request_body = CommentEdit,
    responses((status = 200, description = "The comment as it is now.", body = CommentView)),
)]
pub async fn edit_comment(
    guard: Guarded<EditComment>,
    body: Body<CommentEdit>,
    images: Data<Images>,
) -> Result<Tagged<CommentView>, Problem> {
    Ok(images.edit_comment(guard.permit(), body.valid()?).await?)
}

/// Deletes a comment, and with it what answers it.
#[utoipa::path(
    delete, path = "/comments/{id}", tag = "comments", operation_id = "delete_comment",
    params(("id" = CommentId, Path, description = "The comment.")),
    responses((status = 204, description = "It is gone.")),
)]
pub async fn delete_comment(guard: Guarded<DeleteComment>, images: Data<Images>) -> Result<NoContent, Problem> {
    Ok(images.delete_comment(guard.permit()).await?)
}
