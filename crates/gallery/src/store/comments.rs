//! Queries for comments.

use chrono::{DateTime, Utc};
use kernel::guard::{Identified, Lookup, Permit, Tx};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DbErr, EntityTrait, ExprTrait, ModelTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use serde::{Deserialize, Serialize};

use crate::{
    actions::{CommentRow, DeleteComment, EditComment, ImageRow, ReadComments, WriteComment},
    entity::{
        comment::{ActiveModel, Column, Entity, Model},
        image,
    },
    ids::CommentId,
};

/// A comment's place in the list of its image.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Key(pub(crate) DateTime<Utc>, pub(crate) CommentId);

/// What changes a comment that the guard loaded.
pub(crate) trait ChangesComment: Identified<Target = CommentRow> {}

impl ChangesComment for EditComment {}
impl ChangesComment for DeleteComment {}

/// The comment of a path with its image, unless that is in the trash.
pub(crate) async fn find(lookup: &Lookup<'_>, id: CommentId) -> Result<Option<(Model, ImageRow)>, DbErr> {
    let found = Entity::find_by_id(id).find_also_related(image::Entity);
    let found = found.filter(image::Column::DeletedAt.is_null()).one(&lookup.db()).await?;
    Ok(found.and_then(|(comment, image)| Some((comment, image?))))
}

/// A page of an image's comments, the oldest first.
pub(crate) async fn page(
    permit: &Permit<ReadComments>,
    parent: Option<CommentId>,
    after: Option<Key>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let beyond = after.map(|Key(at, id)| {
        let place = Expr::tuple([Expr::col(Column::CreatedAt.as_column_ref()), Expr::col(Column::Id.as_column_ref())]);
        place.gt(Expr::tuple([Expr::value(at), Expr::value(id)]))
    });
    Entity::find()
        .filter(Column::WorkspaceId.eq(permit.workspace()))
        .filter(Column::ImageId.eq(permit.target().id))
        .filter(Condition::all().add_option(parent.map(|parent| Column::ParentId.eq(parent))).add_option(beyond))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(&permit.db())
        .await
}

/// Adds a comment. One that answers what it can't runs into `comments_answer_comments`.
pub(crate) async fn insert(tx: &Tx<'_, WriteComment>, row: Model) -> Result<Model, DbErr> {
    ActiveModel::from(row).reset_all().insert(tx).await
}

/// The comment as it is now; nobody else changes it until the transaction ends.
pub(crate) async fn lock<A: ChangesComment>(tx: &Tx<'_, A>) -> Result<Option<Model>, DbErr> {
    let CommentRow { comment, .. } = tx.permit().target();
    let found = Entity::find_by_id(comment.id).filter(Column::WorkspaceId.eq(comment.workspace_id));
    found.lock_exclusive().one(tx).await
}

/// Writes a locked comment's changes.
pub(crate) async fn update(tx: &Tx<'_, EditComment>, changed: ActiveModel) -> Result<Model, DbErr> {
    changed.update(tx).await
}

/// Deletes a locked comment, and what answers it.
pub(crate) async fn delete(tx: &Tx<'_, DeleteComment>, row: Model) -> Result<(), DbErr> {
    row.delete(tx).await.map(drop)
}
