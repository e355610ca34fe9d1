//! The list of projects: one statement a page, whatever the role and the filters.

use chrono::{DateTime, Utc};
use kernel::{
    guard::Scoped,
    ids::{ProjectId, UserId, WorkspaceId},
};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, ExprTrait, FromQueryResult, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, Query, SimpleExpr, extension::postgres::PgExpr},
};
use serde::{Deserialize, Serialize};

use super::related::{is_among, is_related};
use crate::{
    actions::ProjectList,
    dto::Search,
    entity::projects::{Column, Entity, Model},
    pattern::containing,
    visibility::{Fact, ListRule, Within},
};

/// The rows that are counted at most.
const COUNT_CAP: u64 = 10_000;

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
}

impl Position {
    /// The position of `row` in a list sorted by `sort`.
    pub(crate) fn of(row: &Model, sort: &str) -> Self {
        let mark = match column_of(sort) {
            Column::NameSort => Mark::Name(row.name_sort.clone()),
            Column::UpdatedAt => Mark::At(row.updated_at),
            _ => Mark::At(row.created_at),
        };
        Self(mark, row.id)
    }
}

fn column_of(sort: &str) -> Column {
    match sort.trim_start_matches('-') {
        "name" => Column::NameSort,
        "updated_at" => Column::UpdatedAt,
        _ => Column::CreatedAt,
    }
}

/// The next `limit + 1` rows after `after`.
pub(crate) async fn page(
    scoped: &Scoped<ProjectList>,
    wanted: &Wanted,
    after: Option<Position>,
) -> Result<Vec<Model>, DbErr> {
    let sort = scoped.paging().sort();
    let order = if sort.starts_with('-') { Order::Desc } else { Order::Asc };
    let column = column_of(sort);
    Entity::find()
        .filter(condition(scoped, wanted))
        .filter(Condition::all().add_option(after.map(|after| is_beyond(column, &order, after))))
        .order_by(column, order.clone())
        .order_by(Column::Id, order)
        .limit(scoped.paging().limit() + 1)
        .all(&scoped.db())
        .await
}

/// How many rows there are in all, up to a cap.
pub(crate) async fn count(scoped: &Scoped<ProjectList>, wanted: &Wanted) -> Result<u64, DbErr> {
    #[derive(FromQueryResult)]
    struct Count {
        rows: i64,
    }
    let rows = Entity::find().select_only().expr(Expr::value(1)).filter(condition(scoped, wanted)).limit(COUNT_CAP);
    let mut count = Query::select();
    count.expr_as(Expr::cust("count(*)"), "rows").from_subquery(rows.into_query(), "listed");
    let db = scoped.db();
    let counted = Count::find_by_statement(sea_orm::DbBackend::Postgres.build(&count)).one(&db).await?;
    Ok(counted.map_or(0, |counted| u64::try_from(counted.rows).unwrap_or_default()))
}

/// Rows after `after`, with the id deciding between equals. A comparison of rows, so that an index leads there.
fn is_beyond(column: Column, order: &Order, after: Position) -> SimpleExpr {
    let Position(mark, id) = after;
    let mark = match mark {
        Mark::At(instant) => Expr::value(instant),
        Mark::Name(name) => Expr::value(name),
    };
    let row = Expr::tuple([Expr::col((Entity, column)), Expr::col((Entity, Column::Id))]);
    let last = Expr::tuple([mark, Expr::value(id)]);
    if *order == Order::Desc { row.lt(last) } else { row.gt(last) }
}

fn condition(scoped: &Scoped<ProjectList>, wanted: &Wanted) -> Condition {
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
    let filter = scoped.filter();
    Condition::all()
        .add(seen)
        .add_option(developer.map(|developer| is_related(developer, within)))
        .add_option(owner.map(|owner| Column::OwnerId.eq(owner)))
        .add_option(filter.project.as_deref().map(|part| contains(Column::Name, part)))
        .add_option(filter.name.as_deref().map(|part| contains(Column::Name, part)))
        .add(filter.search.as_ref().map_or_else(Condition::all, has_every_word))
        .add_option(filter.is_active.map(|is_active| Column::IsActive.eq(is_active)))
        .add_option(filter.is_public.map(|is_public| Column::IsPublic.eq(is_public)))
        .add_option(filter.created_after.map(|instant| Column::CreatedAt.gt(instant)))
}

fn has_every_word(search: &Search) -> Condition {
    let has_word = |word: &String| {
        let anywhere = [Column::Name, Column::Key, Column::Description].map(|column| contains(column, word));
        anywhere.into_iter().fold(Condition::any(), Condition::add)
    };
    search.words().iter().map(has_word).fold(Condition::all(), Condition::add)
}

fn contains(column: Column, part: &str) -> SimpleExpr {
    Expr::col((Entity, column)).ilike(containing(part))
}
