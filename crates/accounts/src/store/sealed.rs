//! Fields that the server's secret sealed, and that are sealed anew when it changes: every one, or a former secret could
//! not be dropped without losing what only it opens.

use kernel::{db::System, ids::UserId};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::{Schema, entity::profile::Sealed, factor, profile_dto};

/// A sealed column of a table with one row per person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SealedField {
    table: &'static str,
    column: &'static str,
    /// What it is sealed for.
    pub purpose: &'static str,
}

/// All of them.
pub(crate) const FIELDS: [SealedField; 2] = [
    SealedField { table: "profiles", column: "national_id", purpose: profile_dto::SEALED_FOR },
    SealedField { table: "second_factors", column: "secret", purpose: factor::SEALED_FOR },
];

/// Whose field another secret sealed than the one with this mark, past `after`, at most `limit`.
pub(crate) async fn sealed_otherwise(
    system: &System<Schema>,
    field: SealedField,
    mark: &[u8],
    after: Option<UserId>,
    limit: u64,
) -> Result<Vec<(UserId, Sealed)>, DbErr> {
    let SealedField { table, column, .. } = field;
    let sql = format!(
        "SELECT user_id, {column} AS sealed FROM accounts.{table} WHERE {column} IS NOT NULL \
         AND substring({column} from 2 for 4) <> $1 AND ($2::uuid IS NULL OR user_id > $2) \
         ORDER BY user_id LIMIT {limit}"
    );
    let values = [mark.to_vec().into(), after.into()];
    let rows = system.db().query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "user_id")?, Sealed(row.try_get("", "sealed")?)))).collect()
}

/// Puts `new` where `old` still is; answers whether it was.
pub(crate) async fn reseal(
    system: &System<Schema>,
    field: SealedField,
    user: UserId,
    old: &Sealed,
    new: Vec<u8>,
) -> Result<bool, DbErr> {
    let SealedField { table, column, .. } = field;
    let sql = format!("UPDATE accounts.{table} SET {column} = $3 WHERE user_id = $1 AND {column} = $2");
    let values = [user.into(), old.0.clone().into(), new.into()];
    let done = system.db().execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(done.rows_affected() > 0)
}
