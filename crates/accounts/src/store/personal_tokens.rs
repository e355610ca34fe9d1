//! Personal access tokens: made, found, listed and revoked.

use chrono::{DateTime, Utc};
use kernel::{
    db::System,
    guard::{Lookup, Permit, Tx},
    ids::{TokenId, UserId},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, sea_query::Expr,
};

use crate::{
    Schema,
    actions::{CreateToken, ListTokens, RevokeToken},
    dto::AccountStatus,
    entity::{
        personal_token::{Column, Entity, Model},
        user,
    },
};

/// Keeps a new token, unless its owner has `most` already; answers whether it did. The account is locked, so that of
/// several at once none goes beyond.
pub(crate) async fn insert(tx: &Tx<'_, CreateToken>, row: &Model, most: u64) -> Result<bool, DbErr> {
    let Some(_) = user::Entity::find_by_id(row.user_id).lock_exclusive().one(tx).await? else { return Ok(false) };
    if Entity::find().filter(Column::UserId.eq(row.user_id)).count(tx).await? >= most {
        return Ok(false);
    }
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    Ok(true)
}

/// A token of somebody who may still act, whether it has expired or not.
pub(crate) async fn find(db: &impl ConnectionTrait, id: TokenId) -> Result<Option<Model>, DbErr> {
    let active = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Status.eq(AccountStatus::Active))
        .into_query();
    Entity::find_by_id(id).filter(Column::UserId.in_subquery(active)).one(db).await
}

/// Whether it is the caller's.
pub(crate) async fn is_own(lookup: &Lookup<'_>, id: TokenId) -> Result<bool, DbErr> {
    let own = Entity::find_by_id(id).filter(Column::UserId.eq(lookup.caller().user));
    Ok(own.one(&lookup.db()).await?.is_some())
}

/// The caller's tokens, oldest first.
pub(crate) async fn of_caller(
    permit: &Permit<ListTokens>,
    after: Option<TokenId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut own = Entity::find().filter(Column::UserId.eq(permit.caller()));
    if let Some(after) = after {
        own = own.filter(Column::Id.gt(after));
    }
    own.order_by_asc(Column::Id).limit(limit).all(&permit.db()).await
}

/// Revokes one of the caller's tokens; answers its name if it was there.
pub(crate) async fn delete(tx: &Tx<'_, RevokeToken>, id: TokenId) -> Result<Option<String>, DbErr> {
    let owner: UserId = tx.permit().caller();
    let removal = Entity::delete_many().filter(Column::Id.eq(id)).filter(Column::UserId.eq(owner));
    Ok(removal.exec_with_returning(tx).await?.pop().map(|row| row.name))
}

/// Revokes all tokens of a person; answers the ids and names.
pub(crate) async fn delete_all(tx: &impl ConnectionTrait, user: UserId) -> Result<Vec<Model>, DbErr> {
    Entity::delete_many().filter(Column::UserId.eq(user)).exec_with_returning(tx).await
}

/// Records that a token was used, unless that was recorded since `unless_since`.
pub(crate) async fn record_use(
    system: &System<Schema>,
    id: TokenId,
    now: DateTime<Utc>,
    unless_since: DateTime<Utc>,
) -> Result<(), DbErr> {
    let update = Entity::update_many()
        .col_expr(Column::LastUsedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::LastUsedAt.is_null().or(Column::LastUsedAt.lte(unless_since)));
    update.exec(&system.db()).await?;
    Ok(())
}

/// Deletes tokens that expired before `before`; answers how many.
pub(crate) async fn sweep(system: &System<Schema>, before: DateTime<Utc>) -> Result<u64, DbErr> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lt(before)).exec(&system.db()).await?.rows_affected)
}
