//! Members: found, listed, added, changed, removed.

use chrono::{DateTime, Utc};
use kernel::{
    guard::{Identified, InWorkspace, Permit},
    ids::{RoleId, UserId, WorkspaceId},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, ModelTrait, QuerySelect, TryInsertResult,
    Value,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::{Locked, count_capped, statement};
use crate::{
    actions::{AskWhoMay, SimulateRole},
    dto::{MemberFilter, MemberStatus},
    entity::member,
};

/// A membership as it is shown.
#[derive(Clone, Debug, FromQueryResult)]
pub struct MemberRow {
    pub workspace_id: WorkspaceId,
    pub user_id: UserId,
    pub role_id: RoleId,
    /// The role's name.
    pub role: String,
    pub status: MemberStatus,
    pub hour_rate: Option<i64>,
    /// The workspace's.
    pub currency: String,
    /// Whether they own the workspace.
    pub is_owner: bool,
    pub expires_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub joined_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl MemberRow {
    /// Whether the workspace may know what they are called. Who was asked, and has not answered, told it nothing.
    pub(crate) fn is_known(&self) -> bool {
        self.status != MemberStatus::Invited
    }
}

const COLUMNS: &str = "SELECT m.workspace_id, m.user_id, m.role_id, r.name AS role, m.status, m.hour_rate, w.currency, \
    w.owner_id = m.user_id AS is_owner, m.expires_at, m.version, m.joined_at, m.updated_at";

/// $1 is the workspace.
const ROWS: &str = "FROM workspace.members m JOIN workspace.roles r ON r.id = m.role_id \
    JOIN workspace.workspaces w ON w.id = m.workspace_id WHERE m.workspace_id = $1 AND w.deleted_at IS NULL";

/// $2 is the instant: those whose membership gives its role then.
const HOLDING: &str = "AND m.status = 'active' AND (m.expires_at IS NULL OR m.expires_at > $2)";

/// $2 and $3 are the filter.
const FILTER: &str = "AND ($2::text IS NULL OR r.name = $2) AND ($3::text IS NULL OR m.status = $3)";

/// Who may list members.
pub(crate) trait ListsMembers: Identified<Target = InWorkspace> {}

/// The membership of `user`, whatever its status.
pub(crate) async fn find(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Option<MemberRow>, DbErr> {
    let sql = format!("{COLUMNS} {ROWS} AND m.user_id = $2");
    MemberRow::find_by_statement(statement(sql, [workspace.into(), user.into()])).one(db).await
}

/// A page of members, the longest-standing first.
pub(crate) async fn list<A: ListsMembers>(
    permit: &Permit<A>,
    filter: &MemberFilter,
    after: Option<(DateTime<Utc>, UserId)>,
    limit: u64,
) -> Result<Vec<MemberRow>, DbErr> {
    let sql = format!(
        "{COLUMNS} {ROWS} {FILTER} AND ($4::timestamptz IS NULL OR (m.joined_at, m.user_id) > ($4, $5)) \
         ORDER BY m.joined_at, m.user_id LIMIT {limit}"
    );
    let (joined_at, user) = after.unzip();
    let values = filter_values(permit, filter).into_iter().chain([joined_at.into(), user.into()]);
    MemberRow::find_by_statement(statement(sql, values)).all(&permit.db()).await
}

/// How many members the filter leaves.
pub(crate) async fn count<A: ListsMembers>(permit: &Permit<A>, filter: &MemberFilter) -> Result<u64, DbErr> {
    count_capped(&permit.db(), &format!("{ROWS} {FILTER}"), filter_values(permit, filter)).await
}

fn filter_values<A: ListsMembers>(permit: &Permit<A>, filter: &MemberFilter) -> [Value; 3] {
    let status = filter.status.map(MemberStatus::as_str);
    [permit.workspace().into(), filter.role.clone().into(), status.into()]
}

/// The membership of `user`, to change it.
pub(crate) async fn get(
    locked: &Locked<'_, impl ConnectionTrait>,
    user: UserId,
) -> Result<Option<member::Model>, DbErr> {
    member::Entity::find_by_id((locked.id(), user)).lock_exclusive().one(locked.tx).await
}

/// Stores a membership unless they have one; answers whether it did.
pub(crate) async fn insert(locked: &Locked<'_, impl ConnectionTrait>, row: member::Model) -> Result<bool, DbErr> {
    insert_into(locked.tx, member::Model { workspace_id: locked.id(), ..row }).await
}

/// The same for a workspace that this transaction made.
pub(crate) async fn insert_into(tx: &impl ConnectionTrait, row: member::Model) -> Result<bool, DbErr> {
    let insert = member::Entity::insert(row.into_active_model()).on_conflict(OnConflict::new().do_nothing().to_owned());
    match insert.try_insert().exec_without_returning(tx).await? {
        TryInsertResult::Inserted(rows) => Ok(rows > 0),
        TryInsertResult::Conflicted | TryInsertResult::Empty => Ok(false),
    }
}

/// Stores what `change` sets, as the next version of `row`.
pub(crate) async fn update(
    locked: &Locked<'_, impl ConnectionTrait>,
    row: &member::Model,
    mut change: member::ActiveModel,
    now: DateTime<Utc>,
) -> Result<member::Model, DbErr> {
    change.workspace_id = Unchanged(locked.id());
    change.user_id = Unchanged(row.user_id);
    change.version = Set(row.version + 1);
    change.updated_at = Set(now);
    change.update(locked.tx).await
}

/// Ends a membership.
pub(crate) async fn delete(locked: &Locked<'_, impl ConnectionTrait>, row: member::Model) -> Result<(), DbErr> {
    row.delete(locked.tx).await?;
    Ok(())
}

/// Ends a membership that waits for an answer, if there is one; answers whether there was.
pub(crate) async fn delete_unanswered(locked: &Locked<'_, impl ConnectionTrait>, user: UserId) -> Result<bool, DbErr> {
    let sql = "DELETE FROM workspace.members WHERE workspace_id = $1 AND user_id = $2 AND status = 'invited'";
    let gone = locked.tx.execute_raw(statement(sql, [locked.id().into(), user.into()])).await?;
    Ok(gone.rows_affected() > 0)
}

/// Which members are asked for: those with one of the roles or of the people `with`, but none of those `without`.
#[derive(Debug)]
pub(crate) struct Among<'a> {
    pub roles: &'a [RoleId],
    pub with: &'a [UserId],
    pub without: &'a [UserId],
}

/// A page of active members, the longest-standing first.
pub(crate) async fn list_among(
    permit: &Permit<AskWhoMay>,
    among: &Among<'_>,
    after: Option<(DateTime<Utc>, UserId)>,
    limit: u64,
) -> Result<Vec<MemberRow>, DbErr> {
    let sql = format!(
        "{COLUMNS} {ROWS} {HOLDING} AND (m.role_id = ANY($3) OR m.user_id = ANY($4)) AND m.user_id <> ALL($5) \
         AND ($6::timestamptz IS NULL OR (m.joined_at, m.user_id) > ($6, $7)) \
         ORDER BY m.joined_at, m.user_id LIMIT {limit}"
    );
    let (joined_at, user) = after.unzip();
    let values = [
        permit.workspace().into(),
        permit.now().into(),
        uuids(among.roles.iter().map(|role| role.0)),
        uuids(among.with.iter().map(|user| user.0)),
        uuids(among.without.iter().map(|user| user.0)),
        joined_at.into(),
        user.into(),
    ];
    MemberRow::find_by_statement(statement(sql, values)).all(&permit.db()).await
}

/// The roles of those of `users` who are active members.
pub(crate) async fn roles_of(permit: &Permit<AskWhoMay>, users: &[UserId]) -> Result<Vec<(UserId, RoleId)>, DbErr> {
    let sql = format!("{COLUMNS} {ROWS} {HOLDING} AND m.user_id = ANY($3)");
    let values = [permit.workspace().into(), permit.now().into(), uuids(users.iter().map(|user| user.0))];
    let rows = MemberRow::find_by_statement(statement(sql, values)).all(&permit.db()).await?;
    Ok(rows.into_iter().map(|row| (row.user_id, row.role_id)).collect())
}

/// The active members with this role, the longest-standing first.
pub(crate) async fn holders(permit: &Permit<SimulateRole>, role: RoleId) -> Result<Vec<UserId>, DbErr> {
    let sql = format!("SELECT m.user_id {ROWS} {HOLDING} AND m.role_id = $3 ORDER BY m.joined_at, m.user_id");
    let values = [permit.workspace().into(), permit.now().into(), role.into()];
    let rows = permit.db().query_all_raw(statement(sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "user_id")).collect()
}

/// How many members a workspace has, whatever their status.
pub(crate) async fn count_all(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<u64, DbErr> {
    count_capped(db, "FROM workspace.members WHERE workspace_id = $1", [workspace.into()]).await
}

/// How many members a workspace has, those left out who were asked and have not answered.
pub(crate) async fn count_seated(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<i64, DbErr> {
    let sql = "SELECT count(*) AS n FROM workspace.members WHERE workspace_id = $1 AND status <> 'invited'";
    let row = db.query_one_raw(statement(sql, [workspace.into()])).await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}

fn uuids(ids: impl Iterator<Item = Uuid>) -> Value {
    ids.collect::<Vec<_>>().into()
}

/// How many hold the role, whatever their status.
pub(crate) async fn count_holders(locked: &Locked<'_, impl ConnectionTrait>, role: RoleId) -> Result<u64, DbErr> {
    let from = "FROM workspace.members WHERE workspace_id = $1 AND role_id = $2";
    count_capped(locked.tx, from, [locked.id().into(), role.into()]).await
}

/// Gives everybody who holds `from` the role `to`; answers who they are.
pub(crate) async fn reassign(
    locked: &Locked<'_, impl ConnectionTrait>,
    from: RoleId,
    to: RoleId,
    now: DateTime<Utc>,
) -> Result<Vec<UserId>, DbErr> {
    let sql = "UPDATE workspace.members SET role_id = $3, version = version + 1, updated_at = $4 \
        WHERE workspace_id = $1 AND role_id = $2 RETURNING user_id";
    let values = [locked.id().into(), from.into(), to.into(), now.into()];
    let rows = locked.tx.query_all_raw(statement(sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "user_id")).collect()
}

/// Whether a member has an hour rate, or is to have one.
pub(crate) async fn any_hour_rate(locked: &Locked<'_, impl ConnectionTrait>) -> Result<bool, DbErr> {
    let from = "FROM (SELECT workspace_id, hour_rate FROM workspace.members UNION ALL \
        SELECT workspace_id, hour_rate FROM workspace.invitations WHERE status = 'open') AS rates \
        WHERE workspace_id = $1 AND hour_rate IS NOT NULL";
    Ok(count_capped(locked.tx, from, [locked.id().into()]).await? > 0)
}
