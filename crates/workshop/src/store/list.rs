//! The list of workshops: one statement a page, whatever the role and the filters.

use chrono::{DateTime, Utc};
use kernel::{
    guard::Scoped,
    ids::{UserId, WorkspaceId},
};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, ExprTrait, FromQueryResult, JoinType, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Alias, Expr, Func, Query, SelectStatement, SimpleExpr},
};
use serde::{Deserialize, Serialize};

use crate::{
    WorkshopId,
    actions::{RELEVANCE, WorkshopList},
    content::LONGEST,
    dto::{Search, Status},
    entity::workshops::{Column, Entity, Model, Stage},
    visibility::{Drafts, Shown},
};

/// The rows that are counted at most.
const COUNT_CAP: u64 = 10_000;

/// What the statement calls what was found by a search.
const FOUND: &str = "found";

/// A row, with how well it matches what was searched for; zero where nothing was.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Ranked {
    #[sea_orm(nested)]
    pub(crate) row: Model,
    score: i32,
}

/// What is to be listed: what the caller may see, of that what they asked for.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// What the caller may see, by each of their rights; never empty.
    pub(crate) shown: Vec<Shown>,
    /// The filter `creator`, resolved.
    pub(crate) creator: Option<UserId>,
}

impl Wanted {
    /// The workspaces in which rows may lie; none where that is not bounded.
    fn places(&self) -> Option<Vec<WorkspaceId>> {
        self.shown.iter().try_fold(Vec::new(), |mut all, shown| {
            all.extend(shown.workspaces()?);
            Some(all)
        })
    }
}

/// What one right shows, in SQL.
fn condition(shown: &Shown) -> Condition {
    let lies = |workspaces: &[WorkspaceId]| match workspaces {
        [only] => Column::WorkspaceId.eq(*only),
        several => Column::WorkspaceId.is_in(several.iter().copied()),
    };
    let open = || {
        let open = Condition::any().add(Column::Status.ne(Stage::Draft));
        match shown.person {
            Some(person) => open.add(Column::CreatorId.eq(person)),
            None => open,
        }
    };
    let mut parts = Vec::new();
    match shown.everywhere {
        Some(Drafts::Shown) => return Condition::all(),
        Some(Drafts::Hidden) => parts.push(open()),
        None => {}
    }
    if !shown.whole.is_empty() {
        parts.push(Condition::all().add(lies(&shown.whole)));
    }
    if !shown.open.is_empty() {
        parts.push(Condition::all().add(lies(&shown.open)).add(open()));
    }
    // A single part stands alone, so that the planner sees its conditions and not an OR.
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => parts.into_iter().chain(last).fold(Condition::any(), Condition::add),
    }
}

/// Where a page ended: the sort key of its last row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position(Mark, WorkshopId);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Mark {
    At(DateTime<Utc>),
    Title(String),
    Score(i32),
}

impl Position {
    /// The position of `row` in a list sorted by `sort`.
    pub(crate) fn of(ranked: &Ranked, sort: &str) -> Self {
        let Ranked { row, score } = ranked;
        let mark = match Key::of(sort) {
            Key::Column(Column::TitleSort) => Mark::Title(row.title_sort.clone()),
            Key::Column(Column::StartsAt) => Mark::At(row.starts_at),
            Key::Column(_) => Mark::At(row.created_at),
            Key::Score => Mark::Score(*score),
        };
        Self(mark, row.id)
    }
}

/// What a list is sorted by; the id decides between equals.
enum Key {
    Column(Column),
    Score,
}

impl Key {
    fn of(sort: &str) -> Self {
        match sort.trim_start_matches('-') {
            RELEVANCE => Self::Score,
            "title" => Self::Column(Column::TitleSort),
            "starts_at" => Self::Column(Column::StartsAt),
            _ => Self::Column(Column::CreatedAt),
        }
    }

    fn expression(&self, is_searched: bool) -> SimpleExpr {
        match self {
            Self::Column(column) => Expr::col((Entity, *column)),
            Self::Score => score(is_searched),
        }
    }
}

fn score(is_searched: bool) -> SimpleExpr {
    if is_searched { Expr::col((FOUND, "score")) } else { Expr::value(0) }
}

/// The next `limit` rows after `after`.
pub(crate) async fn page(
    scoped: &Scoped<WorkshopList>,
    wanted: &Wanted,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<Ranked>, DbErr> {
    let sort = scoped.paging().sort();
    let is_searched = scoped.filter().searched().is_some();
    let key = Key::of(sort);
    let order = if sort.starts_with('-') || matches!(key, Key::Score) { Order::Desc } else { Order::Asc };
    let mut rows = matching(scoped, wanted)
        .expr_as(score(is_searched), "score")
        .filter(Condition::all().add_option(after.map(|after| is_beyond(key.expression(is_searched), &order, after))));
    if is_searched || matches!(key, Key::Column(_)) {
        rows = rows.order_by(key.expression(is_searched), order.clone());
    }
    rows.order_by(Column::Id, order).limit(limit).into_model().all(&scoped.db()).await
}

/// How many rows there are in all, up to a cap.
pub(crate) async fn count(scoped: &Scoped<WorkshopList>, wanted: &Wanted) -> Result<u64, DbErr> {
    #[derive(FromQueryResult)]
    struct Count {
        rows: i64,
    }
    let rows = matching(scoped, wanted).select_only().expr(Expr::value(1)).limit(COUNT_CAP);
    let mut count = Query::select();
    count.expr_as(Expr::cust("count(*)"), "rows").from_subquery(rows.into_query(), "listed");
    let db = scoped.db();
    let counted = Count::find_by_statement(sea_orm::DbBackend::Postgres.build(&count)).one(&db).await?;
    Ok(counted.map_or(0, |counted| u64::try_from(counted.rows).unwrap_or_default()))
}

/// Rows after `after`, with the id deciding between equals. A comparison of rows, so that an index leads there.
fn is_beyond(key: SimpleExpr, order: &Order, after: Position) -> SimpleExpr {
    let Position(mark, id) = after;
    let mark = match mark {
        Mark::At(instant) => Expr::value(instant),
        Mark::Title(title) => Expr::value(title),
        Mark::Score(score) => Expr::value(score),
    };
    let row = Expr::tuple([key, Expr::col((Entity, Column::Id))]);
    let last = Expr::tuple([mark, Expr::value(id)]);
    if *order == Order::Desc { row.lt(last) } else { row.gt(last) }
}

/// The rows that the caller may see and asked for.
fn matching(scoped: &Scoped<WorkshopList>, wanted: &Wanted) -> Select<Entity> {
    let seen = match wanted.shown.as_slice() {
        [only] => condition(only),
        several => several.iter().map(condition).fold(Condition::any(), Condition::add),
    };
    let (filter, now, places) = (scoped.filter(), scoped.now(), wanted.places());
    let mine = |table: &'static str, is_wanted: bool| {
        let id = Expr::col((Entity, Column::Id));
        let ids = of_caller(table, scoped.caller(), places.as_deref());
        if is_wanted { id.in_subquery(ids) } else { id.not_in_subquery(ids) }
    };
    let conditions = Condition::all()
        .add(seen)
        .add_option(wanted.creator.map(|creator| Column::CreatorId.eq(creator)))
        .add_option(filter.favorite.map(|is_wanted| mine("favorites", is_wanted)))
        .add_option(filter.registered.map(|is_wanted| mine("attendees", is_wanted)))
        .add_option(filter.upcoming.map(|is_wanted| is_upcoming(now, is_wanted)))
        .add_option(filter.status.map(|status| has_status(status, now)));
    let mut rows = Entity::find().filter(conditions);
    if let Some(search) = filter.searched() {
        let is_row = Expr::col((FOUND, "id")).equals((Entity, Column::Id));
        let found = found(search, places.as_deref());
        QueryTrait::query(&mut rows).join_subquery(JoinType::InnerJoin, found, FOUND, is_row);
    }
    rows
}

/// Neither over nor cancelled. What began longer ago than a workshop can take is over: that is what the index leads past.
fn is_upcoming(now: DateTime<Utc>, is_wanted: bool) -> Condition {
    let upcoming = Condition::all()
        .add(Column::StartsAt.gt(now - LONGEST))
        .add(Column::EndsAt.gt(now))
        .add(Column::Status.ne(Stage::Cancelled));
    if is_wanted { upcoming } else { upcoming.not() }
}

fn has_status(status: Status, now: DateTime<Utc>) -> Condition {
    let stage = match status {
        Status::Draft => Stage::Draft,
        Status::Cancelled => Stage::Cancelled,
        Status::Published | Status::Finished => Stage::Published,
    };
    let over = match status {
        Status::Published => Some(Column::EndsAt.gt(now)),
        Status::Finished => Some(Column::EndsAt.lte(now)),
        Status::Draft | Status::Cancelled => None,
    };
    Condition::all().add(Column::Status.eq(stage)).add_option(over)
}

/// The workshops for which the caller has a row in a table.
fn of_caller(table: &'static str, caller: UserId, places: Option<&[WorkspaceId]>) -> SelectStatement {
    let workspace = || Expr::col(Alias::new("workspace_id"));
    let within = places.map(|places| workspace().is_in(places.iter().map(|place| place.0)));
    Query::select()
        .column(Alias::new("workshop_id"))
        .from((Alias::new("workshop"), Alias::new(table)))
        .cond_where(Condition::all().add_option(within).add(Expr::col(Alias::new("user_id")).eq(caller.0)))
        .to_owned()
}

/// What a search finds, each row once, with its score.
fn found(search: &Search, places: Option<&[WorkspaceId]>) -> SelectStatement {
    let places = match places {
        None => Expr::cust("NULL::uuid[]"),
        Some(workspaces) => {
            let ids: Vec<uuid::Uuid> = workspaces.iter().map(|workspace| workspace.0).collect();
            Expr::value(ids)
        }
    };
    let call = Func::cust("workshop.search").arg(places).arg(Expr::value(search.words().to_vec()));
    Query::select().column("id").column("score").from_function(call, "searched").to_owned()
}
