//! The only queries of subscriptions.

use chrono::{DateTime, Duration, Utc};
use kernel::{
    guard::Scoped,
    ids::{UserId, WorkspaceId},
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, JsonValue, Value};

use super::{
    SubscriptionId, SubscriptionList,
    machine::{Patience, State, UNANSWERED},
};
use crate::{plans::PlanId, reach::shown, sql::statement};

/// A subscription with its state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subscription {
    pub(crate) id: SubscriptionId,
    pub(crate) workspace_id: WorkspaceId,
    pub(crate) user_id: Option<UserId>,
    pub(crate) state: State,
    pub(crate) created_by: Option<UserId>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

impl Subscription {
    pub(crate) fn sequence(&self) -> i64 {
        i64::try_from(self.state.sequence).unwrap_or(i64::MAX)
    }

    /// For its entity tag.
    pub(crate) fn version(&self) -> i32 {
        i32::try_from(self.state.sequence).unwrap_or(i32::MAX)
    }

    /// Whose plan it is: the workspace's for its members, else the platform's.
    pub(crate) fn is_of_workspace(&self) -> bool {
        self.user_id.is_some()
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: SubscriptionId,
    workspace_id: WorkspaceId,
    user_id: Option<UserId>,
    state: JsonValue,
    created_by: Option<UserId>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl TryFrom<Row> for Subscription {
    type Error = DbErr;

    fn try_from(row: Row) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.id,
            workspace_id: row.workspace_id,
            user_id: row.user_id,
            state: serde_json::from_value(row.state).map_err(|error| DbErr::Json(error.to_string()))?,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

const ROWS: &str = "SELECT s.id, s.workspace_id, s.user_id, s.state, s.created_by, s.created_at, s.updated_at \
    FROM billing.subscriptions s";

async fn one(
    db: &impl ConnectionTrait,
    sql: String,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<Subscription>, DbErr> {
    Row::find_by_statement(statement(sql, values)).one(db).await?.map(Subscription::try_from).transpose()
}

/// One subscription, for the guard and for answers.
pub(crate) async fn find(db: &impl ConnectionTrait, id: SubscriptionId) -> Result<Option<Subscription>, DbErr> {
    one(db, format!("{ROWS} WHERE s.id = $1"), [id.into()]).await
}

/// The same, locked until the transaction ends. Everything that becomes of it is decided under this lock.
pub(crate) async fn lock(tx: &impl ConnectionTrait, id: SubscriptionId) -> Result<Option<Subscription>, DbErr> {
    one(tx, format!("{ROWS} WHERE s.id = $1 FOR UPDATE"), [id.into()]).await
}

/// Which due subscriptions to take.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Due {
    /// Any, by the time of all.
    Any,
    /// Any whose workspace has a time of its own.
    Ahead,
    /// Those of one workspace.
    Of(WorkspaceId),
    /// One.
    Only(SubscriptionId),
}

/// The id of the subscription that has been due for longest, locked. A worker that looks at all passes over those that another
/// holds; who names a workspace or one of them waits for it. `clocks` says whether workspaces may have a time of their own.
pub(crate) async fn take_due(
    tx: &impl ConnectionTrait,
    due: Due,
    clocks: bool,
    now: DateTime<Utc>,
) -> Result<Option<SubscriptionId>, DbErr> {
    // Its state isn't read here: one that can't be read must not be in the way of others.
    const FROM: &str = "SELECT s.id FROM billing.subscriptions s";
    const TAKE: &str = "ORDER BY s.due_at, s.id LIMIT 1 FOR UPDATE OF s SKIP LOCKED";
    // Who asks about some of them waits for the worker that has one, and finds what became of it.
    const WAIT: &str = "ORDER BY s.due_at, s.id LIMIT 1 FOR UPDATE OF s";
    let due_by = |workspace: &str| {
        if !clocks {
            return "s.due_at <= $1".to_owned();
        }
        format!(
            "s.due_at <= $1 + coalesce((SELECT c.ahead FROM billing.test_clocks c WHERE c.workspace_id = {workspace}), \
             interval '0')"
        )
    };
    let mut values: Vec<Value> = vec![now.into()];
    let rows = match due {
        Due::Any => format!("{FROM} WHERE s.due_at <= $1 {TAKE}"),
        // From the index the few of each that are due for longest. More than one, since others may hold some.
        Due::Ahead => format!(
            "{FROM} WHERE s.id IN (SELECT d.id FROM billing.test_clocks k CROSS JOIN LATERAL (\
                SELECT a.id FROM billing.subscriptions a WHERE a.workspace_id = k.workspace_id \
                AND a.due_at <= $1 + k.ahead ORDER BY a.due_at, a.id LIMIT 20) d) \
             AND {} {TAKE}",
            due_by("s.workspace_id")
        ),
        Due::Of(workspace) => {
            values.push(workspace.into());
            // The workspace's time doesn't depend on the row, so that the index leads to what is due.
            format!("{FROM} WHERE s.workspace_id = $2 AND {} {WAIT}", due_by("$2"))
        }
        Due::Only(id) => {
            values.push(id.into());
            format!("{FROM} WHERE s.id = $2 AND {} {WAIT}", due_by("s.workspace_id"))
        }
    };
    let row = tx.query_one_raw(statement(rows, values)).await?;
    row.map(|row| row.try_get("", "id")).transpose()
}

/// By how much the time of the row's workspace is ahead.
fn ahead(clocks: bool) -> &'static str {
    if clocks {
        "coalesce((SELECT c.ahead FROM billing.test_clocks c WHERE c.workspace_id = s.workspace_id), interval '0')"
    } else {
        "interval '0'"
    }
}

/// Keeps workers away from a locked one for which money is asked, until it would be asked for again: by the time it is now, and not
/// by when it was due. Of what was due long ago, that time would be over at once, and the next worker would ask, too.
pub(crate) async fn keep_for_answer(
    tx: &impl ConnectionTrait,
    id: SubscriptionId,
    clocks: bool,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = format!(
        "UPDATE billing.subscriptions s SET due_at = greatest(s.due_at, $2 + {} + make_interval(secs => $3)) WHERE s.id = $1",
        ahead(clocks)
    );
    let seconds = f64::from(i32::try_from(UNANSWERED.num_seconds()).unwrap_or(i32::MAX));
    tx.execute_raw(statement(sql, [id.into(), now.into(), seconds.into()])).await?;
    Ok(())
}

/// Puts one off with which something couldn't happen, for a minute, then two, at most for six hours; answers how many times in a
/// row that was so.
pub(crate) async fn put_off(
    db: &impl ConnectionTrait,
    id: SubscriptionId,
    clocks: bool,
    now: DateTime<Utc>,
) -> Result<i32, DbErr> {
    let ahead = ahead(clocks);
    let sql = format!(
        "UPDATE billing.subscriptions s SET failures = s.failures + 1, \
         due_at = greatest(s.due_at, $2 + {ahead} + interval '1 minute' * least(power(2, least(s.failures, 9)), 360)) \
         WHERE s.id = $1 AND s.due_at IS NOT NULL RETURNING s.failures"
    );
    let row = db.query_one_raw(statement(sql, [id.into(), now.into()])).await?;
    row.map_or(Ok(0), |row| row.try_get("", "failures"))
}

/// What time it is in a workspace's billing, where that may be moved.
pub(crate) async fn moved_time(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, DbErr> {
    let sql = "SELECT $2::timestamptz + c.ahead AS now FROM billing.test_clocks c WHERE c.workspace_id = $1";
    let row = db.query_one_raw(statement(sql, [workspace.into(), now.into()])).await?;
    row.map_or(Ok(now), |row| row.try_get("", "now"))
}

/// Moves the time of a workspace's billing ahead.
pub(crate) async fn move_clock(
    tx: &impl ConnectionTrait,
    workspace: WorkspaceId,
    by: Duration,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO billing.test_clocks AS c (workspace_id, ahead, moved_at) \
        VALUES ($1, make_interval(secs => $2), $3) ON CONFLICT (workspace_id) \
        DO UPDATE SET ahead = c.ahead + EXCLUDED.ahead, moved_at = EXCLUDED.moved_at";
    let seconds = f64::from(i32::try_from(by.num_seconds()).unwrap_or(i32::MAX));
    tx.execute_raw(statement(sql, [workspace.into(), seconds.into(), now.into()])).await?;
    Ok(())
}

/// Whether the subscriber had a trial of the plan.
pub(crate) async fn had_trial(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    user: Option<UserId>,
    plan: PlanId,
) -> Result<bool, DbErr> {
    let sql = "SELECT FROM billing.trials WHERE workspace_id = $1 AND user_id IS NOT DISTINCT FROM $2 AND plan_id = $3";
    let values = [workspace.into(), user.map(|user| user.0).into(), plan.into()];
    Ok(db.query_one_raw(statement(sql, values)).await?.is_some())
}

/// Notes that the subscriber has it now.
pub(crate) async fn give_trial(tx: &impl ConnectionTrait, row: &Subscription, at: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "INSERT INTO billing.trials (workspace_id, user_id, plan_id, begun_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT DO NOTHING";
    let user = row.user_id.map(|user| user.0);
    let values = [row.workspace_id.into(), user.into(), row.state.terms.plan.into(), at.into()];
    tx.execute_raw(statement(sql, values)).await?;
    Ok(())
}

fn columns(row: &Subscription, patience: Patience) -> Result<[Value; 7], DbErr> {
    let state = serde_json::to_value(&row.state).map_err(|error| DbErr::Json(error.to_string()))?;
    Ok([
        row.state.terms.plan.into(),
        row.state.terms.version.into(),
        row.state.status.as_str().into(),
        row.state.is_in_force().into(),
        row.state.due(patience).into(),
        state.into(),
        row.sequence().into(),
    ])
}

/// Writes a new one.
pub(crate) async fn insert(tx: &impl ConnectionTrait, row: &Subscription, patience: Patience) -> Result<(), DbErr> {
    let sql = "INSERT INTO billing.subscriptions (plan_id, plan_version, status, in_force, due_at, state, sequence, id, \
        workspace_id, user_id, created_by, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)";
    let others: [Value; 5] = [
        row.id.into(),
        row.workspace_id.into(),
        row.user_id.map(|user| user.0).into(),
        row.created_by.map(|user| user.0).into(),
        row.created_at.into(),
    ];
    tx.execute_raw(statement(sql, columns(row, patience)?.into_iter().chain(others))).await?;
    Ok(())
}

/// Stores what became of one, which is locked.
pub(crate) async fn save(tx: &impl ConnectionTrait, row: &Subscription, patience: Patience) -> Result<(), DbErr> {
    let sql = "UPDATE billing.subscriptions SET plan_id = $1, plan_version = $2, status = $3, in_force = $4, due_at = $5, \
        state = $6, sequence = $7, updated_at = $9, failures = 0 WHERE id = $8";
    let others: [Value; 2] = [row.id.into(), row.updated_at.into()];
    tx.execute_raw(statement(sql, columns(row, patience)?.into_iter().chain(others))).await?;
    Ok(())
}

/// A page of what the caller may see, the newest first. One statement.
pub(crate) async fn page(
    scoped: &Scoped<SubscriptionList>,
    after: Option<(DateTime<Utc>, SubscriptionId)>,
    limit: u64,
) -> Result<Vec<Subscription>, DbErr> {
    let mut values = Vec::new();
    let mut sql = format!("{ROWS} WHERE {}", shown(scoped, "", &mut values));
    if let Some(status) = scoped.filter().status {
        values.push(status.as_str().into());
        sql = format!("{sql} AND status = ${}", values.len());
    }
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        sql = format!("{sql} AND (created_at, id) < (${}, ${})", values.len() - 1, values.len());
    }
    sql = format!("{sql} ORDER BY created_at DESC, id DESC LIMIT {limit}");
    let rows = Row::find_by_statement(statement(sql, values)).all(&scoped.db()).await?;
    rows.into_iter().map(Subscription::try_from).collect()
}

/// Those of a subscriber that are over with something used and not paid, locked.
pub(crate) async fn lock_in_arrears(
    tx: &impl ConnectionTrait,
    workspace: WorkspaceId,
    user: Option<UserId>,
) -> Result<Vec<Subscription>, DbErr> {
    // `IS NOT DISTINCT FROM` finds no index, so each of the two gets a condition that does.
    let whose = if user.is_some() { "s.user_id = $2" } else { "s.user_id IS NULL AND $2::uuid IS NULL" };
    let sql = format!(
        "{ROWS} WHERE s.workspace_id = $1 AND {whose} AND s.status IN ('canceled', 'expired') AND s.state->'arrears' IS NOT NULL \
         ORDER BY s.created_at, s.id FOR UPDATE"
    );
    let values = [workspace.into(), user.map(|user| user.0).into()];
    let rows = Row::find_by_statement(statement(sql, values)).all(tx).await?;
    rows.into_iter().map(Subscription::try_from).collect()
}

/// The member's subscription that isn't over, locked.
pub(crate) async fn lock_of_member(
    tx: &impl ConnectionTrait,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Option<Subscription>, DbErr> {
    let sql = format!(
        "{ROWS} WHERE s.workspace_id = $1 AND s.user_id = $2 AND s.status NOT IN ('canceled', 'expired') FOR UPDATE"
    );
    one(tx, sql, [workspace.into(), user.into()]).await
}
