//! The list of projects: one statement a page, whatever the role and the filters.

use chrono::{DateTime, Utc};
use kernel::{
    guard::Scoped,
    ids::{ProjectId, UserId, WorkspaceId},
};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, ExprTrait, FromQueryResult, JoinType, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{BinOper, Expr, Func, Query, SimpleExpr},
};
use serde::{Deserialize, Serialize};

use super::related::{is_among, is_related};
use crate::{
    actions::{OfProjects, RELEVANCE},
    dto::Search,
    entity::projects::{Column, Entity, Model},
    pattern::containing,
    visibility::{Fact, ListRule, Within},
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
    /// The filter `developer`, resolved.
    pub(crate) developer: Option<UserId>,
    /// The filter `owner`, resolved.
    pub(crate) owner: Option<UserId>,
}

/// What one right of the caller shows.
#[derive(Debug)]
pub(crate) struct Shown {
    /// Of which rows.
    pub(crate) rule: ListRule,
    /// Who may own them and take part in them; nobody, where the right is the platform's.
    pub(crate) person: Option<UserId>,
}

impl Shown {
    fn condition(&self) -> Condition {
        let relates = |is: &dyn Fn(UserId) -> SimpleExpr| self.person.map_or_else(|| Expr::value(false), is);
        self.rule.condition(
            |workspaces| is_among(&Column::WorkspaceId, workspaces),
            |fact, within| match fact {
                Fact::Public => Expr::col((Entity, Column::IsPublic)),
                Fact::Related => relates(&|person| is_related(person, within)),
                Fact::Owned => relates(&|person| Column::OwnerId.eq(person)),
            },
        )
    }
}

/// Where a page ended: the sort key of its last row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position(Mark, ProjectId);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Mark {
    At(DateTime<Utc>),
    Name(String),
    Score(i32),
}

impl Position {
    /// The position of `row` in a list sorted by `sort`.
    pub(crate) fn of(ranked: &Ranked, sort: &str) -> Self {
        let Ranked { row, score } = ranked;
        let mark = match Key::of(sort) {
            Key::Column(Column::NameSort) => Mark::Name(row.name_sort.clone()),
            Key::Column(Column::UpdatedAt) => Mark::At(row.updated_at),
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
            "name" => Self::Column(Column::NameSort),
            "updated_at" => Self::Column(Column::UpdatedAt),
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
pub(crate) async fn page<L: OfProjects>(
    scoped: &Scoped<L>,
    wanted: &Wanted,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<Ranked>, DbErr> {
    let sort = scoped.paging().sort();
    let is_searched = L::projects(scoped.filter()).searched().is_some();
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
pub(crate) async fn count<L: OfProjects>(scoped: &Scoped<L>, wanted: &Wanted) -> Result<u64, DbErr> {
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
        Mark::Name(name) => Expr::value(name),
        Mark::Score(score) => Expr::value(score),
    };
    let row = Expr::tuple([key, Expr::col((Entity, Column::Id))]);
    let last = Expr::tuple([mark, Expr::value(id)]);
    if *order == Order::Desc { row.lt(last) } else { row.gt(last) }
}

/// The rows that are wanted, in no order.
fn matching<L: OfProjects>(scoped: &Scoped<L>, wanted: &Wanted) -> Select<Entity> {
    let Wanted { shown, developer, owner } = wanted;
    // A single right stands alone, so that the planner sees its conditions and not an OR.
    let seen = match shown.as_slice() {
        [only] => only.condition(),
        several => several.iter().map(Shown::condition).fold(Condition::any(), Condition::add),
    };
    let workspaces: Option<Vec<WorkspaceId>> = shown.iter().try_fold(Vec::new(), |mut all, shown| {
        all.extend(shown.rule.workspaces()?);
        Some(all)
    });
    let within = workspaces.as_deref().map_or(Within::Everywhere, Within::Workspaces);
    let filter = L::projects(scoped.filter());
    let condition = Condition::all()
        .add(seen)
        .add_option(developer.map(|developer| is_related(developer, within)))
        .add_option(owner.map(|owner| Column::OwnerId.eq(owner)))
        .add_option(filter.project.as_deref().map(is_named))
        .add_option(filter.name.as_deref().map(is_named))
        .add_option(filter.is_active.map(|is_active| Column::IsActive.eq(is_active)))
        .add_option(filter.is_public.map(|is_public| Column::IsPublic.eq(is_public)))
        .add_option(filter.created_after.map(|instant| Column::CreatedAt.gt(instant)));
    let mut rows = Entity::find().filter(condition);
    if let Some(search) = filter.searched() {
        let is_row = Expr::col((FOUND, "id")).equals((Entity, Column::Id));
        QueryTrait::query(&mut rows).join_subquery(JoinType::InnerJoin, found(search, within), FOUND, is_row);
    }
    rows
}

/// What a search finds, each row once, with its score.
fn found(search: &Search, within: Within<'_>) -> sea_orm::sea_query::SelectStatement {
    let places = match within {
        Within::Everywhere => Expr::cust("NULL::uuid[]"),
        Within::Workspaces(workspaces) => {
            let ids: Vec<sea_orm::prelude::Uuid> = workspaces.iter().map(|workspace| workspace.0).collect();
            Expr::value(ids)
        }
    };
    let call = Func::cust("project.search").arg(places).arg(Expr::value(search.words().to_vec()));
    Query::select().column("id").column("score").from_function(call, "searched").to_owned()
}

/// A row whose name has this part, in any case.
fn is_named(part: &str) -> SimpleExpr {
    let pattern = Func::lower(Expr::value(containing(part)));
    Expr::col((Entity, Column::NameSort)).binary(BinOper::Like, pattern)
}
