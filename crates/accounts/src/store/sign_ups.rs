//! Those who have still to prove their address.

use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QuerySelect, Statement};
use uuid::Uuid;

use crate::entity::{
    sign_up::{Column, Entity, Model},
    user,
};

/// Keeps what someone signed up with, if its proof was asked for: past the limit it was not. One statement either way.
pub(crate) async fn insert_if_asked(db: &impl ConnectionTrait, row: &Model) -> Result<(), DbErr> {
    let text = "INSERT INTO accounts.sign_ups \
         (proof_id, username, first_name, last_name, password_hash, workspace_id, role_id) \
         SELECT $1, $2, $3, $4, $5, $6, $7 WHERE EXISTS (SELECT FROM accounts.proofs WHERE id = $1)";
    let row = row.clone();
    let values = [
        row.proof_id.into(),
        row.username.into(),
        row.first_name.into(),
        row.last_name.into(),
        row.password_hash.0.into(),
        row.workspace_id.map(|id| id.0).into(),
        row.role_id.map(|id| id.0).into(),
    ];
    db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, text, values)).await?;
    Ok(())
}

/// Takes out what someone signed up with.
pub(crate) async fn take(db: &impl ConnectionTrait, proof: Uuid) -> Result<Option<Model>, DbErr> {
    let row = Entity::find_by_id(proof).lock_exclusive().one(db).await?;
    Entity::delete_many().filter(Column::ProofId.eq(proof)).exec(db).await?;
    Ok(row)
}

/// Whether someone goes by this username.
pub(crate) async fn username_is_taken(db: &impl ConnectionTrait, key: &str) -> Result<bool, DbErr> {
    Ok(user::Entity::find().filter(user::Column::Username.eq(key)).one(db).await?.is_some())
}
