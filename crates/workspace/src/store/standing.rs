//! Who holds what: the one statement that fills a standing, and the one that confirms a claim.

use chrono::{DateTime, Utc};
use kernel::{
    authority::{Claim, WorkspaceRef},
    ids::{RoleId, UserId, WorkspaceId},
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde_json::Value;

use super::statement;

/// One thing that someone holds: a seat in a workspace, or without one the platform role.
#[derive(Debug, FromQueryResult)]
pub(crate) struct HeldRow {
    pub workspace_id: Option<WorkspaceId>,
    pub slug: Option<String>,
    pub is_owner: bool,
    pub expires_at: Option<DateTime<Utc>>,
    pub role_id: RoleId,
    pub role_version: i32,
    pub role_name: String,
    pub permissions: Value,
}

/// Everything that `user` holds.
pub(crate) async fn held_by(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<HeldRow>, DbErr> {
    let sql = "SELECT m.workspace_id, w.slug, w.owner_id = m.user_id AS is_owner, m.expires_at, \
            r.id AS role_id, r.version AS role_version, r.name AS role_name, r.permissions \
        FROM workspace.members m \
        JOIN workspace.workspaces w ON w.id = m.workspace_id AND w.deleted_at IS NULL \
        JOIN workspace.roles r ON r.id = m.role_id \
        WHERE m.user_id = $1 AND m.status = 'active' \
        UNION ALL \
        SELECT NULL, NULL, false, NULL, r.id, r.version, r.name, r.permissions \
        FROM workspace.platform_members p JOIN workspace.roles r ON r.id = p.role_id WHERE p.user_id = $1";
    HeldRow::find_by_statement(statement(sql, [user.into()])).all(db).await
}

/// Whether a claim is true now, and whether its rows are to stay as they are until the transaction ends.
pub(crate) async fn confirm(
    db: &impl ConnectionTrait,
    claim: &Claim,
    (role, version): (RoleId, i32),
    now: DateTime<Utc>,
    keep: bool,
) -> Result<bool, DbErr> {
    let statement = match (claim.platform, claim.workspace) {
        (true, _) => {
            let sql = "SELECT 1 AS holds FROM workspace.platform_members p JOIN workspace.roles r ON r.id = p.role_id \
                WHERE p.user_id = $1 AND r.id = $2 AND r.version = $3 AND r.workspace_id IS NULL";
            let sql = if keep { format!("{sql} FOR SHARE OF p, r") } else { sql.to_owned() };
            statement(sql, [claim.user.into(), role.into(), version.into()])
        }
        (false, Some(workspace)) => {
            let sql = "SELECT 1 AS holds FROM workspace.members m \
                JOIN workspace.workspaces w ON w.id = m.workspace_id AND w.deleted_at IS NULL \
                JOIN workspace.roles r ON r.id = m.role_id \
                WHERE m.user_id = $1 AND r.id = $2 AND r.version = $3 AND m.workspace_id = $4 \
                AND m.status = 'active' AND (m.expires_at IS NULL OR m.expires_at > $5)";
            let sql = if keep { format!("{sql} FOR SHARE OF m, r") } else { sql.to_owned() };
            statement(sql, [claim.user.into(), role.into(), version.into(), workspace.into(), now.into()])
        }
        (false, None) => return Ok(false),
    };
    Ok(db.query_one_raw(statement).await?.is_some())
}

/// Locks a workspace before anything of it, so that two transactions that change it never wait for each other.
pub(crate) async fn lock(tx: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<(), DbErr> {
    let sql = "SELECT 1 AS locked FROM workspace.workspaces WHERE id = $1 FOR UPDATE";
    tx.query_one_raw(statement(sql, [workspace.into()])).await?;
    Ok(())
}

/// The workspace of that name, unless it is deleted.
pub(crate) async fn find_workspace(
    db: &impl ConnectionTrait,
    reference: &WorkspaceRef,
) -> Result<Option<WorkspaceId>, DbErr> {
    let (column, key) = match reference {
        WorkspaceRef::Id(id) => ("id", id.0.into()),
        WorkspaceRef::Slug(slug) => ("slug", slug.clone().into()),
    };
    let sql = format!("SELECT id FROM workspace.workspaces WHERE {column} = $1 AND deleted_at IS NULL");
    db.query_one_raw(statement(sql, [key])).await?.map(|row| row.try_get("", "id")).transpose()
}

/// The currency of a workspace.
pub(crate) async fn currency(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Option<String>, DbErr> {
    let sql = "SELECT currency FROM workspace.workspaces WHERE id = $1";
    db.query_one_raw(statement(sql, [workspace.into()])).await?.map(|row| row.try_get("", "currency")).transpose()
}
