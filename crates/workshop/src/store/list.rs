//! The list of workshops: one statement a page, whatever the role and the filters.

use chrono::{DateTime, Utc};
use kernel::{
    guard::Scoped,
    ids::{UserId, WorkspaceId},
    listing::{Key, Listed, Position, Ranked, Rows, is_among},
};
use sea_orm::{
    ColumnTrait, Condition, DbErr, ExprTrait,
    prelude::Uuid,
    sea_query::{Alias, Expr, Query, SelectStatement},
};

use crate::{
    actions::WorkshopList,
    content::LONGEST,
    dto::Status,
    entity::workshops::{Column, Entity, Model, Stage},
    visibility::{Drafts, Shown},
};

impl Listed for Entity {
    const ID: Column = Column::Id;
    const KEYS: &'static [(&'static str, Key<Self>)] = &[
        ("created_at", Key::Time(Column::CreatedAt, |row: &Model| row.created_at)),
        ("starts_at", Key::Time(Column::StartsAt, |row: &Model| row.starts_at)),
        ("title", Key::Text(Column::TitleSort, |row: &Model| &row.title_sort)),
    ];
    const SEARCH: &'static str = "workshop.search";

    fn id(row: &Model) -> Uuid {
        row.id.0
    }
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
    let lies = |workspaces: &[WorkspaceId]| is_among(Expr::col((Entity, Column::WorkspaceId)), workspaces);
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

/// The next `limit` rows after `after`.
pub(crate) async fn page(
    scoped: &Scoped<WorkshopList>,
    wanted: &Wanted,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<Ranked<Entity>>, DbErr> {
    matching(scoped, wanted).page(&scoped.db(), scoped.paging().sort(), after, limit).await
}

/// How many rows there are in all, up to a cap.
pub(crate) async fn count(scoped: &Scoped<WorkshopList>, wanted: &Wanted) -> Result<u64, DbErr> {
    matching(scoped, wanted).count(&scoped.db()).await
}

/// The rows that the caller may see and asked for.
fn matching(scoped: &Scoped<WorkshopList>, wanted: &Wanted) -> Rows<Entity> {
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
    Rows::of(conditions).found_by(filter.searched(), places.as_deref())
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
