//! Memberships seen from the person: who belongs where.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use kernel::{
    db::SystemTx,
    ids::{RoleId, UserId, WorkspaceId},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, JoinType, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};

use super::{Locked, statement};
use crate::{
    dto::MemberStatus,
    entity::{member, platform_member, workspace},
};

/// Who is an active member of one of `workspaces`, or of any at all, by id: those beyond `after`. Only active ones, as
/// in what the guard goes by: a list must not name someone whose page then is not found.
pub(crate) async fn people(
    db: &impl ConnectionTrait,
    workspaces: Option<&[WorkspaceId]>,
    after: Option<UserId>,
    newest_first: bool,
    limit: u64,
    now: DateTime<Utc>,
) -> Result<Vec<UserId>, DbErr> {
    let mut find = member::Entity::find()
        .select_only()
        .column(member::Column::UserId)
        .distinct()
        .join(JoinType::InnerJoin, member::Relation::Workspace.def())
        .filter(workspace::Column::DeletedAt.is_null())
        .filter(member::Column::Status.eq(MemberStatus::Active))
        .filter(member::Column::ExpiresAt.is_null().or(member::Column::ExpiresAt.gt(now)));
    if let Some(workspaces) = workspaces {
        find = find.filter(member::Column::WorkspaceId.is_in(workspaces.iter().copied()));
    }
    if let Some(after) = after {
        let column = member::Column::UserId;
        find = find.filter(if newest_first { column.lt(after) } else { column.gt(after) });
    }
    let order = if newest_first { Order::Desc } else { Order::Asc };
    find.order_by(member::Column::UserId, order).limit(limit).into_tuple().all(db).await
}

/// Those of `users` who are active members of `workspace` at `now`.
pub(crate) async fn among(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    users: &[UserId],
    now: DateTime<Utc>,
) -> Result<HashSet<UserId>, DbErr> {
    let sql = "SELECT m.user_id FROM workspace.members m \
        JOIN workspace.workspaces w ON w.id = m.workspace_id AND w.deleted_at IS NULL \
        WHERE m.workspace_id = $1 AND m.user_id = ANY ($2) AND m.status = 'active' \
        AND (m.expires_at IS NULL OR m.expires_at > $3)";
    let users: Vec<uuid::Uuid> = users.iter().map(|user| user.0).collect();
    let rows = db.query_all_raw(statement(sql, [workspace.into(), users.into(), now.into()])).await?;
    rows.iter().map(|row| row.try_get("", "user_id")).collect()
}

/// Whether there are any for [`take_ended`]. Looked at often, so outside of any transaction.
pub(crate) async fn has_ended(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let sql = "/* every minute */ SELECT 1 FROM workspace.members \
        WHERE status = 'active' AND expires_at IS DISTINCT FROM expiry_told AND expires_at <= $1 LIMIT 1";
    Ok(db.query_one_raw(statement(sql, [now.into()])).await?.is_some())
}

/// Takes up to `limit` active memberships that ended by `now` and whose end wasn't told; nobody takes the same. One that
/// somebody changes this very moment is left for the next time.
pub(crate) async fn take_ended(
    tx: &SystemTx<'_>,
    now: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<(WorkspaceId, UserId)>, DbErr> {
    let sql = "WITH ended AS ( \
            SELECT workspace_id, user_id FROM workspace.members \
            WHERE status = 'active' AND expires_at IS DISTINCT FROM expiry_told AND expires_at <= $1 \
            ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED \
        ) UPDATE workspace.members m SET expiry_told = m.expires_at FROM ended \
        WHERE m.workspace_id = ended.workspace_id AND m.user_id = ended.user_id RETURNING m.workspace_id, m.user_id";
    let rows = tx.query_all_raw(statement(sql, [now.into(), i64::from(limit).into()])).await?;
    rows.iter().map(|row| Ok((row.try_get("", "workspace_id")?, row.try_get("", "user_id")?))).collect()
}

/// The workspaces that `user` belongs to, whatever the membership's status, deleted ones too.
pub(crate) async fn workspaces_of(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<WorkspaceId>, DbErr> {
    let find = member::Entity::find().select_only().column(member::Column::WorkspaceId);
    find.filter(member::Column::UserId.eq(user)).into_tuple().all(db).await
}

/// Whether `user` belongs anywhere, or to the platform. Who was asked and has not answered belongs nowhere yet.
pub(crate) async fn belongs_anywhere(db: &impl ConnectionTrait, user: UserId) -> Result<bool, DbErr> {
    let belongs = member::Entity::find()
        .filter(member::Column::UserId.eq(user))
        .filter(member::Column::Status.ne(MemberStatus::Invited));
    let member = belongs.count(db).await?;
    let platform = platform_member::Entity::find_by_id(user).one(db).await?;
    Ok(member > 0 || platform.is_some())
}

/// The active memberships of `user`, of all or of one workspace, whose role promises another, with that one.
pub(crate) async fn promotions_of(
    db: &impl ConnectionTrait,
    user: UserId,
    workspace: Option<WorkspaceId>,
) -> Result<Vec<(WorkspaceId, RoleId)>, DbErr> {
    let sql = "SELECT m.workspace_id, r.promotes_to FROM workspace.members m \
        JOIN workspace.roles r ON r.id = m.role_id AND r.promotes_to IS NOT NULL \
        WHERE m.user_id = $1 AND m.status = 'active' AND ($2::uuid IS NULL OR m.workspace_id = $2)";
    let rows = db.query_all_raw(statement(sql, [user.into(), workspace.into()])).await?;
    rows.iter().map(|row| Ok((row.try_get("", "workspace_id")?, row.try_get("", "promotes_to")?))).collect()
}

/// The active members other than the owner, the longest-standing first.
pub(crate) async fn others(
    locked: &Locked<'_, impl ConnectionTrait>,
    now: DateTime<Utc>,
) -> Result<Vec<member::Model>, DbErr> {
    let lasts = Condition::any().add(member::Column::ExpiresAt.is_null()).add(member::Column::ExpiresAt.gt(now));
    let find = member::Entity::find()
        .filter(member::Column::WorkspaceId.eq(locked.id()))
        .filter(member::Column::UserId.ne(locked.workspace.owner_id))
        .filter(member::Column::Status.eq(MemberStatus::Active))
        .filter(lasts);
    find.order_by_asc(member::Column::JoinedAt).order_by_asc(member::Column::UserId).all(locked.tx).await
}
