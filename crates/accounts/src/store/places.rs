//! From where people sign in, known by marks.

use chrono::{DateTime, Utc};
use kernel::{db::System, ids::UserId};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::Schema;

/// Remembers that `user` signed in from the place that has `marks`, the current secret's first; answers whether that is
/// news: they signed in before, and never from there.
pub(crate) async fn see(
    db: &impl ConnectionTrait,
    user: UserId,
    marks: Vec<Vec<u8>>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let Some(current) = marks.first().cloned() else { return Ok(false) };
    let text = "WITH known AS (SELECT count(*) AS places, count(*) FILTER \
           (WHERE encode(mark, 'hex') = ANY (string_to_array($4, ','))) AS same \
           FROM accounts.places WHERE user_id = $1) \
         INSERT INTO accounts.places (user_id, mark, last_seen_at) VALUES ($1, $2, $3) \
         ON CONFLICT (user_id, mark) DO UPDATE SET last_seen_at = excluded.last_seen_at \
         RETURNING (SELECT places > 0 AND same = 0 FROM known) AS is_news";
    let all = marks.iter().map(hex::encode).collect::<Vec<_>>().join(",");
    let values = [user.into(), current.into(), now.into(), all.into()];
    let row = db.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, text, values)).await?;
    row.map_or(Ok(false), |row| row.try_get("", "is_news"))
}

/// Forgets places from where nobody came since `before`; answers how many.
pub(crate) async fn sweep(system: &System<Schema>, before: DateTime<Utc>) -> Result<u64, DbErr> {
    let text = "DELETE FROM accounts.places WHERE last_seen_at < $1";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, text, [before.into()]);
    Ok(system.db().execute_raw(statement).await?.rows_affected())
}
