//! Sign-ins that wait for the second factor.

use chrono::{DateTime, Utc};
use kernel::{
    db::System,
    guard::{Permit, Public, Tx},
    ids::UserId,
};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use crate::{
    Schema,
    dto::AccountStatus,
    entity::{
        mfa_challenge::{Column, Entity, Model},
        user,
    },
};

/// How many codes may be tried at one of them.
const TRIES: i32 = 5;

pub(crate) async fn insert(tx: &Tx<'_, Public<Schema>>, row: Model) -> Result<(), DbErr> {
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Counts a try at a challenge that may still be tried, before the code is looked at; none if it may not. By itself, not
/// in the transaction of the sign-in: a wrong code rolls that back. Of many at once, so many get through and no more.
pub(crate) async fn take_try(
    permit: &Permit<Public<Schema>>,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<Model>, DbErr> {
    let update = Entity::update_many()
        .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::Tries.lt(TRIES))
        .filter(Column::ExpiresAt.gt(now));
    Ok(update.exec_with_returning(&permit.db()).await?.pop())
}

/// Uses a challenge up; of several who do it at once, one does.
pub(crate) async fn finish(tx: &Tx<'_, Public<Schema>>, id: Uuid) -> Result<bool, DbErr> {
    Ok(Entity::delete_by_id(id).exec(tx).await?.rows_affected > 0)
}

/// The account that signs in, if it still may; it stays as it is until the transaction ends.
pub(crate) async fn account(tx: &Tx<'_, Public<Schema>>, id: UserId) -> Result<Option<user::Model>, DbErr> {
    let active = user::Entity::find_by_id(id).filter(user::Column::Status.eq(AccountStatus::Active));
    active.lock_shared().one(tx).await
}

/// Deletes challenges that expired before `before`; answers how many.
pub(crate) async fn sweep(system: &System<Schema>, before: DateTime<Utc>) -> Result<u64, DbErr> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lt(before)).exec(&system.db()).await?.rows_affected)
}
