//! Queries of the queue and the trash, and what lists have in common: one statement per page, whatever the role.

use chrono::{DateTime, Utc};
use kernel::{
    guard::{Listing, Right, Scoped},
    ids::ImageId,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, Order, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Alias, Expr, Query},
};
use serde::{Deserialize, Serialize};

use crate::{
    actions::{ImageRow, ListPending, ListTrash},
    dto::{Claimed, QueueFilter, QueueStatus},
    entity::{
        Status,
        image::{Column, Entity},
    },
    permissions::{DELETE_IMAGES, REVIEW_IMAGES},
    visibility,
};

/// Rows that a count goes up to: beyond, nobody needs the exact number.
const COUNT_CAP: u64 = 10_000;

/// A row's place in a list.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Key(pub(crate) DateTime<Utc>, pub(crate) ImageId);

/// A page of the review queue: of what waits the longest waiting first, of what was decided the first decided.
pub(crate) async fn queue(scoped: &Scoped<ListPending>, after: Option<Key>) -> Result<Vec<ImageRow>, DbErr> {
    let by = instant(scoped.filter().status);
    page(queued(scoped), by, Order::Asc, after, scoped.paging().limit()).all(&scoped.db()).await
}

/// How many images the queue has, up to a cap.
pub(crate) async fn count_queue(scoped: &Scoped<ListPending>) -> Result<u64, DbErr> {
    count(&scoped.db(), queued(scoped).select_only().column(Column::Id)).await
}

/// A page of the trash, what was deleted last first.
pub(crate) async fn trash(scoped: &Scoped<ListTrash>, after: Option<Key>) -> Result<Vec<ImageRow>, DbErr> {
    page(trashed(scoped), Column::DeletedAt, Order::Desc, after, scoped.paging().limit()).all(&scoped.db()).await
}

/// How many images are in the trash, up to a cap.
pub(crate) async fn count_trash(scoped: &Scoped<ListTrash>) -> Result<u64, DbErr> {
    count(&scoped.db(), trashed(scoped).select_only().column(Column::Id)).await
}

/// What the caller may look at in the gallery.
pub(super) fn shown<L: Listing>(scoped: &Scoped<L>) -> Select<Entity> {
    Entity::find().filter(seen(scoped)).filter(in_gallery())
}

/// The images that the caller may look at.
pub(super) fn seen<L: Listing>(scoped: &Scoped<L>) -> Condition {
    let seen = |right: Right<'_, L>| visibility::listed(right.person(), |permission| right.reach(permission));
    scoped.rights().map(seen).fold(Condition::any(), Condition::add)
}

/// What is in the gallery: no photos, which are listed with their workshop, and nothing that is in the trash.
pub(super) fn in_gallery() -> Condition {
    Condition::all().add(Column::WorkshopId.is_null()).add(Column::DeletedAt.is_null())
}

/// When an image came where the filter looks.
fn instant(status: QueueStatus) -> Column {
    match status {
        QueueStatus::Pending => Column::SubmittedAt,
        QueueStatus::Approved | QueueStatus::Rejected => Column::DecidedAt,
    }
}

fn queued(scoped: &Scoped<ListPending>) -> Select<Entity> {
    let QueueFilter { status, appeal, claimed, uploader, before } = *scoped.filter();
    let workspace = Expr::col(Column::WorkspaceId.as_column_ref());
    let owns = Column::UploaderId.eq(scoped.caller());
    let reviewed = scoped.reach(&REVIEW_IMAGES).condition(workspace, owns, Expr::value(false));
    let in_state = match status {
        QueueStatus::Pending => Column::Status.eq(Status::Pending),
        QueueStatus::Approved => Column::Status.eq(Status::Approved).and(Column::DecidedAt.is_not_null()),
        QueueStatus::Rejected => Column::Status.eq(Status::Rejected).and(Column::DecidedAt.is_not_null()),
    };
    let asked = Condition::all()
        .add(in_state)
        .add(Column::WorkshopId.is_null())
        .add(Column::DeletedAt.is_null())
        .add_option(appeal.map(|appeal| Column::IsAppeal.eq(appeal)))
        .add_option(claimed.map(|claimed| is_claimed(scoped, claimed)))
        .add_option(uploader.map(|uploader| Column::UploaderId.eq(uploader)))
        .add_option(before.map(|before| instant(status).lt(before)));
    Entity::find().filter(reviewed).filter(asked)
}

fn is_claimed(scoped: &Scoped<ListPending>, claimed: Claimed) -> Condition {
    let lasts = || Column::ClaimedUntil.gt(scoped.now());
    match claimed {
        Claimed::Me => Condition::all().add(lasts()).add(Column::ClaimedBy.eq(scoped.caller())),
        Claimed::Others => Condition::all().add(lasts()).add(Column::ClaimedBy.ne(scoped.caller())),
        Claimed::Nobody => Condition::any().add(Column::ClaimedUntil.is_null()).add(lasts().not()),
    }
}

fn trashed(scoped: &Scoped<ListTrash>) -> Select<Entity> {
    let shown = |right: Right<'_, ListTrash>| {
        let owns = right.person().map_or_else(|| Expr::value(false), visibility::owned_by);
        let workspace = Expr::col(Column::WorkspaceId.as_column_ref());
        right.reach(&DELETE_IMAGES).condition(workspace, owns, Expr::value(false))
    };
    let shown = scoped.rights().map(shown).fold(Condition::any(), Condition::add);
    Entity::find().filter(shown).filter(Column::DeletedAt.is_not_null())
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

/// How many rows there are, up to a cap.
pub(super) async fn count<E: EntityTrait>(db: &impl ConnectionTrait, rows: Select<E>) -> Result<u64, DbErr> {
    let capped = rows.limit(COUNT_CAP).into_query();
    let counted = Query::select()
        .expr_as(Expr::cust("count(*)"), Alias::new("rows"))
        .from_subquery(capped, Alias::new("capped"))
        .take();
    let counted = Counted::find_by_statement(db.get_database_backend().build(&counted)).one(db).await?;
    Ok(counted.map_or(0, |counted| counted.rows.unsigned_abs()))
}
