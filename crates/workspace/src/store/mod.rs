//! Every query of this domain.
//!
//! What changes a workspace takes [`Locked`]: the workspace's row is locked first, so that changes of its members and
//! roles come one after the other, and what one of them reads stays true until it commits.

pub(crate) mod administrators;
pub(crate) mod directory;
pub(crate) mod heard;
pub(crate) mod invitations;
pub(crate) mod locked;
pub(crate) mod members;
pub(crate) mod memberships;
pub(crate) mod plan_roles;
pub(crate) mod plan_vouchers;
pub(crate) mod platform;
pub(crate) mod role_versions;
pub(crate) mod roles;
pub(crate) mod standing;
pub(crate) mod workspaces;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};

pub(crate) use locked::Locked;

/// Rows are counted up to here.
const MOST_COUNTED: u64 = 10_000;

/// A statement with its values.
fn statement(sql: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}

/// How many rows `FROM … WHERE …` has, counted up to a cap.
async fn count_capped(
    db: &impl ConnectionTrait,
    from: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, DbErr> {
    let sql = format!("SELECT count(*) AS n FROM (SELECT 1 {from} LIMIT {MOST_COUNTED}) AS counted");
    let row = db.query_one_raw(statement(sql, values)).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    Ok(count.unsigned_abs())
}
