//! Invitations: found, listed, made, settled.

use chrono::{DateTime, Utc};
use kernel::{
    failure::unique_violation,
    guard::Permit,
    ids::{RoleId, UserId, WorkspaceId},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, QuerySelect, Value,
};
use uuid::Uuid;

use super::{Locked, count_capped, statement};
use crate::{
    actions::ListInvitations,
    dto::{InvitationFilter, InvitationId, InvitationStatus},
    entity::invitation,
    error::WorkspaceError,
};

/// An invitation as it is shown to those who may invite.
#[derive(Clone, Debug, FromQueryResult)]
pub struct InvitationRow {
    pub id: InvitationId,
    pub workspace_id: WorkspaceId,
    pub email: Option<String>,
    pub user_id: Option<UserId>,
    /// The role's name, while there is the role.
    pub role: Option<String>,
    pub role_id: RoleId,
    pub hour_rate: Option<i64>,
    pub status: InvitationStatus,
    pub invited_by: UserId,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub sent_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "SELECT i.id, i.workspace_id, i.email, i.user_id, r.name AS role, i.role_id, i.hour_rate, \
    i.status, i.invited_by, i.version, i.created_at, i.sent_at, i.expires_at, i.settled_at";

const ROWS: &str = "FROM workspace.invitations i \
    JOIN workspace.workspaces w ON w.id = i.workspace_id AND w.deleted_at IS NULL \
    LEFT JOIN workspace.roles r ON r.id = i.role_id";

/// $1 is the workspace, $2 the status, $3 when.
const FILTER: &str = "WHERE i.workspace_id = $1 AND ($2::text IS NULL OR $2 = \
    CASE WHEN i.status = 'open' AND i.expires_at <= $3 THEN 'expired' ELSE i.status END)";

/// The invitation of this id.
pub(crate) async fn find(db: &impl ConnectionTrait, id: InvitationId) -> Result<Option<InvitationRow>, DbErr> {
    let sql = format!("{COLUMNS} {ROWS} WHERE i.id = $1");
    InvitationRow::find_by_statement(statement(sql, [id.into()])).one(db).await
}

/// A page of a workspace's invitations, the newest first.
pub(crate) async fn list(
    permit: &Permit<ListInvitations>,
    filter: &InvitationFilter,
    after: Option<(DateTime<Utc>, InvitationId)>,
    limit: u64,
) -> Result<Vec<InvitationRow>, DbErr> {
    let sql = format!(
        "{COLUMNS} {ROWS} {FILTER} AND ($4::timestamptz IS NULL OR (i.created_at, i.id) < ($4, $5)) \
         ORDER BY i.created_at DESC, i.id DESC LIMIT {limit}"
    );
    let (created_at, id) = after.unzip();
    let values = filter_values(permit, filter).into_iter().chain([created_at.into(), id.into()]);
    InvitationRow::find_by_statement(statement(sql, values)).all(&permit.db()).await
}

/// How many invitations the filter leaves.
pub(crate) async fn count(permit: &Permit<ListInvitations>, filter: &InvitationFilter) -> Result<u64, DbErr> {
    count_capped(&permit.db(), &format!("{ROWS} {FILTER}"), filter_values(permit, filter)).await
}

fn filter_values(permit: &Permit<ListInvitations>, filter: &InvitationFilter) -> [Value; 3] {
    let status = filter.status.map(InvitationStatus::as_str);
    [permit.workspace().into(), status.into(), permit.now().into()]
}

/// An open invitation as it is shown to who is invited, and what its letter says.
#[derive(Clone, Debug, FromQueryResult)]
pub struct WaitingRow {
    pub id: InvitationId,
    pub workspace_id: WorkspaceId,
    /// The workspace's name.
    pub workspace: String,
    pub role_title: String,
    pub invited_by: UserId,
    pub email: Option<String>,
    pub email_key: Option<String>,
    pub user_id: Option<UserId>,
    pub status: InvitationStatus,
    pub token_id: Uuid,
    pub expires_at: DateTime<Utc>,
}

const WAITING: &str = "SELECT i.id, i.workspace_id, w.name AS workspace, r.title AS role_title, i.invited_by, \
    i.email, i.email_key, i.user_id, i.status, i.token_id, i.expires_at \
    FROM workspace.invitations i \
    JOIN workspace.workspaces w ON w.id = i.workspace_id AND w.deleted_at IS NULL \
    JOIN workspace.roles r ON r.workspace_id = i.workspace_id AND r.id = i.role_id";

/// The invitation to which a token belongs, whatever its status.
pub(crate) async fn by_token(db: &impl ConnectionTrait, token: Uuid) -> Result<Option<WaitingRow>, DbErr> {
    let sql = format!("{WAITING} WHERE i.token_id = $1");
    WaitingRow::find_by_statement(statement(sql, [token.into()])).one(db).await
}

/// How an invitation with this token ended, also where its workspace or role is gone.
pub(crate) async fn status_by_token(db: &impl ConnectionTrait, token: Uuid) -> Result<Option<InvitationStatus>, DbErr> {
    let sql = "SELECT status FROM workspace.invitations WHERE token_id = $1";
    let row = db.query_one_raw(statement(sql, [token.into()])).await?;
    row.map(|row| row.try_get("", "status")).transpose()
}

/// The open invitation of this id.
pub(crate) async fn waiting(
    db: &impl ConnectionTrait,
    id: InvitationId,
    now: DateTime<Utc>,
) -> Result<Option<WaitingRow>, DbErr> {
    let sql = format!("{WAITING} WHERE i.id = $1 AND i.status = 'open' AND i.expires_at > $2");
    WaitingRow::find_by_statement(statement(sql, [id.into(), now.into()])).one(db).await
}

/// A page of the open invitations of an account, and of an address if one is given, the oldest first.
pub(crate) async fn waiting_for(
    db: &impl ConnectionTrait,
    user: UserId,
    email_key: Option<&str>,
    after: Option<InvitationId>,
    limit: u64,
    now: DateTime<Utc>,
) -> Result<Vec<WaitingRow>, DbErr> {
    let sql = format!(
        "{WAITING} WHERE i.status = 'open' AND i.expires_at > $1 AND (i.user_id = $2 OR i.email_key = $3) \
         AND ($4::uuid IS NULL OR i.id > $4) ORDER BY i.id LIMIT {limit}"
    );
    let values = [now.into(), user.into(), email_key.into(), after.into()];
    WaitingRow::find_by_statement(statement(sql, values)).all(db).await
}

/// Whom an invitation is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Invitee {
    /// An address, as it was written; whether it has an account is not asked.
    Address(String),
    /// An account.
    Account(UserId),
}

impl Invitee {
    /// The address by which invitations are compared.
    pub(crate) fn key(&self) -> Option<String> {
        match self {
            Self::Address(email) => Some(email.to_lowercase()),
            Self::Account(_) => None,
        }
    }

    fn user(&self) -> Option<UserId> {
        match self {
            Self::Address(_) => None,
            Self::Account(user) => Some(*user),
        }
    }

    /// Whom a stored invitation is for.
    pub(crate) fn of(row: &invitation::Model) -> Option<Self> {
        row.user_id.map(Self::Account).or_else(|| row.email.clone().map(Self::Address))
    }
}

/// The invitation, to settle it.
pub(crate) async fn get(
    locked: &Locked<'_, impl ConnectionTrait>,
    id: InvitationId,
) -> Result<Option<invitation::Model>, DbErr> {
    let row = invitation::Entity::find_by_id(id).lock_exclusive().one(locked.tx).await?;
    Ok(row.filter(|row| row.workspace_id == locked.id()))
}

/// Stores a new invitation. One to the same that was not answered in time makes room.
pub(crate) async fn insert(
    locked: &Locked<'_, impl ConnectionTrait>,
    row: &invitation::Model,
) -> Result<(), WorkspaceError> {
    let sql = "UPDATE workspace.invitations SET status = 'expired', settled_at = expires_at, version = version + 1 \
        WHERE workspace_id = $1 AND status = 'open' AND expires_at <= $2 AND (email_key = $3 OR user_id = $4)";
    let values = [locked.id().into(), row.created_at.into(), row.email_key.clone().into(), row.user_id.into()];
    locked.tx.execute_raw(statement(sql, values)).await?;
    let insert = invitation::Entity::insert(row.clone().into_active_model());
    insert.exec_without_returning(locked.tx).await.map_err(|error| match unique_violation(&error) {
        Some("invitations_open_email" | "invitations_open_user") => WorkspaceError::AlreadyInvited,
        _ => error.into(),
    })?;
    Ok(())
}

/// Stores what `change` sets, as the next version of `row`.
pub(crate) async fn update(
    locked: &Locked<'_, impl ConnectionTrait>,
    row: &invitation::Model,
    mut change: invitation::ActiveModel,
) -> Result<invitation::Model, DbErr> {
    change.id = Unchanged(row.id);
    change.version = Set(row.version + 1);
    change.update(locked.tx).await
}

/// Letters that went out, whatever became of them.
#[derive(Clone, Copy, Debug, Default, FromQueryResult)]
pub(crate) struct Letters {
    /// Of this workspace to the invitee.
    pub(crate) here: i64,
    /// Of all workspaces to the invitee.
    pub(crate) to_them: i64,
    /// Of all workspaces to anybody, for the inviter.
    pub(crate) by_inviter: i64,
}

/// Lets those who write for one inviter, and to one address, in one at a time: they count what the others did.
pub(crate) async fn queue(
    locked: &Locked<'_, impl ConnectionTrait>,
    inviter: UserId,
    invitee: &Invitee,
) -> Result<(), DbErr> {
    let to = invitee.key().unwrap_or_else(|| invitee.user().map(|user| user.to_string()).unwrap_or_default());
    let sql = "SELECT pg_advisory_xact_lock(hashtextextended('letters by ' || $1, 0)), \
        pg_advisory_xact_lock(hashtextextended('letters to ' || $2, 0))";
    locked.tx.query_one_raw(statement(sql, [inviter.to_string().into(), to.into()])).await?;
    Ok(())
}

/// How many went out since `since`.
pub(crate) async fn sends_since(
    locked: &Locked<'_, impl ConnectionTrait>,
    inviter: UserId,
    invitee: &Invitee,
    since: DateTime<Utc>,
) -> Result<Letters, DbErr> {
    let sql = "SELECT coalesce(sum(sends) FILTER (WHERE workspace_id = $1), 0)::bigint AS here, \
        coalesce(sum(sends), 0)::bigint AS to_them, \
        (SELECT coalesce(sum(sends), 0) FROM workspace.invitations WHERE invited_by = $5 AND sends_since > $2)::bigint \
            AS by_inviter \
        FROM workspace.invitations WHERE sends_since > $2 AND (email_key = $3 OR user_id = $4)";
    let values = [locked.id().into(), since.into(), invitee.key().into(), invitee.user().into(), inviter.into()];
    Ok(Letters::find_by_statement(statement(sql, values)).one(locked.tx).await?.unwrap_or_default())
}

/// How many invitations of the workspace wait.
pub(crate) async fn count_open(locked: &Locked<'_, impl ConnectionTrait>, now: DateTime<Utc>) -> Result<u64, DbErr> {
    let from = "FROM workspace.invitations WHERE workspace_id = $1 AND status = 'open' AND expires_at > $2";
    count_capped(locked.tx, from, [locked.id().into(), now.into()]).await
}

/// Which open invitations are taken back together.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Revoked {
    /// All of the workspace.
    All,
    /// Those that bring a role.
    OfRole(RoleId),
    /// Those for an account.
    ForAccount(UserId),
}

/// Takes open invitations back, and with them the memberships that were to begin by them; answers which.
pub(crate) async fn revoke(
    locked: &Locked<'_, impl ConnectionTrait>,
    which: Revoked,
    now: DateTime<Utc>,
) -> Result<Vec<InvitationId>, DbErr> {
    let (role, user): (Option<RoleId>, Option<UserId>) = match which {
        Revoked::All => (None, None),
        Revoked::OfRole(role) => (Some(role), None),
        Revoked::ForAccount(user) => (None, Some(user)),
    };
    let sql = "DELETE FROM workspace.members WHERE workspace_id = $1 AND status = 'invited' \
        AND ($2::uuid IS NULL OR role_id = $2) AND ($3::uuid IS NULL OR user_id = $3)";
    locked.tx.execute_raw(statement(sql, [locked.id().into(), role.into(), user.into()])).await?;
    let sql = "UPDATE workspace.invitations SET status = 'revoked', settled_at = $4, version = version + 1 \
        WHERE workspace_id = $1 AND status = 'open' \
        AND ($2::uuid IS NULL OR role_id = $2) AND ($3::uuid IS NULL OR user_id = $3) RETURNING id";
    let values = [locked.id().into(), role.into(), user.into(), now.into()];
    let rows = locked.tx.query_all_raw(statement(sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// Takes back what waits for an account, without the membership, which begins in another way.
pub(crate) async fn revoke_keeping(
    locked: &Locked<'_, impl ConnectionTrait>,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = "UPDATE workspace.invitations SET status = 'revoked', settled_at = $3, version = version + 1 \
        WHERE workspace_id = $1 AND user_id = $2 AND status = 'open'";
    locked.tx.execute_raw(statement(sql, [locked.id().into(), user.into(), now.into()])).await?;
    Ok(())
}
