//! Bounds that another module sets on what one keeps: told before a transaction, and gone by as they are in it.
//!
//! Whoever sets them may have a database of its own, and a transaction must not wait for a second connection. So a module that
//! counts something keeps the last word about each bound beside what it counts (`plan_bounds` of its schema), and takes the later
//! one of that and of what was told. Who notes a word waits for those who go by another: what is noted holds from then on.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    db::{Module, System},
    ids::{UserId, WorkspaceId},
};

/// A word about what a subscription bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Word {
    /// The subscription.
    pub subscription_id: Uuid,
    /// The member whose it is: it bounds what they have. None, where it is the workspace's and bounds what all have.
    pub user_id: Option<UserId>,
    /// The how-manieth word about it: the highest is the last.
    pub sequence: i64,
    /// How much; none where it bounds nothing, or is in force no more.
    pub most: Option<i64>,
}

/// What holds until the transaction ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InForce {
    /// How much the member may have.
    pub of_member: Option<i64>,
    /// How much all of the workspace may have together.
    pub of_all: Option<i64>,
}

/// What holds for a member from now on until `tx` ends, by what was told before it and by what module `M` knows. One statement.
pub async fn in_force<M: Module>(
    tx: &impl ConnectionTrait,
    workspace: WorkspaceId,
    user: UserId,
    told: &[Word],
) -> Result<InForce, DbErr> {
    let sql = format!("SELECT of_member, of_all FROM {}.plan_bounds_now($1, $2, $3)", M::NAME);
    let told = serde_json::to_value(told).map_err(|error| DbErr::Json(error.to_string()))?;
    let values = [workspace.into(), user.into(), told.into()];
    let row = tx.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    row.map_or(Ok(InForce::default()), |row| {
        Ok(InForce { of_member: row.try_get("", "of_member")?, of_all: row.try_get("", "of_all")? })
    })
}

/// Keeps a word in module `M`, unless a later one is known there.
pub async fn note<M: Module>(system: &System<M>, workspace: WorkspaceId, word: Word) -> Result<(), DbErr> {
    let Word { subscription_id, user_id, sequence, most } = word;
    let sql = format!("SELECT {}.note_plan_bound($1, $2, $3, $4, $5)", M::NAME);
    let user = user_id.map(|user| user.0);
    let values = [workspace.into(), subscription_id.into(), user.into(), sequence.into(), most.into()];
    system.db().execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(())
}
