//! Rows of members: who takes part in a project.

use chrono::{DateTime, Utc};
use kernel::{
    db::SystemTx,
    guard::{Permit, Tx},
    http::Paging,
    ids::{ProjectId, UserId, WorkspaceId},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait,
    ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Statement, sea_query::Expr,
};

use crate::{
    actions::{AddMember, ChangeOwner, CreateProject, OfProject, OnMember, RemoveMember, UpdateMember, ViewMembers},
    dto::MemberFilter,
    entity::{
        members::{ActiveModel, Column, Entity, Model},
        projects,
    },
};

/// The next `limit + 1` members after `after`, those added first first.
pub(crate) async fn list_members(
    permit: &Permit<ViewMembers>,
    paging: &Paging<MemberFilter>,
    after: Option<(DateTime<Utc>, UserId)>,
) -> Result<Vec<Model>, DbErr> {
    let project = permit.target().project();
    let is_beyond = |(at, user): (DateTime<Utc>, UserId)| {
        let row = Expr::tuple([Expr::col((Entity, Column::AddedAt)), Expr::col((Entity, Column::UserId))]);
        row.gt(Expr::tuple([Expr::value(at), Expr::value(user)]))
    };
    Entity::find()
        .filter(Column::WorkspaceId.eq(project.workspace_id))
        .filter(Column::ProjectId.eq(project.id))
        .filter(
            Condition::all()
                .add_option(paging.filter().is_active.map(|is_active| Column::IsActive.eq(is_active)))
                .add_option(after.map(is_beyond)),
        )
        .order_by_asc(Column::AddedAt)
        .order_by_asc(Column::UserId)
        .limit(paging.limit() + 1)
        .all(&permit.db())
        .await
}

/// The part that `user` has in the permit's project, locked until the transaction ends.
pub(crate) async fn find_member<A: OnMember>(tx: &Tx<'_, A>, user: UserId) -> Result<Option<Model>, DbErr> {
    let project = tx.permit().target().project();
    Entity::find_by_id((project.id, user))
        .filter(Column::WorkspaceId.eq(project.workspace_id))
        .lock_exclusive()
        .one(tx)
        .await
}

/// Lets `user` take part in a locked project.
pub(crate) async fn add_member(tx: &Tx<'_, AddMember>, user: UserId) -> Result<Model, DbErr> {
    let (project, now) = (tx.permit().target().project(), tx.permit().now());
    let row = ActiveModel {
        project_id: Set(project.id),
        user_id: Set(user),
        workspace_id: Set(project.workspace_id),
        is_active: Set(true),
        added_at: Set(now),
        added_by: Set(Some(tx.permit().caller())),
        version: Set(1),
        updated_at: Set(now),
    };
    row.insert(tx).await
}

/// Switches the part of a locked member on or off.
pub(crate) async fn switch_member<A: OnMember + Switching>(
    tx: &Tx<'_, A>,
    row: Model,
    is_active: bool,
) -> Result<Model, DbErr> {
    let (version, now) = (row.version + 1, tx.permit().now());
    let row = row.into_active_model();
    ActiveModel { is_active: Set(is_active), version: Set(version), updated_at: Set(now), ..row }.update(tx).await
}

/// Adding someone anew switches their part on again; updating it switches it either way.
pub(crate) trait Switching {}
impl Switching for AddMember {}
impl Switching for UpdateMember {}

/// Takes away the part of a locked member.
pub(crate) async fn remove_member(tx: &Tx<'_, RemoveMember>, row: &Model) -> Result<(), DbErr> {
    Entity::delete_by_id((row.project_id, row.user_id))
        .filter(Column::WorkspaceId.eq(row.workspace_id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Transactions in which someone comes to own a project, or is said to take part in it by the program.
pub(crate) trait Includes: ConnectionTrait {
    /// Who lets them take part; nobody, where the program does.
    fn included_by(&self) -> Option<UserId>;
}

impl Includes for Tx<'_, CreateProject> {
    fn included_by(&self) -> Option<UserId> {
        Some(self.permit().caller())
    }
}

impl Includes for Tx<'_, ChangeOwner> {
    fn included_by(&self) -> Option<UserId> {
        Some(self.permit().caller())
    }
}

impl Includes for SystemTx<'_> {
    fn included_by(&self) -> Option<UserId> {
        None
    }
}

/// Lets `user` take part in `project`, whether or not they did before; answers whether that changed anything.
pub(crate) async fn ensure_member(
    tx: &impl Includes,
    project: &projects::Model,
    user: UserId,
    at: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO project.members (project_id, workspace_id, user_id, added_at, added_by, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $4) \
               ON CONFLICT (project_id, user_id) DO UPDATE \
               SET is_active = true, version = members.version + 1, updated_at = excluded.updated_at \
               WHERE NOT members.is_active";
    let values = [project.id.into(), project.workspace_id.into(), user.into(), at.into(), tx.included_by().into()];
    let done = tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(done.rows_affected() > 0)
}

/// Takes away every part that `user` has had in projects of `workspace` since `until` or longer; answers in which.
pub(crate) async fn delete_memberships(
    tx: &SystemTx<'_>,
    workspace: WorkspaceId,
    user: UserId,
    until: DateTime<Utc>,
) -> Result<Vec<ProjectId>, DbErr> {
    let gone = Entity::delete_many()
        .filter(Column::WorkspaceId.eq(workspace))
        .filter(Column::UserId.eq(user))
        .filter(Column::UpdatedAt.lte(until))
        .exec_with_returning(tx)
        .await?;
    Ok(gone.into_iter().map(|row| row.project_id).collect())
}
