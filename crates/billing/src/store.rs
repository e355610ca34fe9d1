//! The only queries of the ledger. Each names its workspace.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::ids::WorkspaceId;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::transfer::{Posted, Transfer, TransferId};

/// Posts a transfer with all of its entries and the accounts that are new. One statement.
pub(crate) async fn post(db: &impl ConnectionTrait, transfer: &Transfer) -> Result<Posted, DbErr> {
    let entries = &transfer.entries;
    let ids: Vec<Uuid> = entries.iter().map(|entry| entry.account.id(transfer.workspace).0).collect();
    let kinds: Vec<String> = entries.iter().map(|entry| entry.account.kind.to_owned()).collect();
    let owners: Vec<Uuid> = entries.iter().map(|entry| entry.account.owner).collect();
    let currencies: Vec<String> = entries.iter().map(|entry| entry.account.currency.code().to_owned()).collect();
    let amounts: Vec<i64> = entries.iter().map(|entry| entry.amount).collect();
    let values = [
        transfer.id.into(),
        transfer.workspace.into(),
        transfer.key.clone().into(),
        transfer.reverses.map(|reversed| reversed.0).into(),
        transfer.occurred_on.into(),
        transfer.posted_at.into(),
        transfer.actor.map(|actor| actor.0).into(),
        ids.into(),
        kinds.into(),
        owners.into(),
        currencies.into(),
        amounts.into(),
    ];
    let sql = "SELECT id, is_new FROM billing.post($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let row = db.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("billing.post answered nothing".to_owned()))?;
    Ok(Posted { id: TransferId(row.try_get("", "id")?), is_new: row.try_get("", "is_new")? })
}

/// Which entries to add up, and by what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Of this owner's accounts only.
    pub owner: Option<Uuid>,
    /// In this currency only.
    pub currency: Option<String>,
    /// That count for this day or a later one.
    pub from: Option<NaiveDate>,
    /// That count for this day or an earlier one.
    pub to: Option<NaiveDate>,
    /// That were posted by this moment: what the ledger said then.
    pub as_of: Option<DateTime<Utc>>,
    /// Each month by itself.
    pub by_month: bool,
    /// Each owner by itself.
    pub by_owner: bool,
}

/// What was debited and credited to one kind of account.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Total {
    /// The currency's code.
    pub currency: String,
    /// The kind of account.
    pub kind: String,
    /// The first day of the month, where each is by itself.
    pub month: Option<NaiveDate>,
    /// The owner, where each is by itself.
    pub owner: Option<Uuid>,
    /// The sum of the debits, in minor units.
    pub debits: i64,
    /// The sum of the credits, as a positive number.
    pub credits: i64,
}

pub(crate) async fn totals(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    selection: &Selection,
) -> Result<Vec<Total>, DbErr> {
    let month = if selection.by_month { "date_trunc('month', e.occurred_on::timestamp)::date" } else { "NULL::date" };
    let owner = if selection.by_owner { "a.owner_id" } else { "NULL::uuid" };
    let mut sql = format!(
        "SELECT a.currency, a.kind, {month} AS month, {owner} AS owner, \
         coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0)::bigint AS debits, \
         coalesce(-sum(e.amount) FILTER (WHERE e.amount < 0), 0)::bigint AS credits \
         FROM billing.accounts a \
         JOIN billing.entries e ON e.workspace_id = a.workspace_id AND e.account_id = a.id \
         WHERE a.workspace_id = $1 AND e.workspace_id = $1"
    );
    let mut values: Vec<Value> = vec![workspace.into()];
    // Only the conditions that are asked for: the planner need not prepare for those that aren't.
    // Writing to a text can't fail.
    let mut require = |condition: &str, value: Option<Value>| {
        if let Some(value) = value {
            values.push(value);
            let _ = write!(sql, " AND {condition} ${}", values.len());
        }
    };
    require("a.owner_id =", selection.owner.map(Into::into));
    require("a.currency =", selection.currency.clone().map(Into::into));
    require("e.occurred_on >=", selection.from.map(Into::into));
    require("e.occurred_on <=", selection.to.map(Into::into));
    require("e.posted_at <=", selection.as_of.map(Into::into));
    sql.push_str(" GROUP BY 1, 2, 3, 4 ORDER BY 1, 3, 4, 2");
    Total::find_by_statement(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).all(db).await
}
