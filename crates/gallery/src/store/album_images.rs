//! Queries for what is in an album, in transactions that hold its lock.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use kernel::{db::SystemTx, guard::Tx, ids::ImageId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, ExecResult, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, Statement, Value, prelude::Uuid, sea_query::LockType,
};

use super::albums::ChangesAlbum;
use crate::{
    actions::EditAlbum,
    entity::image::{Column, Entity},
    visibility,
};

/// The room between two places, of which moving an image between two takes half.
const ROOM: i64 = 1024;

/// Those of `images` that the caller may look at, each with the workshop that it is a photo of, if it is one. None of them
/// is deleted for good before the transaction ends.
pub(crate) async fn looked_at(
    tx: &Tx<'_, EditAlbum>,
    images: &[ImageId],
) -> Result<HashMap<ImageId, Option<Uuid>>, DbErr> {
    let rows = Entity::find()
        .select_only()
        .columns([Column::Id, Column::WorkshopId])
        .filter(Column::WorkspaceId.eq(tx.permit().workspace()))
        .filter(Column::Id.is_in(images.iter().copied()))
        .filter(Column::DeletedAt.is_null())
        .filter(visibility::seen_by(tx.permit()))
        .order_by_asc(Column::Id)
        .lock(LockType::KeyShare)
        .into_tuple::<(ImageId, Option<Uuid>)>();
    Ok(rows.all(tx).await?.into_iter().collect())
}

/// Those of `images` that are in the album, whether anybody may see them or not.
pub(crate) async fn held(tx: &Tx<'_, EditAlbum>, images: &[ImageId]) -> Result<HashSet<ImageId>, DbErr> {
    let sql = "SELECT image_id FROM gallery.album_images \
        WHERE workspace_id = $1 AND album_id = $2 AND image_id = ANY ($3)";
    ids(tx, sql, vec![list(images)]).await.map(|ids| ids.into_iter().collect())
}

/// How many images are in the album, those in the trash as well.
pub(crate) async fn number(tx: &Tx<'_, EditAlbum>) -> Result<usize, DbErr> {
    let sql = "SELECT count(*) AS n FROM gallery.album_images WHERE workspace_id = $1 AND album_id = $2";
    let row = tx.query_one_raw(statement(tx, sql, vec![])).await?;
    let number = row.map_or(Ok(0), |row| row.try_get::<i64>("", "n"))?;
    Ok(usize::try_from(number).unwrap_or_default())
}

/// Puts images at the end, in the order given. Their rows are written in the order of their ids, whoever writes.
pub(crate) async fn append(tx: &Tx<'_, EditAlbum>, images: &[ImageId], now: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "INSERT INTO gallery.album_images (workspace_id, album_id, image_id, place, added_by, added_at) \
        SELECT $1, $2, chosen.id, last.place + chosen.number * $4, $5, $6 \
        FROM unnest($3::uuid[]) WITH ORDINALITY AS chosen (id, number), \
            (SELECT coalesce(max(place), 0) AS place FROM gallery.album_images WHERE album_id = $2) AS last \
        ORDER BY chosen.id";
    let values = vec![list(images), ROOM.into(), tx.permit().caller().into(), now.into()];
    tx.execute_raw(statement(tx, sql, values)).await.map(drop)
}

/// Takes images out; answers those that were in.
pub(crate) async fn remove(tx: &Tx<'_, EditAlbum>, images: &[ImageId]) -> Result<HashSet<ImageId>, DbErr> {
    let sql = "DELETE FROM gallery.album_images WHERE workspace_id = $1 AND album_id = $2 AND image_id = ANY ($3) \
        RETURNING image_id";
    ids(tx, sql, vec![list(images)]).await.map(|ids| ids.into_iter().collect())
}

/// What the album is shown by, whether anybody may see it or not.
pub(crate) async fn cover(tx: &Tx<'_, EditAlbum>) -> Result<Option<ImageId>, DbErr> {
    let sql = "SELECT image_id FROM gallery.album_images WHERE workspace_id = $1 AND album_id = $2 AND is_cover";
    Ok(ids(tx, sql, vec![]).await?.first().copied())
}

/// Shows the album by another of its images, or by none.
pub(crate) async fn set_cover(tx: &Tx<'_, EditAlbum>, image: Option<ImageId>) -> Result<(), DbErr> {
    let clear = "UPDATE gallery.album_images SET is_cover = false \
        WHERE workspace_id = $1 AND album_id = $2 AND is_cover";
    tx.execute_raw(statement(tx, clear, vec![])).await?;
    if let Some(image) = image {
        let set = "UPDATE gallery.album_images SET is_cover = true \
            WHERE workspace_id = $1 AND album_id = $2 AND image_id = $3";
        tx.execute_raw(statement(tx, set, vec![image.into()])).await?;
    }
    Ok(())
}

/// Locks all that is in the album in the order of the images, as whoever deletes images for good does.
pub(crate) async fn lock_all<A: ChangesAlbum>(tx: &Tx<'_, A>) -> Result<(), DbErr> {
    let sql = "SELECT FROM gallery.album_images WHERE workspace_id = $1 AND album_id = $2 ORDER BY image_id FOR UPDATE";
    tx.execute_raw(statement(tx, sql, vec![])).await.map(drop)
}

/// Locks what is in any album of these images, album by album: with them it will be deleted.
pub(crate) async fn lock_images(tx: &SystemTx<'_>, images: impl Iterator<Item = ImageId>) -> Result<(), DbErr> {
    let sql = "SELECT FROM gallery.album_images WHERE image_id = ANY ($1) ORDER BY album_id, image_id FOR UPDATE";
    let ids: Vec<Uuid> = images.map(|image| image.0).collect();
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [ids.into()])).await.map(drop)
}

/// Where an image is, and the next one beside `moved`.
#[derive(FromQueryResult)]
struct Gap {
    place: i64,
    next: Option<i64>,
}

/// Gives an image of the album the place behind another, or the first. Where there is no room left, all get new places.
pub(crate) async fn put_after(tx: &Tx<'_, EditAlbum>, moved: ImageId, after: Option<ImageId>) -> Result<(), DbErr> {
    let Some(after) = after else {
        let sql = "UPDATE gallery.album_images SET place = \
                (SELECT min(place) - $4 FROM gallery.album_images WHERE album_id = $2) \
            WHERE workspace_id = $1 AND album_id = $2 AND image_id = $3";
        return tx.execute_raw(statement(tx, sql, vec![moved.into(), ROOM.into()])).await.map(drop);
    };
    let mut place = free_place(tx, moved, after).await?;
    if place.is_none() {
        spread(tx).await?;
        place = free_place(tx, moved, after).await?;
    }
    let sql = "UPDATE gallery.album_images SET place = $4 WHERE workspace_id = $1 AND album_id = $2 AND image_id = $3";
    tx.execute_raw(statement(tx, sql, vec![moved.into(), place.into()])).await.map(drop)
}

/// A place between an image and the next; none if there is no room.
async fn free_place(tx: &Tx<'_, EditAlbum>, moved: ImageId, after: ImageId) -> Result<Option<i64>, DbErr> {
    let sql = "SELECT here.place, (SELECT min(later.place) FROM gallery.album_images AS later \
            WHERE later.album_id = $2 AND later.place > here.place AND later.image_id <> $3) AS next \
        FROM gallery.album_images AS here \
        WHERE here.workspace_id = $1 AND here.album_id = $2 AND here.image_id = $4";
    let gap = Gap::find_by_statement(statement(tx, sql, vec![moved.into(), after.into()])).one(tx).await?;
    Ok(gap.and_then(|Gap { place, next }| match next {
        None => Some(place + ROOM),
        Some(next) => Some(place + (next - place) / 2).filter(|middle| *middle > place),
    }))
}

/// Makes room between all places.
async fn spread(tx: &Tx<'_, EditAlbum>) -> Result<ExecResult, DbErr> {
    lock_all(tx).await?;
    let sql = "UPDATE gallery.album_images AS held SET place = numbered.number * $3 FROM ( \
            SELECT image_id, row_number() OVER (ORDER BY place, image_id) AS number \
            FROM gallery.album_images WHERE workspace_id = $1 AND album_id = $2) AS numbered \
        WHERE held.workspace_id = $1 AND held.album_id = $2 AND held.image_id = numbered.image_id";
    tx.execute_raw(statement(tx, sql, vec![ROOM.into()])).await
}

async fn ids(tx: &Tx<'_, EditAlbum>, sql: &str, values: Vec<Value>) -> Result<Vec<ImageId>, DbErr> {
    let rows = tx.query_all_raw(statement(tx, sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "image_id")).collect()
}

/// A statement about the album, whose workspace is `$1` and which is `$2`.
fn statement<A: ChangesAlbum>(tx: &Tx<'_, A>, sql: &str, values: Vec<Value>) -> Statement {
    let album = tx.permit().target();
    let whole = [album.workspace_id.into(), album.id.into()].into_iter().chain(values);
    Statement::from_sql_and_values(DbBackend::Postgres, sql, whole)
}

fn list(images: &[ImageId]) -> Value {
    images.iter().map(|image| image.0).collect::<Vec<Uuid>>().into()
}
