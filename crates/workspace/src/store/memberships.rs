//! Memberships seen from the person: who belongs where.

use chrono::{DateTime, Utc};
use kernel::ids::{RoleId, UserId, WorkspaceId};
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
