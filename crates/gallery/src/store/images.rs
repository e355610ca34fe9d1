//! Queries for one image.

use kernel::{
    guard::{Identified, Lookup, Tx},
    ids::{ImageId, WorkspaceId},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ModelTrait, QueryFilter, QuerySelect,
};

use crate::{
    actions::{DeleteImage, EditImage, ImageRow, ReviewImage, ShareImage, SubmitImage},
    entity::{
        Status,
        image::{ActiveModel, Column, Entity},
    },
};

/// What changes an image that the guard loaded.
pub(crate) trait ChangesImage: Identified<Target = ImageRow> {}

impl ChangesImage for EditImage {}
impl ChangesImage for DeleteImage {}
impl ChangesImage for SubmitImage {}
impl ChangesImage for ShareImage {}
impl ChangesImage for ReviewImage {}

/// The image of a path, for the guard: it decides whether the caller may know of it.
pub(crate) async fn find(lookup: &Lookup<'_>, id: ImageId) -> Result<Option<ImageRow>, DbErr> {
    Entity::find_by_id(id).one(&lookup.db()).await
}

/// An approved image, for who was given a link to it.
pub(crate) async fn approved(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: ImageId,
) -> Result<Option<ImageRow>, DbErr> {
    let found = Entity::find_by_id(id).filter(Column::WorkspaceId.eq(workspace));
    found.filter(Column::Status.eq(Status::Approved)).one(db).await
}

/// The image as it is now; nobody else changes it until the transaction ends.
pub(crate) async fn lock<A: ChangesImage>(tx: &Tx<'_, A>) -> Result<Option<ImageRow>, DbErr> {
    let image = tx.permit().target();
    let found = Entity::find_by_id(image.id).filter(Column::WorkspaceId.eq(tx.permit().workspace()));
    found.lock_exclusive().one(tx).await
}

/// Writes a locked image's changes.
pub(crate) async fn update<A: ChangesImage>(tx: &Tx<'_, A>, changed: ActiveModel) -> Result<ImageRow, DbErr> {
    changed.update(tx).await
}

/// Deletes a locked image, and with it the history of its approval.
pub(crate) async fn delete(tx: &Tx<'_, DeleteImage>, image: ImageRow) -> Result<(), DbErr> {
    image.delete(tx).await.map(drop)
}

/// Adds an image, in a transaction that holds the lock on its content.
pub(crate) async fn insert(tx: &impl ConnectionTrait, image: ImageRow) -> Result<ImageRow, DbErr> {
    ActiveModel::from(image).reset_all().insert(tx).await
}
