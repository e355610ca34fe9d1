//! The list of projects: one statement a page, whatever the role and the filters.

use kernel::{
    guard::Scoped,
    ids::{UserId, WorkspaceId},
    listing::{Key, Listed, Position, Ranked, Rows, containing, is_among},
};
use sea_orm::{
    ColumnTrait, Condition, DbErr, ExprTrait,
    prelude::Uuid,
    sea_query::{BinOper, Expr, Func, SimpleExpr},
};

use super::related::is_related;
use crate::{
    actions::OfProjects,
    entity::projects::{Column, Entity, Model},
    visibility::{Fact, ListRule, Within},
};

impl Listed for Entity {
    const ID: Column = Column::Id;
    const KEYS: &'static [(&'static str, Key<Self>)] = &[
        ("created_at", Key::Time(Column::CreatedAt, |row: &Model| row.created_at)),
        ("updated_at", Key::Time(Column::UpdatedAt, |row: &Model| row.updated_at)),
        ("name", Key::Text(Column::NameSort, |row: &Model| &row.name_sort)),
    ];
    const SEARCH: &'static str = "project.search";

    fn id(row: &Model) -> Uuid {
        row.id.0
    }
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
            |workspaces| is_among(Expr::col((Entity, Column::WorkspaceId)), workspaces),
            |fact, within| match fact {
                Fact::Public => Expr::col((Entity, Column::IsPublic)),
                Fact::Related => relates(&|person| is_related(person, within)),
                Fact::Owned => relates(&|person| Column::OwnerId.eq(person)),
            },
        )
    }
}

/// The next `limit` rows after `after`.
pub(crate) async fn page<L: OfProjects>(
    scoped: &Scoped<L>,
    wanted: &Wanted,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<Ranked<Entity>>, DbErr> {
    matching(scoped, wanted).page(&scoped.db(), scoped.paging().sort(), after, limit).await
}

/// How many rows there are in all, up to a cap.
pub(crate) async fn count<L: OfProjects>(scoped: &Scoped<L>, wanted: &Wanted) -> Result<u64, DbErr> {
    matching(scoped, wanted).count(&scoped.db()).await
}

/// The rows that are wanted, in no order.
fn matching<L: OfProjects>(scoped: &Scoped<L>, wanted: &Wanted) -> Rows<Entity> {
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
    Rows::of(condition).found_by(filter.searched(), workspaces.as_deref())
}

/// A row whose name has this part, in any case.
fn is_named(part: &str) -> SimpleExpr {
    let pattern = Func::lower(Expr::value(containing(part)));
    Expr::col((Entity, Column::NameSort)).binary(BinOper::Like, pattern)
}
