//! The only queries of invoices.

use chrono::{DateTime, Utc};
use kernel::{
    guard::Scoped,
    ids::{UserId, WorkspaceId},
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, JsonValue, Value};
use uuid::Uuid;

use super::{InvoiceId, InvoiceList, InvoiceStatus, PLATFORM};
use crate::{
    account::Account,
    reach::shown,
    sql::statement,
    subscriptions::{LineView, SubscriptionId, store::Subscription},
};

/// An invoice.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Invoice {
    pub(crate) id: InvoiceId,
    pub(crate) workspace_id: WorkspaceId,
    pub(crate) seller_id: Uuid,
    pub(crate) user_id: Option<UserId>,
    /// The subscription and the how-manieth bill of it.
    pub(crate) bill: Option<(SubscriptionId, u32)>,
    pub(crate) status: InvoiceStatus,
    pub(crate) number: Option<i64>,
    pub(crate) currency: String,
    pub(crate) lines: Vec<LineView>,
    pub(crate) total: i64,
    pub(crate) transfer_id: Option<Uuid>,
    pub(crate) version: i32,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) finalised_at: Option<DateTime<Utc>>,
    pub(crate) paid_at: Option<DateTime<Utc>>,
    pub(crate) voided_at: Option<DateTime<Utc>>,
}

impl Invoice {
    /// A draft of what a subscription bills.
    pub(crate) fn of_bill(row: &Subscription, bill: u32, lines: Vec<LineView>, now: DateTime<Utc>) -> Self {
        let seller = if row.is_of_workspace() { row.workspace_id.0 } else { PLATFORM };
        let currency = row.state.terms.currency.clone();
        Self { bill: Some((row.id, bill)), ..Self::draft(row.workspace_id, seller, row.user_id, currency, lines, now) }
    }

    /// A draft.
    pub(crate) fn draft(
        workspace_id: WorkspaceId,
        seller_id: Uuid,
        user_id: Option<UserId>,
        currency: String,
        lines: Vec<LineView>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id: InvoiceId::new(now),
            workspace_id,
            seller_id,
            user_id,
            bill: None,
            status: InvoiceStatus::Draft,
            number: None,
            currency,
            total: lines.iter().map(|line| line.amount).fold(0, i64::saturating_add),
            lines,
            transfer_id: None,
            version: 1,
            created_at: now,
            finalised_at: None,
            paid_at: None,
            voided_at: None,
        }
    }

    /// The seller's account of this kind, for whoever pays.
    pub(crate) fn account(&self, kind: &'static str) -> Result<Account, DbErr> {
        let currency = self.currency.parse();
        let currency = currency.map_err(|_| DbErr::Type(format!("{} is no currency", self.currency)))?;
        Ok(Account { kind, owner: self.user_id.map_or(self.workspace_id.0, |user| user.0), currency })
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: InvoiceId,
    workspace_id: WorkspaceId,
    seller_id: Uuid,
    user_id: Option<UserId>,
    subscription_id: Option<SubscriptionId>,
    bill: Option<i32>,
    status: String,
    number: Option<i64>,
    currency: String,
    lines: JsonValue,
    total: i64,
    transfer_id: Option<Uuid>,
    version: i32,
    created_at: DateTime<Utc>,
    finalised_at: Option<DateTime<Utc>>,
    paid_at: Option<DateTime<Utc>>,
    voided_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Invoice {
    type Error = DbErr;

    fn try_from(row: Row) -> Result<Self, DbErr> {
        let lines = serde_json::from_value(row.lines).map_err(|error| DbErr::Json(error.to_string()))?;
        Ok(Self {
            id: row.id,
            workspace_id: row.workspace_id,
            seller_id: row.seller_id,
            user_id: row.user_id,
            bill: row.subscription_id.zip(row.bill.map(i32::unsigned_abs)),
            status: InvoiceStatus::of(&row.status),
            number: row.number,
            currency: row.currency,
            lines,
            total: row.total,
            transfer_id: row.transfer_id,
            version: row.version,
            created_at: row.created_at,
            finalised_at: row.finalised_at,
            paid_at: row.paid_at,
            voided_at: row.voided_at,
        })
    }
}

const ROWS: &str = "SELECT id, workspace_id, seller_id, user_id, subscription_id, bill, status, number, currency, lines, \
    total, transfer_id, version, created_at, finalised_at, paid_at, voided_at FROM billing.invoices";

async fn one(
    db: &impl ConnectionTrait,
    sql: String,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<Invoice>, DbErr> {
    Row::find_by_statement(statement(sql, values)).one(db).await?.map(Invoice::try_from).transpose()
}

/// One invoice.
pub(crate) async fn find(db: &impl ConnectionTrait, id: InvoiceId) -> Result<Option<Invoice>, DbErr> {
    one(db, format!("{ROWS} WHERE id = $1"), [id.into()]).await
}

/// The same, locked until the transaction ends. Its subscription is locked first, if it has one.
pub(crate) async fn lock(tx: &impl ConnectionTrait, id: InvoiceId) -> Result<Option<Invoice>, DbErr> {
    one(tx, format!("{ROWS} WHERE id = $1 FOR UPDATE"), [id.into()]).await
}

/// A bill of a subscription.
pub(crate) async fn of_bill(
    db: &impl ConnectionTrait,
    subscription: SubscriptionId,
    bill: u32,
) -> Result<Option<Invoice>, DbErr> {
    let bill = i32::try_from(bill).unwrap_or(i32::MAX);
    one(db, format!("{ROWS} WHERE subscription_id = $1 AND bill = $2"), [subscription.into(), bill.into()]).await
}

/// Writes a draft.
pub(crate) async fn insert(tx: &impl ConnectionTrait, invoice: &Invoice) -> Result<(), DbErr> {
    let sql = "INSERT INTO billing.invoices (id, workspace_id, seller_id, user_id, subscription_id, bill, status, currency, \
        lines, total, created_at) VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, $8, $9, $10)";
    let (subscription, bill) = invoice.bill.unzip();
    let values = [
        invoice.id.into(),
        invoice.workspace_id.into(),
        invoice.seller_id.into(),
        invoice.user_id.map(|user| user.0).into(),
        subscription.map(|subscription| subscription.0).into(),
        bill.map(|bill| i32::try_from(bill).unwrap_or(i32::MAX)).into(),
        invoice.currency.clone().into(),
        serde_json::to_value(&invoice.lines).map_err(|error| DbErr::Json(error.to_string()))?.into(),
        invoice.total.into(),
        invoice.created_at.into(),
    ];
    tx.execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// The next number of a seller. Others wait for it until the transaction ends; given up with it, so there is no gap.
pub(crate) async fn next_number(tx: &impl ConnectionTrait, seller: Uuid) -> Result<i64, DbErr> {
    let sql = "INSERT INTO billing.invoice_numbers AS n (seller_id, last) VALUES ($1, 1) \
        ON CONFLICT (seller_id) DO UPDATE SET last = n.last + 1 RETURNING last";
    let row = tx.query_one_raw(statement(sql, [seller.into()])).await?;
    row.map_or(Ok(1), |row| row.try_get("", "last"))
}

/// Stores how it stands.
pub(crate) async fn save(tx: &impl ConnectionTrait, invoice: &mut Invoice) -> Result<(), DbErr> {
    invoice.version += 1;
    let sql = "UPDATE billing.invoices SET status = $2, number = $3, transfer_id = $4, version = $5, finalised_at = $6, \
        paid_at = $7, voided_at = $8 WHERE id = $1";
    let values = [
        invoice.id.into(),
        invoice.status.as_str().into(),
        invoice.number.into(),
        invoice.transfer_id.into(),
        invoice.version.into(),
        invoice.finalised_at.into(),
        invoice.paid_at.into(),
        invoice.voided_at.into(),
    ];
    tx.execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// A page of what the caller may see, the newest first. One statement.
pub(crate) async fn page(
    scoped: &Scoped<InvoiceList>,
    after: Option<(DateTime<Utc>, InvoiceId)>,
    limit: u64,
) -> Result<Vec<Invoice>, DbErr> {
    let mut values = Vec::new();
    let mut sql = format!("{ROWS} WHERE {}", shown(scoped, " AND status <> 'draft'", &mut values));
    if let Some(status) = scoped.filter().status {
        values.push(status.as_str().into());
        sql = format!("{sql} AND status = ${}", values.len());
    }
    if let Some(subscription) = scoped.filter().subscription {
        values.push(subscription.into());
        sql = format!("{sql} AND subscription_id = ${}", values.len());
    }
    if let Some((at, id)) = after {
        values.extend([at.into(), id.into()]);
        sql = format!("{sql} AND (created_at, id) < (${}, ${})", values.len() - 1, values.len());
    }
    sql = format!("{sql} ORDER BY created_at DESC, id DESC LIMIT {limit}");
    let rows = Row::find_by_statement(statement(sql, values)).all(&scoped.db()).await?;
    rows.into_iter().map(Invoice::try_from).collect()
}
