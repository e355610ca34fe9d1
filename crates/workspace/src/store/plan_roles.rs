//! What members hold by their subscriptions.

use chrono::{DateTime, Utc};
use kernel::ids::{RoleId, UserId};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::{Locked, statement};

/// A role that a subscription gives, or would.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub(crate) struct Granted {
    pub subscription_id: Uuid,
    pub role_id: RoleId,
    pub plan_id: Option<Uuid>,
    /// Whether it isn't given, and that was told.
    pub withheld: bool,
    /// Whether it is known who answers for it.
    pub is_vouched: bool,
    /// Who does; nobody in particular, where the program does.
    pub vouched_by: Option<UserId>,
}

/// What subscriptions did to a membership.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(crate) struct Effect {
    pub joined_at: DateTime<Utc>,
    pub given_role: Option<RoleId>,
    pub former_role: Option<RoleId>,
    pub yielded_to: Option<Uuid>,
    pub yielded_role: Option<RoleId>,
}

/// Notes what a subscription gives, unless something later is known of it.
pub(crate) async fn note(
    locked: &Locked<'_, impl ConnectionTrait>,
    user: UserId,
    subscription: Uuid,
    sequence: i64,
    (plan, role): (Uuid, Option<RoleId>),
) -> Result<(), DbErr> {
    let sql = "INSERT INTO workspace.plan_grants AS g (workspace_id, user_id, subscription_id, sequence, plan_id, role_id) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id, user_id, subscription_id) \
        DO UPDATE SET sequence = EXCLUDED.sequence, plan_id = EXCLUDED.plan_id, role_id = EXCLUDED.role_id, \
        withheld = g.withheld AND g.role_id IS NOT DISTINCT FROM EXCLUDED.role_id \
            AND g.plan_id IS NOT DISTINCT FROM EXCLUDED.plan_id \
        WHERE g.sequence < EXCLUDED.sequence";
    let values = [locked.id().into(), user.into(), subscription.into(), sequence.into(), plan.into(), role.into()];
    locked.tx.execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// The role that the newest subscription that gives one gives, if it is one that plans may give still.
pub(crate) async fn given(locked: &Locked<'_, impl ConnectionTrait>, user: UserId) -> Result<Option<Granted>, DbErr> {
    let sql = "SELECT g.subscription_id, r.id AS role_id, g.plan_id, g.withheld, v.plan_id IS NOT NULL AS is_vouched, \
            v.user_id AS vouched_by \
        FROM workspace.plan_grants g \
        JOIN workspace.roles r ON r.workspace_id = g.workspace_id AND r.id = g.role_id AND r.granted_by_plan \
        LEFT JOIN workspace.plan_vouchers v \
            ON v.workspace_id = g.workspace_id AND v.plan_id = g.plan_id AND v.role_id = g.role_id \
        WHERE g.workspace_id = $1 AND g.user_id = $2 ORDER BY g.subscription_id DESC LIMIT 1";
    Granted::find_by_statement(statement(sql, [locked.id().into(), user.into()])).one(locked.tx).await
}

/// What came of it so far.
pub(crate) async fn effect(locked: &Locked<'_, impl ConnectionTrait>, user: UserId) -> Result<Option<Effect>, DbErr> {
    let sql = "SELECT joined_at, given_role, former_role, yielded_to, yielded_role FROM workspace.plan_roles \
        WHERE workspace_id = $1 AND user_id = $2";
    Effect::find_by_statement(statement(sql, [locked.id().into(), user.into()])).one(locked.tx).await
}

/// Notes what came of it.
pub(crate) async fn save(
    locked: &Locked<'_, impl ConnectionTrait>,
    user: UserId,
    effect: &Effect,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO workspace.plan_roles (workspace_id, user_id, joined_at, given_role, former_role, yielded_to, \
        yielded_role) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workspace_id, user_id) DO UPDATE SET \
        joined_at = EXCLUDED.joined_at, given_role = EXCLUDED.given_role, former_role = EXCLUDED.former_role, \
        yielded_to = EXCLUDED.yielded_to, yielded_role = EXCLUDED.yielded_role";
    let values = [
        locked.id().into(),
        user.into(),
        effect.joined_at.into(),
        effect.given_role.into(),
        effect.former_role.into(),
        effect.yielded_to.into(),
        effect.yielded_role.into(),
    ];
    locked.tx.execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// Forgets what came of it: they belong here no more.
pub(crate) async fn clear(locked: &Locked<'_, impl ConnectionTrait>, user: UserId) -> Result<(), DbErr> {
    let sql = "DELETE FROM workspace.plan_roles WHERE workspace_id = $1 AND user_id = $2";
    locked.tx.execute_raw(statement(sql, [locked.id().into(), user.into()])).await?;
    Ok(())
}

/// Notes how many members a subscription of the workspace has room for, unless something later is known of it.
pub(crate) async fn note_seats(
    locked: &Locked<'_, impl ConnectionTrait>,
    subscription: Uuid,
    sequence: i64,
    most: Option<i64>,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO workspace.plan_seats AS s (workspace_id, subscription_id, sequence, max_members) \
        VALUES ($1, $2, $3, $4) ON CONFLICT (workspace_id, subscription_id) \
        DO UPDATE SET sequence = EXCLUDED.sequence, max_members = EXCLUDED.max_members \
        WHERE s.sequence < EXCLUDED.sequence";
    let values = [locked.id().into(), subscription.into(), sequence.into(), most.into()];
    locked.tx.execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// How many members the workspace's plan has room for, if it says.
pub(crate) async fn seats(locked: &Locked<'_, impl ConnectionTrait>) -> Result<Option<i64>, DbErr> {
    let sql = "SELECT min(max_members) AS most FROM workspace.plan_seats WHERE workspace_id = $1";
    let row = locked.tx.query_one_raw(statement(sql, [locked.id().into()])).await?;
    row.map_or(Ok(None), |row| row.try_get("", "most"))
}
