//! The only queries of this domain. Each takes the permit of the action it serves, and names its workspace.

mod list;
mod members;
mod projects;
mod related;

use kernel::{
    failure::Failure,
    grant::Relation,
    guard::{Lookup, Tx},
    ids::{ProjectId, UserId},
};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::Expr,
};

pub(crate) use list::{Position, Wanted, count, page};
pub(crate) use members::{
    Switching, add_member, delete_memberships, ensure_member, find_member, list_members, remove_member, switch_member,
};
pub(crate) use projects::{
    Draft, count_owned, delete, ensure, insert, lock_keys, lock_ownership, project_of, save_content, save_owner,
    switch, taken_keys,
};

use crate::{
    actions::{Locks, OfProject},
    entity::{members as member, projects as project},
    error::ProjectError,
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

fn locate(id: ProjectId, caller: UserId) -> Select<project::Entity> {
    let part = member::Entity::find()
        .select_only()
        .expr(Expr::value(1))
        .filter(Expr::col((member::Entity, member::Column::ProjectId)).equals((project::Entity, project::Column::Id)))
        .filter(member::Column::UserId.eq(caller))
        .filter(member::Column::IsActive.eq(true));
    project::Entity::find_by_id(id).expr_as(Expr::exists(part.into_query()), "takes_part")
}

/// The project `id` with the caller's part in it, for the guard. One statement.
pub(crate) async fn find(lookup: &Lookup<'_>, id: ProjectId) -> Result<Option<Located>, DbErr> {
    locate(id, lookup.caller().user).into_model().one(&lookup.db()).await
}

/// The permit's project, locked until the transaction ends. Refuses if it is gone, or if the caller stands farther from
/// it than when the permit was given.
pub(crate) async fn lock<A: Locks>(tx: &Tx<'_, A>) -> Result<project::Model, ProjectError> {
    let permit = tx.permit();
    let located: Option<Located> = locate(permit.target().project().id, permit.caller())
        .filter(project::Column::WorkspaceId.eq(permit.workspace()))
        .lock_exclusive()
        .into_model()
        .one(tx)
        .await?;
    let located = located.ok_or(ProjectError::Missing)?;
    if located.relation(permit.caller()) < permit.relation() {
        return Err(Failure::Stale.into());
    }
    Ok(located.row)
}
