//! How far the relays are behind: what somebody who watches an installation wants to know first.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::db::Databases;

/// What waits in a module's outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct Lag {
    /// Whose outbox.
    pub module: &'static str,
    /// Events that were not told to everybody yet.
    pub waiting: i64,
    /// Seconds since the oldest of them happened; 0 when nothing waits.
    pub seconds: f64,
}

/// What waits in the outboxes of `modules`. One statement each, on the index of what waits.
pub async fn lags(databases: &Databases, modules: &[&'static str]) -> Result<Vec<Lag>, DbErr> {
    let mut lags = Vec::new();
    for module in modules {
        let sql = format!(
            "/* relay */ SELECT count(*) AS waiting, greatest(coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0), 0)::float8 \
             AS seconds FROM {module}.outbox WHERE told_at IS NULL"
        );
        let asked = Statement::from_string(DbBackend::Postgres, sql);
        if let Some(row) = databases.connection(module).query_one_raw(asked).await? {
            lags.push(Lag { module, waiting: row.try_get("", "waiting")?, seconds: row.try_get("", "seconds")? });
        }
    }
    Ok(lags)
}
