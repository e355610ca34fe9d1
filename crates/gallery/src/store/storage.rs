//! Queries about the bytes that a workspace's uploads have.

use kernel::ids::WorkspaceId;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

/// How many they are.
pub(crate) async fn used(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<u64, DbErr> {
    let sql = "SELECT bytes FROM gallery.storage WHERE workspace_id = $1";
    let row = db.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [workspace.0.into()])).await?;
    let bytes = row.map(|row| row.try_get::<i64>("", "bytes")).transpose()?;
    Ok(bytes.unwrap_or_default().unsigned_abs())
}
