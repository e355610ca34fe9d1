//! Chains, as the verifier reads them: as they were at one instant, whatever is appended meanwhile.

use kernel::db::SystemTx;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};
use uuid::Uuid;

/// Where a chain ends.
#[derive(Debug, FromQueryResult)]
pub(crate) struct End {
    pub(crate) workspace_id: Uuid,
    /// None where rows have no chain.
    pub(crate) length: Option<i64>,
    pub(crate) head: Option<Vec<u8>>,
}

/// A row of a chain.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Link {
    pub(crate) seq: i64,
    pub(crate) id: Uuid,
    pub(crate) hash: Vec<u8>,
    /// What the hash covers besides the hash before it.
    pub(crate) content: String,
}

/// Makes all that follows in the transaction see one instant.
pub(crate) async fn begin_reading(tx: &SystemTx<'_>) -> Result<(), DbErr> {
    tx.execute_unprepared("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?;
    Ok(())
}

/// Every chain that there is, or the one of a workspace.
pub(crate) async fn ends(tx: &SystemTx<'_>, only: Option<Uuid>) -> Result<Vec<End>, DbErr> {
    let all = "SELECT workspace_id, c.length, c.head \
               FROM (SELECT workspace_id FROM activity.chains UNION SELECT workspace_id FROM activity.events) known \
               LEFT JOIN activity.chains c USING (workspace_id)";
    // The condition is there or not, so that one chain is found by an index.
    let statement = match only {
        None => Statement::from_string(DbBackend::Postgres, format!("{all} ORDER BY workspace_id")),
        Some(only) => {
            let sql = format!("{all} WHERE workspace_id = $1");
            Statement::from_sql_and_values(DbBackend::Postgres, sql, [only.into()])
        }
    };
    End::find_by_statement(statement).all(tx).await
}

/// The next rows of a chain after `seq`. The content is put together here once more, not by the function that the rows
/// were hashed with: whoever can alter rows can alter that, too.
pub(crate) async fn links(tx: &SystemTx<'_>, chain: Uuid, seq: i64, limit: u64) -> Result<Vec<Link>, DbErr> {
    let sql = "SELECT seq, id, hash, jsonb_build_array(seq, id, workspace_id, actor_id, token_id, system_actor, \
               as_platform, action, resource_kind, resource_id, changes, facts, \
               (extract(epoch FROM at) * 1000000)::bigint)::text AS content \
               FROM activity.events WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    let values = [chain.into(), seq.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    Link::find_by_statement(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).all(tx).await
}
