//! Queries for albums. What is told of an album's images is told of those that whoever asks may see.

use chrono::{DateTime, Utc};
use kernel::{
    guard::{Identified, Lookup, Right, Scoped, Tx},
    ids::ImageId,
    listing::{Search, containing},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, ExprTrait,
    FromQueryResult, JoinType, ModelTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select, Statement,
    sea_query::{Expr, Query, SelectStatement, SimpleExpr, SubQueryStatement},
};
use serde::{Deserialize, Serialize};

use super::lists;
use crate::{
    actions::{AlbumRow, CreateAlbum, DeleteAlbum, EditAlbum, ListAlbums},
    entity::album::{ActiveModel, Column, Entity, Model},
    ids::AlbumId,
    permissions::VIEW_IMAGES,
    visibility,
};

/// An album with what somebody may see of what is in it.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Shown {
    #[sea_orm(nested)]
    pub(crate) album: Model,
    /// How many of its images they may see.
    pub(crate) images: i64,
    /// What it is shown by, if that is among these.
    pub(crate) cover: Option<ImageId>,
}

/// A row of the list of albums.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Listed {
    #[sea_orm(nested)]
    pub(crate) shown: Shown,
    title_sort: String,
}

/// An album's place in the list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Key(Mark, AlbumId);

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Mark {
    At(DateTime<Utc>),
    Title(String),
}

impl Key {
    /// The place of `row` in a list sorted by `sort`.
    pub(crate) fn of(row: &Listed, sort: &str) -> Self {
        let album = &row.shown.album;
        let mark = if is_by_title(sort) { Mark::Title(row.title_sort.clone()) } else { Mark::At(album.created_at) };
        Self(mark, album.id)
    }
}

fn is_by_title(sort: &str) -> bool {
    sort.trim_start_matches('-') == "title"
}

/// What changes an album that the guard loaded.
pub(crate) trait ChangesAlbum: Identified<Target = AlbumRow> {}

impl ChangesAlbum for EditAlbum {}
impl ChangesAlbum for DeleteAlbum {}

/// The album of a path.
pub(crate) async fn find(lookup: &Lookup<'_>, id: AlbumId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(&lookup.db()).await
}

/// The same with what the caller may see of it.
pub(crate) async fn find_shown(lookup: &Lookup<'_>, id: AlbumId) -> Result<Option<Shown>, DbErr> {
    with_shown(Entity::find_by_id(id), &visibility::seen(lookup)).into_model().one(&lookup.db()).await
}

/// The album of a change, with what the caller may see of it then.
pub(crate) async fn shown<A: ChangesAlbum>(tx: &Tx<'_, A>) -> Result<Option<Shown>, DbErr> {
    let album = tx.permit().target();
    let found = Entity::find_by_id(album.id).filter(Column::WorkspaceId.eq(album.workspace_id));
    with_shown(found, &visibility::seen_by(tx.permit())).into_model().one(tx).await
}

/// A page of albums.
pub(crate) async fn page(scoped: &Scoped<ListAlbums>, after: Option<Key>) -> Result<Vec<Listed>, DbErr> {
    let sort = scoped.paging().sort();
    let order = if sort.starts_with('-') { Order::Desc } else { Order::Asc };
    let key = || {
        if is_by_title(sort) {
            Expr::col(("albums", "title_sort"))
        } else {
            Expr::col(Column::CreatedAt.as_column_ref())
        }
    };
    let beyond = after.map(|Key(mark, id)| {
        let mark = match mark {
            Mark::At(at) => Expr::value(at),
            Mark::Title(title) => Expr::value(title),
        };
        let place = Expr::tuple([key(), Expr::col(Column::Id.as_column_ref())]);
        let last = Expr::tuple([mark, Expr::value(id)]);
        if order == Order::Asc { place.gt(last) } else { place.lt(last) }
    });
    with_shown(listed(scoped), &lists::seen(scoped))
        .expr_as(Expr::col(("albums", "title_sort")), "title_sort")
        .filter(Condition::all().add_option(beyond))
        .order_by(key(), order.clone())
        .order_by(Column::Id, order)
        .limit(scoped.paging().limit() + 1)
        .into_model()
        .all(&scoped.db())
        .await
}

/// How many albums the list has, up to a cap.
pub(crate) async fn count(scoped: &Scoped<ListAlbums>) -> Result<u64, DbErr> {
    lists::count(&scoped.db(), listed(scoped).select_only().column(Column::Id)).await
}

fn listed(scoped: &Scoped<ListAlbums>) -> Select<Entity> {
    let search = Search::of(scoped.filter().search.as_ref());
    let words: Vec<_> = search.into_iter().flat_map(Search::words).map(|word| containing(word)).collect();
    let has = |pattern: String| {
        let text = r#"lower("albums"."title" || ' ' || "albums"."description") LIKE lower($1)"#;
        Expr::cust_with_values(text, [pattern])
    };
    Entity::find().filter(known(scoped)).filter(words.into_iter().map(has).fold(Condition::all(), Condition::add))
}

/// The albums that whoever lists something may know of.
pub(super) fn known<L: kernel::guard::Listing>(scoped: &Scoped<L>) -> Condition {
    let known = |right: Right<'_, L>| {
        let owns = right.person().map_or_else(|| Expr::value(false), |person| Column::CreatorId.eq(person));
        let workspace = Expr::col(Column::WorkspaceId.as_column_ref());
        right.reach(&VIEW_IMAGES).condition(workspace, owns, Expr::value(false))
    };
    scoped.rights().map(known).fold(Condition::any(), Condition::add)
}

/// Adds to each album what is to be seen of it, where `seen` says which images are.
fn with_shown(albums: Select<Entity>, seen: &Condition) -> Select<Entity> {
    let count = held(seen).expr(Expr::cust("count(*)")).take();
    let mut cover = held(seen);
    cover.column(("album_images", "image_id")).and_where(Expr::col(("album_images", "is_cover"))).limit(1);
    albums.expr_as(scalar(count), "images").expr_as(scalar(cover), "cover")
}

/// The images of the album of the statement around, as far as they are seen.
fn held(seen: &Condition) -> SelectStatement {
    let of_album =
        r#""album_images"."workspace_id" = "albums"."workspace_id" AND "album_images"."album_id" = "albums"."id""#;
    Query::select()
        .from(("gallery", "album_images"))
        .join(JoinType::InnerJoin, ("gallery", "images"), Expr::cust(r#""images"."id" = "album_images"."image_id""#))
        .and_where(Expr::cust(of_album))
        .cond_where(lists::in_gallery())
        .cond_where(seen.clone())
        .take()
}

fn scalar(select: SelectStatement) -> SimpleExpr {
    SimpleExpr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(select)))
}

/// Keeps others from making albums in the workspace until the transaction ends; how many there are.
pub(crate) async fn lock_number(tx: &Tx<'_, CreateAlbum>) -> Result<u64, DbErr> {
    let workspace = tx.permit().workspace();
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
    let name = format!("gallery albums {workspace}");
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, lock, [name.into()])).await?;
    let sql = "SELECT count(*) AS n FROM gallery.albums WHERE workspace_id = $1";
    let row = tx.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [workspace.into()])).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get::<i64>("", "n"))?.unsigned_abs())
}

/// Adds an album, in a transaction that counted them.
pub(crate) async fn insert(tx: &Tx<'_, CreateAlbum>, row: Model) -> Result<Model, DbErr> {
    ActiveModel::from(row).reset_all().insert(tx).await
}

/// The album as it is now; nobody else changes it, or what is in it, until the transaction ends.
pub(crate) async fn lock<A: ChangesAlbum>(tx: &Tx<'_, A>) -> Result<Option<Model>, DbErr> {
    let album = tx.permit().target();
    let found = Entity::find_by_id(album.id).filter(Column::WorkspaceId.eq(album.workspace_id));
    found.lock_exclusive().one(tx).await
}

/// Writes a locked album's changes.
pub(crate) async fn update(tx: &Tx<'_, EditAlbum>, changed: ActiveModel) -> Result<Model, DbErr> {
    changed.update(tx).await
}

/// Deletes a locked album. The images stay.
pub(crate) async fn delete(tx: &Tx<'_, DeleteAlbum>, row: Model) -> Result<(), DbErr> {
    row.delete(tx).await.map(drop)
}
