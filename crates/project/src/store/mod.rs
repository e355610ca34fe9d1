//! The only queries of this domain. Each takes the permit of the action it serves, and names its workspace.

mod list;
mod members;
pub(crate) mod money;
pub(crate) mod periods;
pub(crate) mod portfolio;
mod projects;
mod related;
mod touched;

use kernel::{
    failure::Failure,
    grant::Relation,
    guard::{Identified, Lookup, Permit, Tx},
    ids::{ProjectId, UserId},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, LockType, SimpleExpr},
};

pub(crate) use list::{Shown, Wanted, count, page};
pub(crate) use members::{
    Switching, add_member, delete_memberships, ensure_member, find_member, list_members, remove_member, switch_member,
};
pub(crate) use portfolio::PortfolioRow;
pub(crate) use projects::{
    Draft, count_all, count_before_handover, count_owned, delete, ensure, insert, lock_keys, lock_ownership,
    lock_workspace, project_of, save_content, save_owner, switch, taken_keys,
};
pub(crate) use touched::{count_touched, participants};

use crate::{
    actions::{Locks, OfProject},
    entity::{members as member, projects as project},
    error::ProjectError,
    permissions::CAN_VIEW_PRIVATE_PROJECTS,
};

/// A project with the caller's part in it.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Located {
    #[sea_orm(nested)]
    pub(crate) row: project::Model,
    takes_part: bool,
}

impl Located {
    /// How `caller` stands to it, if they are whom it was asked for.
    pub(crate) fn relation(&self, caller: UserId) -> Relation {
        Relation::of(self.row.owner_id == caller, self.takes_part)
    }
}

/// That `caller` takes part in the project that is selected.
fn takes_part(caller: UserId) -> SimpleExpr {
    let part = member::Entity::find()
        .select_only()
        .expr(Expr::value(1))
        .filter(Expr::col((member::Entity, member::Column::ProjectId)).equals((project::Entity, project::Column::Id)))
        .filter(member::Column::UserId.eq(caller))
        .filter(member::Column::IsActive.eq(true));
    Expr::exists(part.into_query())
}

/// The project `id` with the caller's part in it, for the guard. One statement.
pub(crate) async fn find(lookup: &Lookup<'_>, id: ProjectId) -> Result<Option<Located>, DbErr> {
    let part = takes_part(lookup.caller().user);
    project::Entity::find_by_id(id).expr_as(part, "takes_part").into_model().one(&lookup.db()).await
}

/// The permit's project, locked until the transaction ends. Refuses if it is gone, or if the caller stands farther from
/// it than when the permit was given, or no longer sees it.
pub(crate) async fn lock<A: Locks>(tx: &Tx<'_, A>) -> Result<project::Model, ProjectError> {
    let permit = tx.permit();
    let row = project::Entity::find_by_id(permit.target().project().id)
        .filter(project::Column::WorkspaceId.eq(permit.workspace()))
        .lock(LockType::Update)
        .one(tx)
        .await?
        .ok_or(ProjectError::Missing)?;
    let takes_part = permit.relation() == Relation::Assigned && has_part(tx, &row, permit.caller()).await?;
    if still_stands(permit, &row, takes_part) { Ok(row) } else { Err(Failure::Stale.into()) }
}

/// Whether the caller stands as near to a locked project as when the permit was given, and still sees it.
fn still_stands<A>(permit: &Permit<A>, row: &project::Model, takes_part: bool) -> bool
where
    A: Identified<Target: OfProject>,
{
    match permit.relation() {
        Relation::Other => row.is_public || permit.holds(&CAN_VIEW_PRIVATE_PROJECTS),
        Relation::Own => row.owner_id == permit.caller(),
        Relation::Assigned => row.owner_id == permit.caller() || takes_part,
    }
}

/// Whether `caller` takes part in a locked project. A statement of its own, begun when the lock is held: the one that
/// takes the lock sees the parts as they were before it waited.
async fn has_part(db: &impl ConnectionTrait, row: &project::Model, caller: UserId) -> Result<bool, DbErr> {
    let part = member::Entity::find_by_id((row.id, caller))
        .filter(member::Column::WorkspaceId.eq(row.workspace_id))
        .filter(member::Column::IsActive.eq(true));
    Ok(part.one(db).await?.is_some())
}
