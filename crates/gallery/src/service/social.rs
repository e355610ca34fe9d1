//! What people say of images: likes and comments.

use actix_web::http::StatusCode;
use kernel::{
    failure::violated_constraint,
    guard::Permit,
    http::{Created, Done, NoContent, Paging, Tagged, etag_of},
    outbox::Event,
    page::Page,
    problem::Problem,
};
use sea_orm::{DbErr, IntoActiveModel, Set};

use super::Images;
use crate::{
    actions::{DeleteComment, EditComment, LikeImage, ReadComments, WriteComment},
    dto::{CommentEdit, CommentFilter, CommentView, LikeView, NewComment},
    entity::comment,
    error::GalleryError,
    events,
    ids::CommentId,
    store::{self, comments::Key},
};

impl Images {
    /// Likes an image: 201, or 200 if the caller did before. However often and however many at once, it counts once.
    pub(crate) async fn like(&self, permit: &Permit<LikeImage>) -> Result<Done<LikeView>, GalleryError> {
        let tx = permit.begin().await?;
        if !store::images::hold(&tx).await? {
            return Err(GalleryError::NotFound);
        }
        let image = permit.target();
        let is_new = store::likes::add(&tx, permit.now()).await?;
        if is_new {
            let event = Event::new(events::LIKED, events::IMAGE, image.id.0, permit.now());
            tx.announce(event.fact("uploader_id", image.uploader_id.to_string())).await?;
        }
        let view = LikeView { image_id: image.id, liked: true, likes: store::likes::count(&tx).await? };
        let reply = Done { status: if is_new { StatusCode::CREATED } else { StatusCode::OK }, view };
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// Likes an image no more, whether the caller did or not.
    pub(crate) async fn unlike(&self, permit: &Permit<LikeImage>) -> Result<NoContent, GalleryError> {
        let tx = permit.begin().await?;
        if store::likes::remove(&tx).await? {
            tx.announce(Event::new(events::UNLIKED, events::IMAGE, permit.target().id.0, permit.now())).await?;
        }
        tx.commit().await?;
        Ok(NoContent)
    }

    /// A page of what is said of an image, the oldest first.
    pub(crate) async fn comments(
        &self,
        permit: &Permit<ReadComments>,
        paging: &Paging<CommentFilter>,
    ) -> Result<Page<CommentView>, Problem> {
        let rows = store::comments::page(permit, paging.filter().parent, paging.after()?, paging.limit() + 1).await?;
        Ok(paging.page(rows, |row| Key(row.created_at, row.id))?.map(CommentView::from))
    }

    /// Says something of an image, or of what somebody said.
    pub(crate) async fn comment(
        &self,
        permit: &Permit<WriteComment>,
        new: NewComment,
    ) -> Result<Created<CommentView>, GalleryError> {
        let tx = permit.begin().await?;
        if !store::images::hold(&tx).await? {
            return Err(GalleryError::NotFound);
        }
        let (image, now) = (permit.target(), permit.now());
        let row = comment::Model {
            id: CommentId::new(now),
            workspace_id: permit.workspace(),
            image_id: image.id,
            parent_id: new.parent_id,
            author_id: permit.caller(),
            body: new.body.trim().to_owned(),
            version: 1,
            created_at: now,
            edited_at: None,
        };
        let row = store::comments::insert(&tx, row).await.map_err(no_parent)?;
        let event = Event::new(events::COMMENTED, events::COMMENT, row.id.0, now)
            .fact("image_id", image.id.to_string())
            .fact("uploader_id", image.uploader_id.to_string())
            .fact("parent_id", row.parent_id.map(|parent| parent.to_string()));
        tx.announce(event).await?;
        let reply = Created::at(format!("/comments/{}", row.id), Some(etag_of(row.version)), row.into());
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// Changes a comment's words. What changes nothing leaves no mark.
    pub(crate) async fn edit_comment(
        &self,
        permit: &Permit<EditComment>,
        edit: CommentEdit,
    ) -> Result<Tagged<CommentView>, GalleryError> {
        let tx = permit.begin().await?;
        let row = store::comments::lock(&tx).await?.ok_or(GalleryError::NotFound)?;
        tx.check_version(&etag_of(row.version))?;
        let body = edit.body.trim();
        if body == row.body {
            return Ok(Tagged::new(row.version, row.into()));
        }
        let event = Event::new(events::COMMENT_EDITED, events::COMMENT, row.id.0, permit.now())
            .fact("image_id", row.image_id.to_string());
        let version = row.version + 1;
        let mut changed = row.into_active_model();
        changed.body = Set(body.to_owned());
        changed.version = Set(version);
        changed.edited_at = Set(Some(permit.now()));
        let row = store::comments::update(&tx, changed).await?;
        tx.announce(event).await?;
        tx.commit().await?;
        Ok(Tagged::new(row.version, row.into()))
    }

    /// Deletes a comment, and what answers it.
    pub(crate) async fn delete_comment(&self, permit: &Permit<DeleteComment>) -> Result<NoContent, GalleryError> {
        let tx = permit.begin().await?;
        let row = store::comments::lock(&tx).await?.ok_or(GalleryError::NotFound)?;
        tx.check_version(&etag_of(row.version))?;
        let event = Event::new(events::COMMENT_DELETED, events::COMMENT, row.id.0, permit.now())
            .fact("image_id", row.image_id.to_string())
            .fact("author_id", row.author_id.to_string());
        store::comments::delete(&tx, row).await?;
        tx.announce(event).await?;
        tx.commit().await?;
        Ok(NoContent)
    }
}

/// The database knows best what can be answered.
fn no_parent(error: DbErr) -> GalleryError {
    match violated_constraint(&error) {
        Some("comments_answer_comments") => GalleryError::NoSuchParent,
        _ => error.into(),
    }
}
