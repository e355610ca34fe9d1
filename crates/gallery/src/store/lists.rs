//! Queries of the two lists: one statement per page, whatever the role.

use chrono::{DateTime, Utc};
use kernel::{
    guard::{Right, Scoped},
    ids::ImageId,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, Order, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Alias, Expr, Query},
};
use serde::{Deserialize, Serialize};

use crate::{
    actions::{ImageRow, ListImages, ListPending},
    dto::ImageFilter,
    entity::{
        Status,
        image::{Column, Entity},
    },
    permissions::REVIEW_IMAGES,
    tags, visibility,
};

/// Rows that a count goes up to: beyond, nobody needs the exact number.
const COUNT_CAP: u64 = 10_000;

/// A row's place in either list.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Key(pub(crate) DateTime<Utc>, pub(crate) ImageId);

/// A page of images, newest or oldest first.
pub(crate) async fn images(scoped: &Scoped<ListImages>, after: Option<Key>) -> Result<Vec<ImageRow>, DbErr> {
    let order = if scoped.paging().sort() == "created_at" { Order::Asc } else { Order::Desc };
    page(filtered(scoped), Column::CreatedAt, order, after, scoped.paging().limit()).all(&scoped.db()).await
}

/// How many images the list has, up to a cap.
pub(crate) async fn count_images(scoped: &Scoped<ListImages>) -> Result<u64, DbErr> {
    count(&scoped.db(), filtered(scoped)).await
}

/// A page of what waits for a decision, the longest waiting first.
pub(crate) async fn pending(scoped: &Scoped<ListPending>, after: Option<Key>) -> Result<Vec<ImageRow>, DbErr> {
    page(waiting(scoped), Column::SubmittedAt, Order::Asc, after, scoped.paging().limit()).all(&scoped.db()).await
}

/// How many images wait for a decision, up to a cap.
pub(crate) async fn count_pending(scoped: &Scoped<ListPending>) -> Result<u64, DbErr> {
    count(&scoped.db(), waiting(scoped)).await
}

fn filtered(scoped: &Scoped<ListImages>) -> Select<Entity> {
    let ImageFilter { status, uploader, tag, search } = scoped.filter();
    let asked = Condition::all()
        // Photos are listed with their workshop.
        .add(Column::WorkshopId.is_null())
        .add_option(status.map(|status| Column::Status.eq(status)))
        .add_option(uploader.map(|uploader| Column::UploaderId.eq(uploader)))
        .add_option(tag.as_deref().map(|tag| {
            let among = serde_json::json!([tags::normal(tag)]);
            Expr::cust_with_values(r#""images"."tags" @> $1"#, [among])
        }))
        .add_option(search.as_deref().map(|search| {
            // strpos takes the text as it is: no character of it is a wildcard.
            Expr::cust_with_values(r#"strpos(lower("images"."description"), lower($1)) > 0"#, [search])
        }));
    let shown = |right: Right<'_, ListImages>| visibility::listed(right.person(), |permission| right.reach(permission));
    Entity::find().filter(scoped.rights().map(shown).fold(Condition::any(), Condition::add)).filter(asked)
}

fn waiting(scoped: &Scoped<ListPending>) -> Select<Entity> {
    let workspace = Expr::col(Column::WorkspaceId.as_column_ref());
    let owns = Column::UploaderId.eq(scoped.caller());
    let reviewed = scoped.reach(&REVIEW_IMAGES).condition(workspace, owns, Expr::value(false));
    Entity::find().filter(reviewed).filter(Column::Status.eq(Status::Pending))
}

fn page(rows: Select<Entity>, by: Column, order: Order, after: Option<Key>, limit: u64) -> Select<Entity> {
    let beyond = after.map(|Key(at, id)| {
        let place = Expr::tuple([Expr::col(by.as_column_ref()), Expr::col(Column::Id.as_column_ref())]);
        let last = Expr::tuple([Expr::value(at), Expr::value(id)]);
        if order == Order::Asc { place.gt(last) } else { place.lt(last) }
    });
    let rows = rows.filter(Condition::all().add_option(beyond));
    rows.order_by(by, order.clone()).order_by(Column::Id, order).limit(limit + 1)
}

#[derive(FromQueryResult)]
struct Counted {
    rows: i64,
}

async fn count(db: &impl ConnectionTrait, rows: Select<Entity>) -> Result<u64, DbErr> {
    let capped = rows.select_only().column(Column::Id).limit(COUNT_CAP).into_query();
    let counted = Query::select()
        .expr_as(Expr::cust("count(*)"), Alias::new("rows"))
        .from_subquery(capped, Alias::new("capped"))
        .take();
    let counted = Counted::find_by_statement(db.get_database_backend().build(&counted)).one(db).await?;
    Ok(counted.map_or(0, |counted| counted.rows.unsigned_abs()))
}
