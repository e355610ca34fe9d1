//! The platform's own role and who holds it.

use chrono::{DateTime, Utc};
use kernel::ids::{RoleId, UserId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, sea_query::OnConflict,
};

use super::statement;
use crate::entity::{platform_member, role};

/// Makes the platform's role unless there is one of its name, and answers its id.
pub(crate) async fn ensure_role(tx: &impl ConnectionTrait, row: role::Model) -> Result<Option<RoleId>, DbErr> {
    let sql = "INSERT INTO workspace.roles (id, name, title, description, permissions, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT DO NOTHING";
    let name = row.name.clone();
    let values = [
        row.id.into(),
        row.name.into(),
        row.title.into(),
        row.description.into(),
        row.permissions.into(),
        row.created_at.into(),
    ];
    tx.execute_raw(statement(sql, values)).await?;
    let find = role::Entity::find().filter(role::Column::WorkspaceId.is_null()).filter(role::Column::Name.eq(name));
    Ok(find.one(tx).await?.map(|role| role.id))
}

/// Gives `user` the platform's role.
pub(crate) async fn ensure_member(
    tx: &impl ConnectionTrait,
    user: UserId,
    role: RoleId,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = platform_member::ActiveModel { user_id: Set(user), role_id: Set(role), created_at: Set(now) };
    let conflict =
        OnConflict::column(platform_member::Column::UserId).update_column(platform_member::Column::RoleId).to_owned();
    platform_member::Entity::insert(row).on_conflict(conflict).exec_without_returning(tx).await?;
    Ok(())
}

/// Whether `user` has a platform role; it stays so until the transaction ends.
pub(crate) async fn keep(tx: &impl ConnectionTrait, user: UserId) -> Result<bool, DbErr> {
    Ok(platform_member::Entity::find_by_id(user).lock_shared().one(tx).await?.is_some())
}

/// Takes it from them.
pub(crate) async fn remove_member(db: &impl ConnectionTrait, user: UserId) -> Result<(), DbErr> {
    platform_member::Entity::delete_by_id(user).exec(db).await?;
    Ok(())
}
