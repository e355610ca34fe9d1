//! Who answers for the roles that plans give, and which of them aren't given.

use kernel::ids::{RoleId, UserId, WorkspaceId};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::{Locked, statement};

/// A member who doesn't get the role of their plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub(crate) struct Withheld {
    pub user_id: UserId,
    pub role_id: RoleId,
    pub vouched_by: Option<UserId>,
}

/// Notes who answers for it that a plan gives a role, unless something later is known of it.
pub(crate) async fn note(
    locked: &Locked<'_, impl ConnectionTrait>,
    plan: Uuid,
    role: RoleId,
    version: i32,
    by: Option<UserId>,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO workspace.plan_vouchers AS v (workspace_id, plan_id, role_id, version, user_id) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace_id, plan_id, role_id) \
        DO UPDATE SET version = EXCLUDED.version, user_id = EXCLUDED.user_id WHERE v.version < EXCLUDED.version";
    let by = by.map(|user| user.0);
    let values = [locked.id().into(), plan.into(), role.into(), version.into(), by.into()];
    locked.tx.execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// Notes that a member's subscription doesn't give its role, or does.
pub(crate) async fn withhold(
    locked: &Locked<'_, impl ConnectionTrait>,
    user: UserId,
    subscription: Uuid,
    withheld: bool,
) -> Result<(), DbErr> {
    let sql = "UPDATE workspace.plan_grants SET withheld = $4 \
        WHERE workspace_id = $1 AND user_id = $2 AND subscription_id = $3";
    let values = [locked.id().into(), user.into(), subscription.into(), withheld.into()];
    locked.tx.execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// Those in a workspace who don't get the role of their plan, where it is known who answers for it.
pub(crate) async fn withheld(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<Withheld>, DbErr> {
    let sql = "SELECT g.user_id, g.role_id, v.user_id AS vouched_by FROM workspace.plan_grants g \
        JOIN workspace.plan_vouchers v \
            ON v.workspace_id = g.workspace_id AND v.plan_id = g.plan_id AND v.role_id = g.role_id \
        WHERE g.workspace_id = $1 AND g.withheld";
    Withheld::find_by_statement(statement(sql, [workspace.into()])).all(db).await
}
