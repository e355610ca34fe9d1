//! Refresh tokens: kept as hashes, looked up by the id of their row.

use chrono::{DateTime, Utc};
use kernel::{
    db::System,
    guard::{Public, Tx},
    ids::SessionId,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use crate::{
    Schema,
    entity::refresh_token::{Column, Entity, Model},
    refresh::RefreshToken,
};

/// Keeps a token that was just made for `session`.
pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    token: &RefreshToken,
    session: SessionId,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = Model {
        id: token.id(),
        session_id: session,
        token_hash: token.hash(),
        created_at: now,
        replaced_at: None,
        successor_id: None,
    };
    Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// The token's row as it is now and stays until the transaction ends: of several who present it at once, one replaces
/// it and the others find it replaced.
pub(crate) async fn lock(tx: &Tx<'_, Public<Schema>>, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).lock_exclusive().one(tx).await
}

/// Marks a locked token as replaced.
pub(crate) async fn replace(
    tx: &Tx<'_, Public<Schema>>,
    mut row: Model,
    successor: Uuid,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    row.replaced_at = Some(now);
    row.successor_id = Some(successor);
    row.into_active_model().reset_all().update(tx).await?;
    Ok(())
}

/// Deletes tokens that were replaced before `before`; answers how many.
pub(crate) async fn sweep(system: &System<Schema>, before: DateTime<Utc>) -> Result<u64, DbErr> {
    Ok(Entity::delete_many().filter(Column::ReplacedAt.lt(before)).exec(&system.db()).await?.rows_affected)
}
