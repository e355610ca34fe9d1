//! Queries about the bytes that uploads have.

use kernel::ids::{UserId, WorkspaceId};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};

/// How many those of a workspace have.
pub(crate) async fn used(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<u64, DbErr> {
    let sql = "SELECT bytes FROM gallery.storage WHERE workspace_id = $1";
    bytes(db, sql, vec![workspace.into()]).await
}

/// How many those have that somebody added to it.
pub(crate) async fn used_by(db: &impl ConnectionTrait, workspace: WorkspaceId, uploader: UserId) -> Result<u64, DbErr> {
    let sql = "SELECT bytes FROM gallery.storage_of_people WHERE workspace_id = $1 AND uploader_id = $2";
    bytes(db, sql, vec![workspace.into(), uploader.into()]).await
}

async fn bytes(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<u64, DbErr> {
    let row = db.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let bytes = row.map(|row| row.try_get::<i64>("", "bytes")).transpose()?;
    Ok(bytes.unwrap_or_default().unsigned_abs())
}
