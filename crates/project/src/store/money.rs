//! Rows of billing and operations.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use kernel::{
    db::System,
    failure::Failure,
    guard::{Lookup, Permit, Tx},
    http::Paging,
    ids::{ProjectId, WorkspaceId},
};
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult, Statement, Value, prelude::Json, sea_query::Expr,
};
use serde::de::DeserializeOwned;

use super::{Located, takes_part};
use crate::{
    Schema,
    actions::{ManageBilling, OfProject, RecordOperation, Records, ViewOperations},
    dto::{OperationFilter, OperationKind},
    entity::projects as project,
    error::ProjectError,
    money::{Operation, OperationId, Settings},
};

fn statement(sql: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}

/// A row as one value: what a project has none of is null, not a row of nulls.
fn read<T: DeserializeOwned>(row: Json) -> Result<T, DbErr> {
    serde_json::from_value(row).map_err(|error| DbErr::Json(error.to_string()))
}

/// A project with the caller's part in it, and something of it.
#[derive(Debug, FromQueryResult)]
struct With {
    #[sea_orm(nested)]
    located: Located,
    also: Option<Json>,
}

/// The project `id` with the caller's part in it and how it is billed, for the guard. One statement.
pub(crate) async fn find_books(
    lookup: &Lookup<'_>,
    id: ProjectId,
) -> Result<Option<(Located, Option<Settings>)>, DbErr> {
    let settings = Expr::cust(
        "(SELECT to_jsonb(b) FROM project.billing b WHERE b.project_id = \"projects\".\"id\" \
         AND b.workspace_id = \"projects\".\"workspace_id\")",
    );
    find(lookup, id, settings).await?.map(|with| Ok((with.located, with.also.map(read).transpose()?))).transpose()
}

async fn find(lookup: &Lookup<'_>, id: ProjectId, also: sea_orm::sea_query::SimpleExpr) -> Result<Option<With>, DbErr> {
    use sea_orm::QuerySelect;
    let part = takes_part(lookup.caller().user);
    let found = project::Entity::find_by_id(id).expr_as(part, "takes_part").expr_as(also, "also");
    found.into_model().one(&lookup.db()).await
}

/// An operation as one value, with what took it back, and of what kind that was which it takes back.
const OPERATION: &str = "to_jsonb(o) || jsonb_build_object( \
    'reversed_by', (SELECT r.id FROM project.operations r WHERE r.reverses = o.id), \
    'reversed_kind', (SELECT r.kind FROM project.operations r WHERE r.id = o.reverses))";

/// An operation, with its project and the caller's part in that, for the guard. One statement.
pub(crate) async fn find_operation(
    lookup: &Lookup<'_>,
    id: OperationId,
) -> Result<Option<(Located, Operation)>, DbErr> {
    let sql = format!(
        "SELECT p.*, EXISTS (SELECT FROM project.members m WHERE m.project_id = p.id AND m.user_id = $2 \
            AND m.is_active) AS takes_part, {OPERATION} AS also \
         FROM project.operations o JOIN project.projects p ON p.id = o.project_id AND p.workspace_id = o.workspace_id \
         WHERE o.id = $1"
    );
    let found = With::find_by_statement(statement(sql, [id.into(), lookup.caller().user.into()]));
    let Some(With { located, also: Some(operation) }) = found.one(&lookup.db()).await? else { return Ok(None) };
    Ok(Some((located, read(operation)?)))
}

/// The permit's project and how it is billed, as they stay until the transaction ends: others may share the lock, and add
/// to the same books. Refuses as [`super::lock`] does. One statement.
pub(crate) async fn lock_books<A: Records>(tx: &Tx<'_, A>) -> Result<(project::Model, Option<Settings>), ProjectError> {
    let permit = tx.permit();
    let sql = "SELECT (l.held).*, l.takes_part, l.also FROM project.lock_books($1, $2, $3) AS l";
    let values = [permit.target().project().id.into(), permit.workspace().into(), permit.caller().into()];
    let locked = With::find_by_statement(statement(sql, values)).one(tx).await?;
    let With { located, also } = locked.ok_or(ProjectError::Missing)?;
    if !super::still_stands(permit, &located.row, located.takes_part) {
        return Err(Failure::Stale.into());
    }
    Ok((located.row, also.map(read).transpose()?))
}

#[derive(Debug, FromQueryResult)]
struct Row {
    also: Json,
}

/// How the permit's project is billed, as it stays until the transaction ends: the project is locked.
pub(crate) async fn settings<A>(tx: &Tx<'_, A>) -> Result<Option<Settings>, DbErr>
where
    A: kernel::guard::Identified<Target: OfProject>,
{
    let project = tx.permit().target().project();
    let sql = "SELECT to_jsonb(b) AS also FROM project.billing b WHERE b.project_id = $1 AND b.workspace_id = $2";
    let row = Row::find_by_statement(statement(sql, [project.id.into(), project.workspace_id.into()])).one(tx).await?;
    row.map(|row| read(row.also)).transpose()
}

/// Fixes the currency of a project of which nobody said how it is billed.
pub(crate) async fn fix_currency(tx: &Tx<'_, RecordOperation>, currency: &str) -> Result<Settings, ProjectError> {
    let project = tx.permit().target().project();
    let sql = "INSERT INTO project.billing (project_id, workspace_id, currency, updated_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (project_id) DO NOTHING";
    let values = [project.id.into(), project.workspace_id.into(), currency.into(), tx.permit().now().into()];
    tx.execute_raw(statement(sql, values)).await?;
    // Whoever was faster in this instant fixed it, too; this statement sees theirs.
    settings(tx).await?.ok_or(ProjectError::Missing)
}

/// Whether anything was recorded of a locked project.
pub(crate) async fn has_operations<A>(tx: &Tx<'_, A>) -> Result<bool, DbErr>
where
    A: kernel::guard::Identified<Target: OfProject>,
{
    let project = tx.permit().target().project();
    let sql = "SELECT 1 AS one FROM project.operations WHERE workspace_id = $1 AND project_id = $2 LIMIT 1";
    Ok(tx.query_one_raw(statement(sql, [project.workspace_id.into(), project.id.into()])).await?.is_some())
}

/// Writes how a locked project is billed. What is used up of a budget is counted anew: while there was none, nobody did.
pub(crate) async fn save_settings(
    tx: &Tx<'_, ManageBilling>,
    content: &crate::dto::BillingContent,
    currency: &str,
) -> Result<Settings, DbErr> {
    let project = tx.permit().target().project();
    let sql = "INSERT INTO project.billing AS b \
            (project_id, workspace_id, kind, rate, budget, currency, invoiced, withdrawn, version, updated_at) \
        SELECT $1, $2, $3, $4, $5, $6, \
            coalesce(sum(CASE WHEN o.kind = 'invoice' THEN o.amount WHEN r.kind = 'invoice' THEN -o.amount END), 0), \
            coalesce(sum(CASE WHEN o.kind = 'withdrawal' THEN o.amount WHEN r.kind = 'withdrawal' THEN -o.amount END), 0), \
            1, $7 \
        FROM project.operations o LEFT JOIN project.operations r ON r.id = o.reverses \
        WHERE o.workspace_id = $2 AND o.project_id = $1 AND $5::bigint IS NOT NULL \
        ON CONFLICT (project_id) DO UPDATE SET kind = excluded.kind, rate = excluded.rate, budget = excluded.budget, \
            currency = excluded.currency, invoiced = excluded.invoiced, withdrawn = excluded.withdrawn, \
            version = b.version + 1, updated_at = excluded.updated_at \
        RETURNING to_jsonb(b) AS also";
    let values = [
        project.id.into(),
        project.workspace_id.into(),
        content.kind.as_str().into(),
        content.rate.into(),
        content.limit.into(),
        currency.into(),
        tx.permit().now().into(),
    ];
    let row = Row::find_by_statement(statement(sql, values)).one(tx).await?;
    read(row.ok_or_else(|| DbErr::RecordNotInserted)?.also)
}

/// The column in which is counted what an operation uses up of a budget, if it uses up some.
fn counted(kind: OperationKind) -> Option<&'static str> {
    match kind {
        OperationKind::Invoice => Some("invoiced"),
        OperationKind::Withdrawal => Some("withdrawn"),
        OperationKind::Deposit | OperationKind::Refund | OperationKind::Reversal => None,
    }
}

/// What came of using up a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// It is within.
    Within,
    /// It goes beyond; it was counted.
    Beyond,
    /// It would go beyond; nothing was counted. So much was used already.
    Refused {
        /// How much.
        used: i64,
    },
}

/// Uses up some of a budget, in one conditional update: of many at once, exactly as many as fit find room.
pub(crate) async fn use_budget(
    tx: &Tx<'_, RecordOperation>,
    kind: OperationKind,
    amount: i64,
    may_exceed: bool,
) -> Result<Use, DbErr> {
    let Some(column) = counted(kind) else { return Ok(Use::Within) };
    let project = tx.permit().target().project();
    let key = [project.id.into(), project.workspace_id.into()];
    let sql = format!(
        "UPDATE project.billing SET {column} = {column} + $3 WHERE project_id = $1 AND workspace_id = $2 \
         AND ($4 OR budget IS NULL OR {column} + $3 <= budget) RETURNING {column} > budget AS beyond"
    );
    let values = key.clone().into_iter().chain([amount.into(), may_exceed.into()]);
    if let Some(row) = tx.query_one_raw(statement(sql, values)).await? {
        let beyond = row.try_get::<Option<bool>>("", "beyond")? == Some(true);
        return Ok(if beyond { Use::Beyond } else { Use::Within });
    }
    let sql = format!("SELECT {column} AS used FROM project.billing WHERE project_id = $1 AND workspace_id = $2");
    let row = tx.query_one_raw(statement(sql, key)).await?;
    Ok(Use::Refused { used: row.map_or(Ok(0), |row| row.try_get("", "used"))? })
}

/// Gives back to a budget what an operation of `kind` used up of it.
pub(crate) async fn give_back<A: Records>(tx: &Tx<'_, A>, kind: OperationKind, amount: i64) -> Result<(), DbErr> {
    let Some(column) = counted(kind) else { return Ok(()) };
    let project = tx.permit().target().project();
    let sql = format!(
        "UPDATE project.billing SET {column} = {column} - $3 \
         WHERE project_id = $1 AND workspace_id = $2 AND budget IS NOT NULL"
    );
    tx.execute_raw(statement(sql, [project.id.into(), project.workspace_id.into(), amount.into()])).await?;
    Ok(())
}

/// Adds an operation to the books of the permit's project.
pub(crate) async fn insert<A: Records>(
    tx: &Tx<'_, A>,
    operation: &Operation,
    request_key: [u8; 32],
) -> Result<(), DbErr> {
    let project = tx.permit().target().project();
    let sql = "INSERT INTO project.operations (id, workspace_id, project_id, kind, amount, currency, description, \
            occurred_on, over_budget, recorded_at, recorded_by, reverses, request_key, proof_type, proof_name, proof_bytes) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let values = [
        operation.id.into(),
        project.workspace_id.into(),
        project.id.into(),
        operation.kind.as_str().into(),
        operation.amount.into(),
        operation.currency.clone().into(),
        operation.description.clone().into(),
        operation.occurred_on.into(),
        operation.over_budget.into(),
        operation.recorded_at.into(),
        operation.recorded_by.into(),
        operation.reverses.into(),
        request_key.to_vec().into(),
        operation.proof_type.clone().into(),
        operation.proof_name.clone().into(),
        operation.proof_bytes.into(),
    ];
    tx.execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// The next `limit + 1` operations after `after`, those recorded first first.
pub(crate) async fn list(
    permit: &Permit<ViewOperations>,
    paging: &Paging<OperationFilter>,
    after: Option<(DateTime<Utc>, OperationId)>,
) -> Result<Vec<Operation>, DbErr> {
    let project = permit.target().project();
    let mut sql =
        format!("SELECT {OPERATION} AS also FROM project.operations o WHERE o.workspace_id = $1 AND o.project_id = $2");
    let mut values: Vec<Value> = vec![project.workspace_id.into(), project.id.into()];
    // Writing to a text can't fail.
    let mut require = |condition: &str, value: Option<Value>| {
        if let Some(value) = value {
            values.push(value);
            let _ = write!(sql, " AND o.{condition} ${}", values.len());
        }
    };
    let filter = paging.filter();
    require("kind =", filter.kind.map(|kind| kind.as_str().into()));
    require("occurred_on >=", filter.from.map(Into::into));
    require("occurred_on <=", filter.to.map(Into::into));
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        let _ = write!(sql, " AND (o.recorded_at, o.id) > (${}, ${})", values.len() - 1, values.len());
    }
    values.push(i64::try_from(paging.limit() + 1).unwrap_or(i64::MAX).into());
    let _ = write!(sql, " ORDER BY o.recorded_at, o.id LIMIT ${}", values.len());
    let rows = Row::find_by_statement(statement(sql, values)).all(&permit.db()).await?;
    rows.into_iter().map(|row| read(row.also)).collect()
}

/// An operation that an event tells of, to be posted.
pub(crate) async fn recorded(system: &System<Schema>, id: OperationId) -> Result<Option<Operation>, DbErr> {
    let sql = format!("SELECT {OPERATION} AS also FROM project.operations o WHERE o.id = $1");
    let row = Row::find_by_statement(statement(sql, [id.into()])).one(&system.db()).await?;
    row.map(|row| read(row.also)).transpose()
}

/// The operation that the permit's project has of a request.
pub(crate) async fn of_request<A: Records>(
    permit: &Permit<A>,
    request_key: [u8; 32],
) -> Result<Option<OperationId>, DbErr> {
    let project = permit.target().project();
    let sql = "SELECT id FROM project.operations WHERE project_id = $1 AND request_key = $2 AND workspace_id = $3";
    let values = [project.id.into(), request_key.to_vec().into(), project.workspace_id.into()];
    permit.db().query_one_raw(statement(sql, values)).await?.map(|row| row.try_get("", "id")).transpose()
}

/// Keys and names of projects of a workspace.
pub(crate) async fn names(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    projects: &[ProjectId],
) -> Result<Vec<(ProjectId, String, String)>, DbErr> {
    use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
    project::Entity::find()
        .select_only()
        .columns([project::Column::Id, project::Column::Key, project::Column::Name])
        .filter(project::Column::WorkspaceId.eq(workspace))
        .filter(project::Column::Id.is_in(projects.iter().copied()))
        .into_tuple()
        .all(db)
        .await
}
