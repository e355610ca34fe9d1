//! Roles: found, listed, made, changed, deleted.

use chrono::{DateTime, Utc};
use kernel::{
    failure::unique_violation,
    guard::{Listing, Permit, Scoped},
    http::etag_of,
    ids::{RoleId, WorkspaceId},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Unchanged,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, JoinType,
    ModelTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Select,
    prelude::Expr,
    sea_query::{ExprTrait, SimpleExpr},
};
use serde_json::Value;

use super::{Locked, MOST_COUNTED, statement};
use crate::{
    actions::ListRoles,
    entity::{role, workspace},
    error::WorkspaceError,
    permissions::CAN_VIEW_ROLES,
};

/// A workspace's role as it is shown.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RoleRow {
    pub id: RoleId,
    pub workspace_id: WorkspaceId,
    pub name: String,
    pub title: String,
    pub description: String,
    pub permissions: Value,
    pub self_assignable: bool,
    /// The name of the role that it is exchanged for.
    pub promotes_to: Option<String>,
    pub directory: Option<String>,
    pub granted_by_plan: bool,
    /// Whether people who join get it.
    pub is_default: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl RoleRow {
    pub(crate) fn etag(&self) -> String {
        etag_of(self.version)
    }
}

/// The roles of workspaces that are not deleted, as rows.
fn rows() -> Select<role::Entity> {
    let is_default = Expr::col((workspace::Entity, workspace::Column::DefaultRoleId)).eq(column(role::Column::Id));
    role::Entity::find()
        .select_only()
        .columns([
            role::Column::Id,
            role::Column::WorkspaceId,
            role::Column::Name,
            role::Column::Title,
            role::Column::Description,
            role::Column::Permissions,
            role::Column::SelfAssignable,
            role::Column::Directory,
            role::Column::GrantedByPlan,
            role::Column::Version,
            role::Column::CreatedAt,
            role::Column::UpdatedAt,
        ])
        .column_as(Expr::col(("promotion", role::Column::Name)), "promotes_to")
        .column_as(is_default, "is_default")
        .join(JoinType::InnerJoin, role::Relation::Workspace.def())
        .join_as(JoinType::LeftJoin, role::Relation::Promotion.def(), "promotion")
        .filter(workspace::Column::DeletedAt.is_null())
}

fn column(column: role::Column) -> SimpleExpr {
    Expr::col((role::Entity, column))
}

/// The role of this id.
pub(crate) async fn find(db: &impl ConnectionTrait, id: RoleId) -> Result<Option<RoleRow>, DbErr> {
    rows().filter(role::Column::Id.eq(id)).into_model().one(db).await
}

/// The roles that the caller may see, oldest first: those of a blueprint in its order.
pub(crate) async fn list<L: Listing>(
    scoped: &Scoped<L>,
    after: Option<(DateTime<Utc>, RoleId)>,
    limit: u64,
) -> Result<Vec<RoleRow>, DbErr> {
    page(rows().filter(reached(scoped)), after, limit).into_model().all(&scoped.db()).await
}

/// How many roles the caller may see.
pub(crate) async fn count<L: Listing>(scoped: &Scoped<L>) -> Result<u64, DbErr> {
    let count = rows().filter(reached(scoped)).count(&scoped.db()).await?;
    Ok(Ord::min(count, MOST_COUNTED))
}

/// Roles have no owner and nobody takes part in them.
fn reached<L: Listing>(scoped: &Scoped<L>) -> Condition {
    let (owns, takes_part) = (Expr::value(false), Expr::value(false));
    scoped.reach(&CAN_VIEW_ROLES).condition(column(role::Column::WorkspaceId), owns, takes_part)
}

/// The roles of one workspace, oldest first.
pub(crate) async fn list_in(
    permit: &Permit<ListRoles>,
    after: Option<(DateTime<Utc>, RoleId)>,
    limit: u64,
) -> Result<Vec<RoleRow>, DbErr> {
    let rows = rows().filter(role::Column::WorkspaceId.eq(permit.workspace()));
    page(rows, after, limit).into_model().all(&permit.db()).await
}

/// How many roles one workspace has.
pub(crate) async fn count_in(permit: &Permit<ListRoles>) -> Result<u64, DbErr> {
    role::Entity::find().filter(role::Column::WorkspaceId.eq(permit.workspace())).count(&permit.db()).await
}

fn page(rows: Select<role::Entity>, after: Option<(DateTime<Utc>, RoleId)>, limit: u64) -> Select<role::Entity> {
    let rows = rows.order_by_asc(role::Column::CreatedAt).order_by_asc(role::Column::Id).limit(limit);
    let Some((created_at, id)) = after else { return rows };
    let position = Expr::tuple([column(role::Column::CreatedAt), column(role::Column::Id)]);
    rows.filter(position.gt(Expr::tuple([created_at.into(), id.0.into()])))
}

/// All of one workspace's roles, none of which changes meanwhile.
pub(crate) async fn all(locked: &Locked<'_, impl ConnectionTrait>) -> Result<Vec<role::Model>, DbErr> {
    of(locked.tx, locked.id()).await
}

/// All of one workspace's roles at this moment.
pub(crate) async fn of(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<role::Model>, DbErr> {
    let find = role::Entity::find().filter(role::Column::WorkspaceId.eq(workspace));
    find.order_by_asc(role::Column::CreatedAt).order_by_asc(role::Column::Id).all(db).await
}

/// The role of this id, of whatever workspace or the platform's.
pub(crate) async fn by_id(db: &impl ConnectionTrait, id: RoleId) -> Result<Option<role::Model>, DbErr> {
    role::Entity::find_by_id(id).one(db).await
}

/// Stores a role.
pub(crate) async fn insert(tx: &impl ConnectionTrait, row: role::Model) -> Result<role::Model, WorkspaceError> {
    row.into_active_model().insert(tx).await.map_err(refused)
}

/// Stores what `change` sets; the database counts the version and keeps the former one.
pub(crate) async fn update(
    locked: &Locked<'_, impl ConnectionTrait>,
    id: RoleId,
    mut change: role::ActiveModel,
) -> Result<role::Model, WorkspaceError> {
    change.id = Unchanged(id);
    change.workspace_id = Unchanged(Some(locked.id()));
    change.update(locked.tx).await.map_err(refused)
}

/// Deletes a role that nobody holds; promotions to it end.
pub(crate) async fn delete(
    locked: &Locked<'_, impl ConnectionTrait>,
    row: role::Model,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql =
        "UPDATE workspace.roles SET promotes_to = NULL, updated_at = $3 WHERE workspace_id = $1 AND promotes_to = $2";
    locked.tx.execute_raw(statement(sql, [locked.id().into(), row.id.into(), now.into()])).await?;
    row.delete(locked.tx).await?;
    Ok(())
}

fn refused(error: DbErr) -> WorkspaceError {
    match unique_violation(&error) {
        Some("roles_name") => WorkspaceError::RoleNameTaken,
        _ => error.into(),
    }
}
