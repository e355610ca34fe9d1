//! Workspaces: found, listed, founded, changed.

use chrono::{DateTime, Utc};
use kernel::{
    authority::WorkspaceRef,
    failure::unique_violation,
    guard::Permit,
    http::etag_of,
    ids::{UserId, WorkspaceId},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, TryInsertResult, sea_query::OnConflict,
};

use super::{Locked, count_capped, statement};
use crate::{
    actions::ListMine,
    dto::{Avatar, Registration},
    entity::workspace,
    error::WorkspaceError,
};

/// A workspace as it is shown, with the names of its roles.
#[derive(Clone, Debug, FromQueryResult)]
pub struct WorkspaceRow {
    pub id: WorkspaceId,
    pub slug: String,
    pub name: String,
    pub description: String,
    pub currency: String,
    pub registration: Registration,
    pub blueprint: String,
    pub owner_id: UserId,
    pub owner_role: String,
    pub default_role: String,
    pub avatar_emoji: Option<String>,
    pub avatar_color: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The name of the caller's role, if their membership gives one now.
    pub my_role: Option<String>,
}

impl WorkspaceRow {
    pub(crate) fn etag(&self) -> String {
        etag_of(self.version)
    }

    pub(crate) fn avatar(&self) -> Option<Avatar> {
        let (emoji, color) = self.avatar_emoji.clone().zip(self.avatar_color.clone())?;
        Some(Avatar { emoji, color })
    }
}

const COLUMNS: &str = "SELECT w.id, w.slug, w.name, w.description, w.currency, w.registration, w.blueprint, \
    w.owner_id, o.name AS owner_role, d.name AS default_role, w.avatar_emoji, w.avatar_color, w.version, \
    w.created_at, w.updated_at, mr.name AS my_role";

/// $1 is who asks, $2 when.
const ROWS: &str = "FROM workspace.workspaces w \
    JOIN workspace.roles o ON o.id = w.owner_role_id \
    JOIN workspace.roles d ON d.id = w.default_role_id \
    LEFT JOIN workspace.members m ON m.workspace_id = w.id AND m.user_id = $1 AND m.status = 'active' \
        AND (m.expires_at IS NULL OR m.expires_at > $2) \
    LEFT JOIN workspace.roles mr ON mr.id = m.role_id \
    WHERE w.deleted_at IS NULL";

/// The workspace that `reference` names, as `caller` sees it.
pub(crate) async fn find(
    db: &impl ConnectionTrait,
    reference: &WorkspaceRef,
    caller: UserId,
    now: DateTime<Utc>,
) -> Result<Option<WorkspaceRow>, DbErr> {
    let (column, key) = match reference {
        WorkspaceRef::Id(id) => ("w.id", id.0.into()),
        WorkspaceRef::Slug(slug) => ("w.slug", slug.clone().into()),
    };
    let sql = format!("{COLUMNS} {ROWS} AND {column} = $3");
    WorkspaceRow::find_by_statement(statement(sql, [caller.into(), now.into(), key])).one(db).await
}

/// The workspace that `reference` names, at this moment.
pub(crate) async fn named(
    db: &impl ConnectionTrait,
    reference: &WorkspaceRef,
) -> Result<Option<workspace::Model>, DbErr> {
    let named = match reference {
        WorkspaceRef::Id(id) => workspace::Column::Id.eq(*id),
        WorkspaceRef::Slug(slug) => workspace::Column::Slug.eq(slug.as_str()),
    };
    workspace::Entity::find().filter(named).filter(workspace::Column::DeletedAt.is_null()).one(db).await
}

/// The caller's workspaces, oldest first.
pub(crate) async fn mine(
    permit: &Permit<ListMine>,
    after: Option<WorkspaceId>,
    limit: u64,
) -> Result<Vec<WorkspaceRow>, DbErr> {
    let sql = format!(
        "{COLUMNS} {ROWS} AND m.user_id IS NOT NULL AND {AMONG} AND ($4::uuid IS NULL OR w.id > $4) ORDER BY w.id LIMIT {limit}"
    );
    let values = [permit.caller().into(), permit.now().into(), among(permit).into(), after.into()];
    WorkspaceRow::find_by_statement(statement(sql, values)).all(&permit.db()).await
}

/// How many workspaces the caller has.
pub(crate) async fn count_mine(permit: &Permit<ListMine>) -> Result<u64, DbErr> {
    let from = format!("{ROWS} AND m.user_id IS NOT NULL AND {AMONG}");
    count_capped(&permit.db(), &from, [permit.caller().into(), permit.now().into(), among(permit).into()]).await
}

/// Whether a workspace is one of those that [`among`] names, if it names any.
const AMONG: &str = "($3::text IS NULL OR w.id = ANY (string_to_array($3, ',')::uuid[]))";

fn among(permit: &Permit<ListMine>) -> Option<String> {
    let only = permit.target().only.as_ref()?;
    Some(only.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
}

/// Stores a new workspace unless its slug is taken; answers whether it did.
pub(crate) async fn insert(tx: &impl ConnectionTrait, row: workspace::Model) -> Result<bool, DbErr> {
    // An insert that met the slug's index without this clause would end the whole transaction.
    let insert =
        workspace::Entity::insert(row.into_active_model()).on_conflict(OnConflict::new().do_nothing().to_owned());
    match insert.try_insert().exec_without_returning(tx).await? {
        TryInsertResult::Inserted(rows) => Ok(rows > 0),
        TryInsertResult::Conflicted | TryInsertResult::Empty => Ok(false),
    }
}

/// The highest number that follows `base` and a hyphen in a slug that is in use.
pub(crate) async fn highest_suffix(tx: &impl ConnectionTrait, base: &str) -> Result<i64, DbErr> {
    let sql = "SELECT max(substr(slug, length($1::text) + 2)::bigint) AS highest FROM workspace.workspaces \
        WHERE deleted_at IS NULL AND slug LIKE $1 || '-%' AND substr(slug, length($1) + 2) ~ '^[1-9][0-9]{0,8}$'";
    let row = tx.query_one_raw(statement(sql, [base.into()])).await?;
    let highest: Option<i64> = row.map_or(Ok(None), |row| row.try_get("", "highest"))?;
    Ok(highest.unwrap_or(1))
}

/// Stores what `change` sets, as the next version.
pub(crate) async fn update(
    locked: &Locked<'_, impl ConnectionTrait>,
    mut change: workspace::ActiveModel,
    now: DateTime<Utc>,
) -> Result<workspace::Model, WorkspaceError> {
    change.id = sea_orm::ActiveValue::Unchanged(locked.id());
    change.version = Set(locked.workspace.version + 1);
    change.updated_at = Set(now);
    change.update(locked.tx).await.map_err(|error| match unique_violation(&error) {
        Some("workspaces_slug") => WorkspaceError::SlugTaken,
        _ => error.into(),
    })
}

/// Who owns a workspace.
pub(crate) async fn owner(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Option<UserId>, DbErr> {
    Ok(workspace::Entity::find_by_id(workspace).one(db).await?.map(|row| row.owner_id))
}
