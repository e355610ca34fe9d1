//! The directory: members whose role is listed in it.

use chrono::{DateTime, Utc};
use kernel::ids::{UserId, WorkspaceId};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::statement;

/// Where somebody is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct DeveloperPlace {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The name of their role.
    pub role: String,
    /// What people call it.
    pub role_title: String,
    /// Whether the role is one that another of the directory promises, and leads no further.
    pub verified: bool,
}

/// Somebody who is listed.
#[derive(Clone, Debug)]
pub(crate) struct ListedRow {
    pub user_id: UserId,
    /// In the order in which they became members.
    pub places: Vec<DeveloperPlace>,
}

#[derive(FromQueryResult)]
struct Raw {
    user_id: UserId,
    places: serde_json::Value,
}

/// Which of those who are listed are wanted.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    /// In these workspaces; anywhere if none are given.
    pub workspaces: Option<&'a [WorkspaceId]>,
    /// Among these people; all if none are given.
    pub people: Option<&'a [UserId]>,
    /// Verified somewhere, or nowhere.
    pub verified: Option<bool>,
    /// Beyond this one.
    pub after: Option<UserId>,
    pub limit: u64,
}

const VERIFIED: &str = "(r.promotes_to IS NULL AND EXISTS (SELECT FROM workspace.roles f \
    WHERE f.promotes_to = r.id AND f.workspace_id = r.workspace_id AND f.directory = r.directory))";

/// Who is listed, by id.
pub(crate) async fn list(
    db: &impl ConnectionTrait,
    wanted: &Wanted<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<ListedRow>, DbErr> {
    let limit = wanted.limit;
    let sql = format!(
        "SELECT m.user_id, jsonb_agg(jsonb_build_object('workspace_id', m.workspace_id, 'role', r.name, \
            'role_title', r.title, 'verified', {VERIFIED}) ORDER BY m.joined_at, m.workspace_id) AS places \
        FROM workspace.members m \
        JOIN workspace.workspaces w ON w.id = m.workspace_id AND w.deleted_at IS NULL \
        JOIN workspace.roles r ON r.id = m.role_id AND r.directory = 'developers' \
        WHERE m.status = 'active' AND (m.expires_at IS NULL OR m.expires_at > $1) \
            AND ($2::text IS NULL OR m.workspace_id = ANY (string_to_array($2, ',')::uuid[])) \
            AND ($3::text IS NULL OR m.user_id = ANY (string_to_array($3, ',')::uuid[])) \
            AND ($4::uuid IS NULL OR m.user_id > $4) \
        GROUP BY m.user_id HAVING $5::boolean IS NULL OR bool_or({VERIFIED}) = $5 \
        ORDER BY m.user_id LIMIT {limit}"
    );
    let values: [Value; 5] = [
        now.into(),
        wanted.workspaces.map(listed).into(),
        wanted.people.map(listed).into(),
        wanted.after.into(),
        wanted.verified.into(),
    ];
    let rows = Raw::find_by_statement(statement(sql, values)).all(db).await?;
    let read = |raw: Raw| {
        let places = serde_json::from_value(raw.places).map_err(|error| DbErr::Json(error.to_string()))?;
        Ok(ListedRow { user_id: raw.user_id, places })
    };
    rows.into_iter().map(read).collect()
}

/// One parameter whatever the number of ids, so that the statement is prepared once.
fn listed<T: ToString>(ids: &[T]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
