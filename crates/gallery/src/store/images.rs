//! Queries for one image.

use chrono::{DateTime, Utc};
use kernel::{
    db::SystemTx,
    guard::{Batch, Identified, Lookup, Tx},
    ids::{ImageId, WorkspaceId},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, UpdateMany,
    prelude::Uuid,
    sea_query::{Expr, LockBehavior, LockType},
};

use crate::{
    actions::{
        DeleteImage, EditImage, ImageRow, LikeImage, ReportImage, RestoreImage, ReviewImage, ShareImage, SubmitImage,
        TrashedImage, WriteComment,
    },
    entity::{
        Status,
        image::{ActiveModel, Column, Entity, Tags},
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

/// Those of `ids` that there are, in one look.
pub(crate) async fn find_all(lookup: &Lookup<'_>, ids: &[Uuid]) -> Result<Vec<ImageRow>, DbErr> {
    let ids = Column::Id.is_in(ids.iter().copied());
    Entity::find().filter(ids).filter(Column::DeletedAt.is_null()).all(&lookup.db()).await
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

/// The images of a batch as they are now, those that are still there; nobody else changes them until the transaction ends.
/// In one order, whoever locks, so that no two wait for each other.
pub(crate) async fn lock_each<A: ChangesImage>(tx: &Tx<'_, A>, batch: &Batch<A>) -> Result<Vec<ImageRow>, DbErr> {
    let found = Entity::find()
        .filter(Column::WorkspaceId.eq(tx.permit().workspace()))
        .filter(Column::Id.is_in(batch.targets().map(|image| image.id)))
        .filter(Column::DeletedAt.is_null());
    found.order_by_asc(Column::Id).lock_exclusive().all(tx).await
}

/// The locked images `ids`, as they change now.
fn changing<A: ChangesImage>(tx: &Tx<'_, A>, ids: &[ImageId], now: DateTime<Utc>) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::WorkspaceId.eq(tx.permit().workspace()))
        .filter(Column::Id.is_in(ids.iter().copied()))
}

/// Says of locked images what is given.
pub(crate) async fn edit_each(
    tx: &Tx<'_, EditImage>,
    ids: &[ImageId],
    (description, tags): (Option<&str>, Option<&Tags>),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let mut changing = changing(tx, ids, now);
    if let Some(description) = description {
        changing = changing.col_expr(Column::Description, Expr::value(description));
    }
    if let Some(tags) = tags {
        changing = changing.col_expr(Column::Tags, Expr::value(tags.clone()));
    }
    changing.exec(tx).await.map(drop)
}

/// Moves locked images to the trash.
pub(crate) async fn discard_each(tx: &Tx<'_, DeleteImage>, ids: &[ImageId], now: DateTime<Utc>) -> Result<(), DbErr> {
    let discarded = changing(tx, ids, now)
        .col_expr(Column::DeletedAt, Expr::value(now))
        .col_expr(Column::DeletedBy, Expr::value(tx.permit().caller()));
    discarded.exec(tx).await.map(drop)
}

/// Brings locked images where a decision puts them; nobody claims them any more.
pub(crate) async fn decide_each(
    tx: &Tx<'_, ReviewImage>,
    ids: &[ImageId],
    to: Status,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let decided = changing(tx, ids, now)
        .col_expr(Column::Status, Expr::value(to.as_str()))
        .col_expr(Column::SubmittedAt, Expr::cust("NULL"))
        .col_expr(Column::DecidedAt, Expr::value(now))
        .col_expr(Column::IsAppeal, Expr::value(false))
        .col_expr(Column::ClaimedBy, Expr::cust("NULL"))
        .col_expr(Column::ClaimedUntil, Expr::cust("NULL"));
    decided.exec(tx).await.map(drop)
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
    super::album_images::lock_images(tx, rows.iter().map(|row| row.id)).await?;
    let ids = Column::Id.is_in(rows.iter().map(|row| row.id));
    Entity::delete_many().filter(ids).exec(tx).await?;
    Ok(rows)
}

/// Adds an image, in a transaction that holds the lock on its content.
pub(crate) async fn insert(tx: &impl ConnectionTrait, image: ImageRow) -> Result<ImageRow, DbErr> {
    ActiveModel::from(image).reset_all().insert(tx).await
}
