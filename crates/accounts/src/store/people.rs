//! Accounts, many at a time: pages of people and their names.

use kernel::{db::System, guard::Scoped, ids::UserId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, Func, LikeExpr, Query, SimpleExpr},
};

use crate::{
    Schema,
    actions::{AccountFilter, ListAccounts},
    entity::user::{Column, Entity, Model},
    ports::Direction,
};

/// Which slice of a list is wanted.
pub(crate) struct Slice {
    /// Past this one.
    pub(crate) after: Option<UserId>,
    pub(crate) direction: Direction,
    pub(crate) limit: u64,
}

/// Those of `ids` that the list's filter lets through, in order.
pub(crate) async fn among(scoped: &Scoped<ListAccounts>, ids: &[UserId], slice: &Slice) -> Result<Vec<Model>, DbErr> {
    page(scoped, Condition::all().add(is_among(ids)), slice).await
}

/// Everyone that the list's filter lets through, in order: what a platform role sees.
pub(crate) async fn everyone(scoped: &Scoped<ListAccounts>, slice: &Slice) -> Result<Vec<Model>, DbErr> {
    page(scoped, Condition::all(), slice).await
}

async fn page(scoped: &Scoped<ListAccounts>, reached: Condition, slice: &Slice) -> Result<Vec<Model>, DbErr> {
    let mut wanted = reached.add(passes(scoped.filter()));
    let order = match (slice.direction, slice.after) {
        (Direction::OldestFirst, after) => {
            wanted = wanted.add_option(after.map(|id| Column::Id.gt(id)));
            Order::Asc
        }
        (Direction::NewestFirst, after) => {
            wanted = wanted.add_option(after.map(|id| Column::Id.lt(id)));
            Order::Desc
        }
    };
    Entity::find().filter(wanted).order_by(Column::Id, order).limit(slice.limit).all(&scoped.db()).await
}

/// How many of `ids` the list's filter lets through; at most `cap`.
pub(crate) async fn count_among(scoped: &Scoped<ListAccounts>, ids: &[UserId], cap: u64) -> Result<u64, DbErr> {
    count(scoped, Condition::all().add(is_among(ids)), cap).await
}

/// How many the list's filter lets through of all; at most `cap`.
pub(crate) async fn count_everyone(scoped: &Scoped<ListAccounts>, cap: u64) -> Result<u64, DbErr> {
    count(scoped, Condition::all(), cap).await
}

async fn count(scoped: &Scoped<ListAccounts>, reached: Condition, cap: u64) -> Result<u64, DbErr> {
    let wanted = reached.add(passes(scoped.filter()));
    let rows = Entity::find().select_only().expr(Expr::value(1)).filter(wanted).limit(cap);
    let mut count = Query::select();
    count.expr_as(Expr::cust("count(*)"), "rows").from_subquery(rows.into_query(), "listed");
    let row = scoped.db().query_one_raw(DbBackend::Postgres.build(&count)).await?;
    let rows: i64 = row.map_or(Ok(0), |row| row.try_get("", "rows"))?;
    Ok(rows.unsigned_abs())
}

/// One parameter whatever the number of ids, so that the statement is prepared once.
fn is_among(ids: &[UserId]) -> SimpleExpr {
    let listed = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    Expr::cust_with_values("\"users\".\"id\" = ANY (string_to_array($1, ',')::uuid[])", [listed])
}

fn passes(filter: &AccountFilter) -> Condition {
    let status = filter.status.map(|status| Column::Status.eq(status));
    Condition::all().add_option(status).add_option(filter.search.as_deref().and_then(begins))
}

/// Whether one of the names begins with `search`. Nothing at all begins every name.
fn begins(search: &str) -> Option<Condition> {
    let search = search.trim().to_lowercase();
    if search.is_empty() {
        return None;
    }
    let pattern = format!("{}%", search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let like = |text: SimpleExpr| text.like(LikeExpr::new(pattern.as_str()));
    let lower = |column: Column| SimpleExpr::from(Func::lower(Expr::col(column)));
    let both = Expr::cust("lower(concat_ws(' ', \"users\".\"first_name\", \"users\".\"last_name\"))");
    let names = [
        Expr::col(Column::EmailKey),
        Expr::col(Column::Username),
        lower(Column::FirstName),
        lower(Column::LastName),
        both,
    ];
    Some(names.into_iter().fold(Condition::any(), |any, name| any.add(like(name))))
}

/// The accounts of these ids, in no order.
pub(crate) async fn by_ids(system: &System<Schema>, ids: &[UserId]) -> Result<Vec<Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(is_among(ids)).all(&system.db()).await
}

/// The account with this e-mail address, as [`email_key`](crate::rules::email_key) has it.
pub(crate) async fn by_email(system: &System<Schema>, key: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::EmailKey.eq(key)).one(&system.db()).await
}

/// The account with this username, in lower case.
pub(crate) async fn by_username(system: &System<Schema>, key: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Username.eq(key)).one(&system.db()).await
}
