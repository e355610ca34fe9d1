//! Rows of months that are closed, or once were.

use chrono::NaiveDate;
use kernel::{
    guard::{Permit, Tx},
    http::Paging,
    ids::uuid_v7,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value};

use crate::{
    actions::{Switched, ViewPeriods},
    dto::{Month, Period, PeriodFilter},
};

const COLUMNS: &str = "id, month, is_closed, changed_at, changed_by, version";

fn statement(sql: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}

/// Waits until whoever records an operation in the workspace has committed, and lets nobody else record one until the
/// transaction ends. The trigger of `project.operations` shares this lock.
pub(crate) async fn lock<A: Switched>(tx: &Tx<'_, A>) -> Result<(), DbErr> {
    let sql = "SELECT pg_advisory_xact_lock(hashtextextended('project periods ' || $1::uuid::text, 0))";
    tx.execute_raw(statement(sql, [tx.permit().workspace().into()])).await?;
    Ok(())
}

/// A month of the permit's workspace, if it was ever closed.
pub(crate) async fn find<A: Switched>(tx: &Tx<'_, A>, month: Month) -> Result<Option<Period>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM project.periods WHERE workspace_id = $1 AND month = $2");
    Period::find_by_statement(statement(sql, [tx.permit().workspace().into(), month.0.into()])).one(tx).await
}

/// Closes or reopens a month.
pub(crate) async fn switch<A: Switched>(tx: &Tx<'_, A>, month: Month) -> Result<Period, DbErr> {
    let (permit, now) = (tx.permit(), tx.permit().now());
    let sql = format!(
        "INSERT INTO project.periods AS p (id, workspace_id, month, is_closed, changed_at, changed_by) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (workspace_id, month) DO UPDATE SET is_closed = excluded.is_closed, \
             changed_at = excluded.changed_at, changed_by = excluded.changed_by, version = p.version + 1 \
         RETURNING {COLUMNS}"
    );
    let values = [
        uuid_v7(now).into(),
        permit.workspace().into(),
        month.0.into(),
        A::TO_CLOSED.into(),
        now.into(),
        permit.caller().into(),
    ];
    let period = Period::find_by_statement(statement(sql, values)).one(tx).await?;
    period.ok_or(DbErr::RecordNotInserted)
}

/// The next `limit + 1` months before `before`, the latest first.
pub(crate) async fn list(
    permit: &Permit<ViewPeriods>,
    paging: &Paging<PeriodFilter>,
    before: Option<NaiveDate>,
) -> Result<Vec<Period>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM project.periods WHERE workspace_id = $1 AND ($2::boolean IS NULL OR is_closed = $2) \
         AND ($3::date IS NULL OR month < $3) ORDER BY month DESC LIMIT $4"
    );
    let limit = i64::try_from(paging.limit() + 1).unwrap_or(i64::MAX);
    let values = [permit.workspace().into(), paging.filter().is_closed.into(), before.into(), limit.into()];
    Period::find_by_statement(statement(sql, values)).all(&permit.db()).await
}
