//! The projects that someone owns or takes part in, as an SQL condition.

use kernel::{ids::UserId, listing::is_among};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, SimpleExpr, UnionType},
};

use crate::{
    entity::{members, projects},
    visibility::Within,
};

/// A row of `project.projects` that `user` owns or takes part in.
///
/// Not `owner OR EXISTS (…)`: the planner can only filter by that, row by row through the whole workspace. From `IN` a
/// union it starts with the few projects of the person, and it loses and doubles no rows either.
pub(super) fn is_related(user: UserId, within: Within<'_>) -> SimpleExpr {
    let owned = projects::Entity::find()
        .select_only()
        .column(projects::Column::Id)
        .filter(lies(&projects::Column::WorkspaceId, within))
        .filter(projects::Column::OwnerId.eq(user));
    let mut related = members::Entity::find()
        .select_only()
        .column(members::Column::ProjectId)
        .filter(lies(&members::Column::WorkspaceId, within))
        .filter(members::Column::UserId.eq(user))
        .filter(members::Column::IsActive.eq(true))
        .into_query();
    related.union(UnionType::All, owned.into_query());
    Expr::col((projects::Entity, projects::Column::Id)).in_subquery(related)
}

fn lies(workspace: &impl ColumnTrait, within: Within<'_>) -> Condition {
    match within {
        Within::Everywhere => Condition::all(),
        Within::Workspaces(workspaces) => {
            Condition::all().add(is_among(Expr::col(workspace.as_column_ref()), workspaces))
        }
    }
}
