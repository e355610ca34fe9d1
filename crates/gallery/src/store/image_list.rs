//! The list of images: one statement a page, whatever the role, the filters and the order.

use chrono::{DateTime, Utc};
use kernel::{
    guard::{Right, Scoped},
    ids::ImageId,
    listing::Search,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, ExprTrait, FromQueryResult, JoinType,
    Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Asterisk, Expr, Func, Query, SelectStatement, SimpleExpr},
};
use serde::{Deserialize, Serialize};

use super::{albums, lists};
use crate::{
    actions::{ImageRow, ListImages, PLACE, RELEVANCE},
    dto::ImageFilter,
    entity::{
        album,
        image::{Column, Entity},
    },
    ids::AlbumId,
    permissions::VIEW_IMAGES,
    tags,
};

/// What the statement calls what was found by a search.
const FOUND: &str = "found";
/// What it calls what is in an album.
const HELD: &str = "album_images";

/// A row, with how well it fits a search and its place in an album; zero where neither was asked for.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Listed {
    #[sea_orm(nested)]
    pub(crate) row: ImageRow,
    score: i32,
    place: i64,
}

/// A row's place in the list.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Key(Mark, ImageId);

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Mark {
    At(DateTime<Utc>),
    Number(i64),
}

impl Key {
    /// The place of `listed` in a list sorted by `sort`.
    pub(crate) fn of(listed: &Listed, sort: &str) -> Self {
        let mark = match sort {
            RELEVANCE => Mark::Number(listed.score.into()),
            PLACE => Mark::Number(listed.place),
            _ => Mark::At(listed.row.created_at),
        };
        Self(mark, listed.row.id)
    }
}

/// A page of images; none if it is to be that of an album that the caller may not know of.
pub(crate) async fn page(scoped: &Scoped<ListImages>, after: Option<Key>) -> Result<Option<Vec<Listed>>, DbErr> {
    let (sort, filter) = (scoped.paging().sort(), scoped.filter());
    let order = if matches!(sort, "created_at" | PLACE) { Order::Asc } else { Order::Desc };
    let (score, place) = (score(filter), place(filter));
    let key = match sort {
        RELEVANCE => score.clone(),
        PLACE => place.clone(),
        _ => Expr::col(Column::CreatedAt.as_column_ref()),
    };
    let beyond = after.map(|Key(mark, id)| {
        let mark = match mark {
            Mark::At(at) => Expr::value(at),
            Mark::Number(number) => Expr::value(number),
        };
        let row = Expr::tuple([key.clone(), Expr::col(Column::Id.as_column_ref())]);
        let last = Expr::tuple([mark, Expr::value(id)]);
        if order == Order::Asc { row.gt(last) } else { row.lt(last) }
    });
    let mut rows =
        filtered(scoped).expr_as(score, "score").expr_as(place, "place").filter(Condition::all().add_option(beyond));
    // Where nothing was searched for, all fit alike: a constant can't be sorted by.
    if sort != RELEVANCE || filter.searched().is_some() {
        rows = rows.order_by(key, order.clone());
    }
    let rows = rows.order_by(Column::Id, order.clone()).limit(scoped.paging().limit() + 1);
    match filter.album {
        None => rows.into_model().all(&scoped.db()).await.map(Some),
        Some(album) => of_album(scoped, album, rows.into_query(), order).await,
    }
}

/// How many images the list has, up to a cap.
pub(crate) async fn count(scoped: &Scoped<ListImages>) -> Result<u64, DbErr> {
    lists::count(&scoped.db(), filtered(scoped).select_only().column(Column::Id)).await
}

/// The page beside the album itself: no row, and the caller may not know of the album; a row without an image, and the
/// page is empty.
async fn of_album(
    scoped: &Scoped<ListImages>,
    id: AlbumId,
    page: SelectStatement,
    order: Order,
) -> Result<Option<Vec<Listed>>, DbErr> {
    let album = album::Entity::find_by_id(id).filter(albums::known(scoped));
    let album = album.select_only().expr_as(Expr::value(1), "known").into_query();
    let key = match scoped.paging().sort() {
        RELEVANCE => "score",
        PLACE => "place",
        _ => "created_at",
    };
    let mut both = Query::select();
    both.column(("page", Asterisk))
        .from_subquery(album, "album")
        .join_subquery(JoinType::LeftJoin, page, "page", Expr::value(true))
        .order_by(("page", key), order.clone())
        .order_by(("page", "id"), order);
    let db = scoped.db();
    let rows = db.query_all_raw(DbBackend::Postgres.build(&both)).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut page = Vec::with_capacity(rows.len());
    for row in &rows {
        if row.try_get::<Option<ImageId>>("", "id")?.is_some() {
            page.push(Listed::from_query_result(row, "")?);
        }
    }
    Ok(Some(page))
}

fn score(filter: &ImageFilter) -> SimpleExpr {
    let is_searched = filter.searched().is_some();
    if is_searched { Expr::col((FOUND, "score")) } else { Expr::cust("0::integer") }
}

fn place(filter: &ImageFilter) -> SimpleExpr {
    if filter.album.is_some() { Expr::col((HELD, "place")) } else { Expr::cust("0::bigint") }
}

/// What is wanted of what may be seen, in no order.
fn filtered(scoped: &Scoped<ListImages>) -> Select<Entity> {
    let filter = scoped.filter();
    let asked = Condition::all()
        .add_option(filter.status.map(|status| Column::Status.eq(status)))
        .add_option(filter.uploader.map(|uploader| Column::UploaderId.eq(uploader)))
        .add_option(filter.tag.as_deref().map(|tag| {
            let among = serde_json::json!([tags::normal(tag)]);
            Expr::cust_with_values(r#""images"."tags" @> $1"#, [among])
        }));
    let mut rows = lists::shown(scoped).filter(asked);
    if let Some(album) = filter.album {
        let is_held = Condition::all()
            .add(Expr::col((HELD, "album_id")).eq(album))
            .add(Expr::col((HELD, "workspace_id")).equals(Column::WorkspaceId.as_column_ref()))
            .add(Expr::col((HELD, "image_id")).equals(Column::Id.as_column_ref()));
        QueryTrait::query(&mut rows).join(JoinType::InnerJoin, ("gallery", HELD), is_held);
    }
    if let Some(search) = filter.searched() {
        let is_row = Expr::col((FOUND, "id")).equals(Column::Id.as_column_ref());
        QueryTrait::query(&mut rows).join_subquery(JoinType::InnerJoin, found(scoped, search), FOUND, is_row);
    }
    rows
}

/// What a search finds, each row once, with its score.
fn found(scoped: &Scoped<ListImages>, search: &Search) -> SelectStatement {
    let reaches: Vec<_> = scoped.rights().map(|right: Right<'_, _>| right.reach(&VIEW_IMAGES)).collect();
    let places = if reaches.iter().any(|reach| reach.everywhere) {
        Expr::cust("NULL::uuid[]")
    } else {
        let reached = reaches.iter().flat_map(|reach| [&reach.any, &reach.assigned, &reach.own]).flatten();
        Expr::value(reached.map(|workspace| workspace.0).collect::<Vec<sea_orm::prelude::Uuid>>())
    };
    let call = Func::cust("gallery.search").arg(places).arg(Expr::value(search.words().to_vec()));
    Query::select().column("id").column("score").from_function(call, "searched").to_owned()
}
