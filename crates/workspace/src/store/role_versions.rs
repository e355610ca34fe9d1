//! The versions of a role: the former ones, and the one that it has.

use chrono::{DateTime, Utc};
use kernel::{
    guard::Permit,
    ids::{RoleId, UserId},
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde_json::Value;

use super::{Locked, statement};
use crate::actions::ViewRoleHistory;

/// A version of a role.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct VersionRow {
    pub version: i32,
    pub name: String,
    pub title: String,
    pub description: String,
    pub permissions: Value,
    pub self_assignable: bool,
    pub promotes_to: Option<RoleId>,
    /// That role's name now; none if it is gone.
    pub promotes_to_name: Option<String>,
    pub directory: Option<String>,
    pub granted_by_plan: bool,
    /// When and by whom this version was made.
    pub updated_at: DateTime<Utc>,
    pub updated_by: Option<UserId>,
}

const COLUMNS: &str = "version, name, title, description, permissions, self_assignable, promotes_to, directory, \
    granted_by_plan, updated_at, updated_by";

/// $1 is the role, $2 its workspace.
fn versions() -> String {
    format!(
        "SELECT v.*, p.name AS promotes_to_name FROM ( \
            SELECT {COLUMNS} FROM workspace.role_versions WHERE workspace_id = $2 AND role_id = $1 \
            UNION ALL SELECT {COLUMNS} FROM workspace.roles WHERE workspace_id = $2 AND id = $1 \
        ) AS v LEFT JOIN workspace.roles p ON p.workspace_id = $2 AND p.id = v.promotes_to"
    )
}

/// A page of the permit's role's versions, the latest first.
pub(crate) async fn list(
    permit: &Permit<ViewRoleHistory>,
    after: Option<i32>,
    limit: u64,
) -> Result<Vec<VersionRow>, DbErr> {
    let sql =
        format!("{} WHERE $3::integer IS NULL OR v.version < $3 ORDER BY v.version DESC LIMIT {limit}", versions());
    let values = [permit.target().id.into(), permit.workspace().into(), after.into()];
    VersionRow::find_by_statement(statement(sql, values)).all(&permit.db()).await
}

/// One version of a role of a locked workspace.
pub(crate) async fn get(
    locked: &Locked<'_, impl ConnectionTrait>,
    role: RoleId,
    version: i32,
) -> Result<Option<VersionRow>, DbErr> {
    let sql = format!("{} WHERE v.version = $3", versions());
    let values = [role.into(), locked.id().into(), version.into()];
    VersionRow::find_by_statement(statement(sql, values)).one(locked.tx).await
}
