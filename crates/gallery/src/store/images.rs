//! Queries for one image.

use chrono::{DateTime, Utc};
use kernel::{
    db::SystemTx,
    guard::{Identified, Lookup, Tx},
    ids::{ImageId, WorkspaceId},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{LockBehavior, LockType},
};

use crate::{
    actions::{
        DeleteImage, EditImage, ImageRow, LikeImage, ReportImage, RestoreImage, ReviewImage, ShareImage, SubmitImage,
        TrashedImage, WriteComment,
    },
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

/// What is said of an image, or done about it, that leaves the image as it is.
pub(crate) trait AboutImage: Identified<Target = ImageRow> {}

impl AboutImage for LikeImage {}
impl AboutImage for ReportImage {}
impl AboutImage for WriteComment {}

/// The image of a path, for the guard: it decides whether the caller may know of it.
pub(crate) async fn find(lookup: &Lookup<'_>, id: ImageId) -> Result<Option<ImageRow>, DbErr> {
    Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).one(&lookup.db()).await
}

/// The same for an image that is in the trash.
pub(crate) async fn find_trashed(lookup: &Lookup<'_>, id: ImageId) -> Result<Option<ImageRow>, DbErr> {
    Entity::find_by_id(id).filter(Column::DeletedAt.is_not_null()).one(&lookup.db()).await
}

/// An approved image, for who was given a link to it.
pub(crate) async fn approved(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: ImageId,
) -> Result<Option<ImageRow>, DbErr> {
    let found = Entity::find_by_id(id).filter(Column::WorkspaceId.eq(workspace)).filter(Column::DeletedAt.is_null());
    found.filter(Column::Status.eq(Status::Approved)).one(db).await
}

/// The image as it is now; nobody else changes it until the transaction ends.
pub(crate) async fn lock<A: ChangesImage>(tx: &Tx<'_, A>) -> Result<Option<ImageRow>, DbErr> {
    let image = tx.permit().target();
    let found = Entity::find_by_id(image.id).filter(Column::WorkspaceId.eq(tx.permit().workspace()));
    found.filter(Column::DeletedAt.is_null()).lock_exclusive().one(tx).await
}

/// The image as it is now in the trash; nobody takes it away until the transaction ends.
pub(crate) async fn lock_trashed(tx: &Tx<'_, RestoreImage>) -> Result<Option<ImageRow>, DbErr> {
    let TrashedImage(image) = tx.permit().target();
    let found = Entity::find_by_id(image.id).filter(Column::WorkspaceId.eq(image.workspace_id));
    found.filter(Column::DeletedAt.is_not_null()).lock_exclusive().one(tx).await
}

/// Sees to it that the image is there until the transaction ends; whether it is.
pub(crate) async fn hold<A: AboutImage>(tx: &Tx<'_, A>) -> Result<bool, DbErr> {
    let image = tx.permit().target();
    let found = Entity::find_by_id(image.id)
        .filter(Column::WorkspaceId.eq(tx.permit().workspace()))
        .filter(Column::DeletedAt.is_null());
    let held = found.select_only().column(Column::Id).lock(LockType::KeyShare).into_tuple::<ImageId>().one(tx).await?;
    Ok(held.is_some())
}

/// Writes a locked image's changes.
pub(crate) async fn update(tx: &impl ConnectionTrait, changed: ActiveModel) -> Result<ImageRow, DbErr> {
    changed.update(tx).await
}

/// Deletes images that lie in the trash since before `then`, and with them all that was said of them; at most `limit`,
/// and none that somebody takes out this very moment.
pub(crate) async fn delete_trashed(tx: &SystemTx<'_>, then: DateTime<Utc>, limit: u64) -> Result<Vec<ImageRow>, DbErr> {
    let rows = Entity::find()
        .filter(Column::DeletedAt.lt(then))
        .order_by_asc(Column::DeletedAt)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await?;
    let ids = Column::Id.is_in(rows.iter().map(|row| row.id));
    Entity::delete_many().filter(ids).exec(tx).await?;
    Ok(rows)
}

/// Adds an image, in a transaction that holds the lock on its content.
pub(crate) async fn insert(tx: &impl ConnectionTrait, image: ImageRow) -> Result<ImageRow, DbErr> {
    ActiveModel::from(image).reset_all().insert(tx).await
}
