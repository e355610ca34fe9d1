//! Queries for how a workspace's gallery is run.

use chrono::{DateTime, Utc};
use kernel::ids::WorkspaceId;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};

use crate::dto::Approval;

/// The settings of a workspace's gallery, as they are kept.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(crate) struct Kept {
    pub(crate) approval: Approval,
    pub(crate) version: i32,
}

impl Kept {
    /// Those of a workspace that never changed them.
    const FIRST: Self = Self { approval: Approval::Required, version: 0 };
}

/// How the gallery is run.
pub(crate) async fn read(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Kept, DbErr> {
    let sql = "SELECT approval, version FROM gallery.settings WHERE workspace_id = $1";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [workspace.into()]);
    Ok(Kept::find_by_statement(statement).one(db).await?.unwrap_or(Kept::FIRST))
}

/// Whether images need an approval.
pub(crate) async fn approval(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Approval, DbErr> {
    Ok(read(db, workspace).await?.approval)
}

/// The settings as they are now; nobody else changes them until the transaction ends.
pub(crate) async fn lock(tx: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Kept, DbErr> {
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
    let name = format!("gallery settings {workspace}");
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, lock, [name.into()])).await?;
    read(tx, workspace).await
}

/// Writes locked settings; answers their version.
pub(crate) async fn write(
    tx: &impl ConnectionTrait,
    workspace: WorkspaceId,
    approval: Approval,
    now: DateTime<Utc>,
) -> Result<Kept, DbErr> {
    let sql = "INSERT INTO gallery.settings (workspace_id, approval, updated_at) VALUES ($1, $2, $3) \
        ON CONFLICT (workspace_id) DO UPDATE \
        SET approval = excluded.approval, version = settings.version + 1, updated_at = excluded.updated_at \
        RETURNING approval, version";
    let values = [workspace.into(), approval.as_str().into(), now.into()];
    let written = Kept::find_by_statement(Statement::from_sql_and_values(DbBackend::Postgres, sql, values));
    written.one(tx).await?.ok_or_else(|| DbErr::RecordNotInserted)
}
