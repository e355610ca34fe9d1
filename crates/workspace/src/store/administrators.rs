//! Who administers a workspace, after a change and before it is committed.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde_json::Value;

use super::{Locked, statement};

/// A role that may be an administrator's: it has the wildcard, without which none is.
#[derive(Debug, FromQueryResult)]
pub(crate) struct WildcardRole {
    /// Its document.
    pub permissions: Value,
    /// Whether the workspace keeps it for its owner.
    pub is_owner_role: bool,
    /// Whether somebody holds it for good: who goes by themselves some day is not who a workspace can rely on.
    pub is_held: bool,
    /// Whether the owner does.
    pub is_held_by_owner: bool,
}

/// The workspace's roles that may be an administrator's.
pub(crate) async fn wildcard_roles(locked: &Locked<'_, impl ConnectionTrait>) -> Result<Vec<WildcardRole>, DbErr> {
    let sql = "WITH holding AS (SELECT role_id, user_id FROM workspace.members WHERE workspace_id = $1 \
            AND status = 'active' AND expires_at IS NULL) \
        SELECT r.permissions, r.id = w.owner_role_id AS is_owner_role, \
            EXISTS (SELECT FROM holding h WHERE h.role_id = r.id) AS is_held, \
            EXISTS (SELECT FROM holding h WHERE h.role_id = r.id AND h.user_id = w.owner_id) AS is_held_by_owner \
        FROM workspace.workspaces w JOIN workspace.roles r ON r.workspace_id = w.id \
        WHERE w.id = $1 AND r.permissions @> '{\"*\": true}'";
    WildcardRole::find_by_statement(statement(sql, [locked.id().into()])).all(locked.tx).await
}
