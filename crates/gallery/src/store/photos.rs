//! Queries for the photos of workshops. Every one names the workspace and the workshop.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use kernel::ids::{ImageId, UserId, WorkspaceId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, ExprTrait, FromQueryResult, Order,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Statement, prelude::Uuid, sea_query::Expr,
};

use crate::{
    Part,
    actions::ImageRow,
    entity::{
        Status,
        image::{Column, Entity},
    },
    photos::{PhotoCounts, PhotoKey, Selection},
};

/// The photos of one workshop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Photo {
    pub(crate) workspace: WorkspaceId,
    pub(crate) workshop: Uuid,
}

/// What is said of a photo.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Said {
    pub(crate) likes: i64,
    pub(crate) liked: bool,
    pub(crate) comments: i64,
}

fn selected(among: Selection) -> Select<Entity> {
    every(among).filter(Column::DeletedAt.is_null())
}

/// Those in the trash as well.
fn every(among: Selection) -> Select<Entity> {
    Entity::find()
        .filter(Column::WorkspaceId.eq(among.workspace))
        .filter(Column::WorkshopId.eq(among.workshop))
        .filter(Condition::all().add_option(among.part.map(|part| Column::Part.eq(part))))
}

/// A page with what is said of each, the newest first.
pub(crate) async fn page(
    db: &impl ConnectionTrait,
    among: Selection,
    viewer: UserId,
    after: Option<PhotoKey>,
    limit: u64,
) -> Result<Vec<(ImageRow, Said)>, DbErr> {
    let beyond = after.map(|PhotoKey(at, id)| {
        let place = Expr::tuple([Expr::col(Column::CreatedAt.as_column_ref()), Expr::col(Column::Id.as_column_ref())]);
        place.lt(Expr::tuple([Expr::value(at), Expr::value(id)]))
    });
    let count = |table: &str| {
        let same = r#"said.workspace_id = "images"."workspace_id" AND said.image_id = "images"."id""#;
        Expr::cust(format!("(SELECT count(*) FROM gallery.{table} said WHERE {same})"))
    };
    let liked = r#"EXISTS (SELECT FROM gallery.likes mine WHERE mine.workspace_id = "images"."workspace_id"
        AND mine.image_id = "images"."id" AND mine.user_id = $1)"#;
    let rows = selected(among)
        .filter(Condition::all().add_option(beyond))
        .expr_as(count("likes"), "likes")
        .expr_as(count("comments"), "comments")
        .expr_as(Expr::cust_with_values(liked, [viewer]), "liked")
        .order_by(Column::CreatedAt, Order::Desc)
        .order_by(Column::Id, Order::Desc)
        .limit(limit);
    let rows = db.query_all_raw(rows.build(DbBackend::Postgres)).await?;
    rows.iter().map(|row| Ok((ImageRow::from_query_result(row, "")?, Said::from_query_result(row, "")?))).collect()
}

/// One image, whatever its state.
pub(crate) async fn find(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: ImageId,
) -> Result<Option<ImageRow>, DbErr> {
    Entity::find_by_id(id).filter(Column::WorkspaceId.eq(workspace)).one(db).await
}

/// Locks those of `ids` that are among the photos, in one order whoever asks.
pub(crate) async fn lock(
    tx: &impl ConnectionTrait,
    among: Selection,
    ids: &BTreeSet<ImageId>,
) -> Result<Vec<ImageRow>, DbErr> {
    let wanted = Column::Id.is_in(ids.iter().copied());
    selected(among).filter(wanted).order_by_asc(Column::Id).lock_exclusive().all(tx).await
}

/// Locks all photos, also those in the trash.
pub(crate) async fn lock_all(tx: &impl ConnectionTrait, among: Selection) -> Result<Vec<ImageRow>, DbErr> {
    every(among).order_by_asc(Column::Id).lock_exclusive().all(tx).await
}

/// Moves locked photos to the trash.
pub(crate) async fn discard(
    tx: &impl ConnectionTrait,
    workspace: WorkspaceId,
    rows: &[ImageRow],
    (by, now): (UserId, DateTime<Utc>),
) -> Result<(), DbErr> {
    let ids = Column::Id.is_in(rows.iter().map(|row| row.id));
    let discarded = Entity::update_many()
        .col_expr(Column::DeletedAt, Expr::value(now))
        .col_expr(Column::DeletedBy, Expr::value(by))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::WorkspaceId.eq(workspace))
        .filter(ids);
    discarded.exec(tx).await.map(drop)
}

/// Deletes locked photos.
pub(crate) async fn delete(tx: &impl ConnectionTrait, workspace: WorkspaceId, rows: &[ImageRow]) -> Result<(), DbErr> {
    let ids = Column::Id.is_in(rows.iter().map(|row| row.id));
    Entity::delete_many().filter(Column::WorkspaceId.eq(workspace)).filter(ids).exec(tx).await.map(drop)
}

/// Locks all of a workshop in the order of their ids, as everybody does who locks several.
const LOCKED: &str =
    "ARRAY(SELECT id FROM gallery.images WHERE workspace_id = $1 AND workshop_id = $2 ORDER BY id FOR UPDATE)";

/// Shows the photos of a workshop, or keeps them back.
pub(crate) async fn change(
    db: &impl ConnectionTrait,
    of: Photo,
    is_shown: bool,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let status = if is_shown { Status::Approved } else { Status::Draft };
    let sql = format!(
        "UPDATE gallery.images SET status = $3, version = version + 1, updated_at = $4 \
         WHERE workspace_id = $1 AND workshop_id = $2 AND status <> $3 AND id = ANY ({LOCKED})"
    );
    let values = [of.workspace.into(), of.workshop.into(), status.as_str().into(), now.into()];
    db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await.map(drop)
}

/// Gives the photos of a workshop another steward.
pub(crate) async fn hand_over(db: &impl ConnectionTrait, of: Photo, steward: UserId) -> Result<(), DbErr> {
    let sql = format!(
        "UPDATE gallery.images SET steward_id = $3, version = version + 1 \
         WHERE workspace_id = $1 AND workshop_id = $2 AND steward_id <> $3 AND id = ANY ({LOCKED})"
    );
    let values = [of.workspace.into(), of.workshop.into(), steward.into()];
    db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await.map(drop)
}

#[derive(Debug, FromQueryResult)]
struct Counted {
    workshop_id: Uuid,
    part: Part,
    photos: i64,
    likes: i64,
    comments: i64,
}

/// How many photos, likes and comments these workshops have.
pub(crate) async fn counts(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    workshops: &[Uuid],
) -> Result<HashMap<Uuid, PhotoCounts>, DbErr> {
    let sql = "SELECT i.workshop_id, i.part, count(*) AS photos, \
            coalesce(sum((SELECT count(*) FROM gallery.likes l \
                WHERE l.workspace_id = i.workspace_id AND l.image_id = i.id)), 0)::bigint AS likes, \
            coalesce(sum((SELECT count(*) FROM gallery.comments c \
                WHERE c.workspace_id = i.workspace_id AND c.image_id = i.id)), 0)::bigint AS comments \
        FROM gallery.images i WHERE i.workspace_id = $1 AND i.workshop_id = ANY($2) AND i.deleted_at IS NULL GROUP BY 1, 2";
    let values = [workspace.into(), workshops.to_vec().into()];
    let rows = Counted::find_by_statement(Statement::from_sql_and_values(DbBackend::Postgres, sql, values));
    let mut counts: HashMap<Uuid, PhotoCounts> = HashMap::new();
    for row in rows.all(db).await? {
        let of = counts.entry(row.workshop_id).or_default();
        match row.part {
            Part::Description => of.description = row.photos.unsigned_abs(),
            Part::Attendee => of.attendee = row.photos.unsigned_abs(),
        }
        of.likes += row.likes.unsigned_abs();
        of.comments += row.comments.unsigned_abs();
    }
    Ok(counts)
}
