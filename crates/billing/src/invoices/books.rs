//! What becomes of an invoice, with what it posts to the ledger, in one transaction.

use kernel::{ids::WorkspaceId, outbox::Event};
use serde_json::json;

use super::{
    InvoiceStatus, PLATFORM,
    store::{self, Invoice},
};
use crate::{
    problems::BillingError,
    subscriptions::{Books, Means, SubscriptionId},
    transfer::{Entry, Transfer, TransferId},
};

/// The kinds of accounts: what subscribers owe, what was earned, what was paid. Words of their own, apart from what projects keep
/// in the same workspace.
const RECEIVABLE: &str = "plan_receivable";
const REVENUE: &str = "plan_revenue";
const CASH: &str = "plan_cash";

/// Writes and finalises what a subscription bills.
pub(crate) async fn bill<B: Books>(tx: &B, means: Means<'_>, mut invoice: Invoice) -> Result<(), BillingError> {
    store::insert(tx, &invoice).await?;
    finalise(tx, means, &mut invoice).await
}

/// Gives a draft its number and posts it.
pub(super) async fn finalise<B: Books>(tx: &B, means: Means<'_>, invoice: &mut Invoice) -> Result<(), BillingError> {
    require(invoice, InvoiceStatus::Draft)?;
    let entries = Transfer::between(invoice.account(RECEIVABLE)?, invoice.account(REVENUE)?, invoice.total);
    let posted = post(tx, means, invoice, "finalised", None, entries).await?;
    // Last, because others who number wait for it.
    invoice.number = Some(store::next_number(tx, invoice.seller_id).await?);
    (invoice.status, invoice.finalised_at) = (InvoiceStatus::Finalised, Some(means.at));
    invoice.transfer_id = Some(posted.0);
    store::save(tx, invoice).await?;
    Ok(tx.tell(told("billing.invoice_finalised", invoice, means)).await?)
}

/// Notes that it is paid.
pub(super) async fn pay<B: Books>(tx: &B, means: Means<'_>, invoice: &mut Invoice) -> Result<(), BillingError> {
    require(invoice, InvoiceStatus::Finalised)?;
    let entries = Transfer::between(invoice.account(CASH)?, invoice.account(RECEIVABLE)?, invoice.total);
    post(tx, means, invoice, "paid", None, entries).await?;
    (invoice.status, invoice.paid_at) = (InvoiceStatus::Paid, Some(means.at));
    store::save(tx, invoice).await?;
    Ok(tx.tell(told("billing.invoice_paid", invoice, means)).await?)
}

/// Takes it back, with what it posted.
pub(super) async fn void<B: Books>(tx: &B, means: Means<'_>, invoice: &mut Invoice) -> Result<(), BillingError> {
    if !matches!(invoice.status, InvoiceStatus::Draft | InvoiceStatus::Finalised) {
        return Err(BillingError::InvoiceStands(invoice.status.as_str()));
    }
    if let Some(transfer) = invoice.transfer_id {
        let entries = Transfer::between(invoice.account(RECEIVABLE)?, invoice.account(REVENUE)?, invoice.total);
        let mirrored = Transfer::mirrored(&entries);
        post(tx, means, invoice, "voided", Some(TransferId(transfer)), mirrored).await?;
    }
    (invoice.status, invoice.voided_at) = (InvoiceStatus::Void, Some(means.at));
    store::save(tx, invoice).await?;
    Ok(tx.tell(told("billing.invoice_voided", invoice, means)).await?)
}

/// Takes back a bill of a subscription, unless it was paid or taken back in the same instant.
pub(crate) async fn void_bill<B: Books>(
    tx: &B,
    means: Means<'_>,
    subscription: SubscriptionId,
    bill: u32,
) -> Result<(), BillingError> {
    match open_bill(tx, subscription, bill).await? {
        Some(mut invoice) => void(tx, means, &mut invoice).await,
        None => Ok(()),
    }
}

/// Notes that a bill of a subscription is paid; answers whether it was to be.
pub(crate) async fn pay_bill<B: Books>(
    tx: &B,
    means: Means<'_>,
    subscription: SubscriptionId,
    bill: u32,
) -> Result<bool, BillingError> {
    let Some(mut invoice) = open_bill(tx, subscription, bill).await? else { return Ok(false) };
    pay(tx, means, &mut invoice).await?;
    Ok(true)
}

async fn open_bill<B: Books>(tx: &B, subscription: SubscriptionId, bill: u32) -> Result<Option<Invoice>, BillingError> {
    // Under the subscription's lock, so nobody else settles it meanwhile.
    let invoice = store::of_bill(tx, subscription, bill).await?;
    Ok(invoice.filter(|invoice| invoice.status == InvoiceStatus::Finalised))
}

fn require(invoice: &Invoice, status: InvoiceStatus) -> Result<(), BillingError> {
    if invoice.status == status { Ok(()) } else { Err(BillingError::InvoiceStands(invoice.status.as_str())) }
}

async fn post<B: Books>(
    tx: &B,
    means: Means<'_>,
    invoice: &Invoice,
    what: &str,
    reverses: Option<TransferId>,
    entries: Vec<Entry>,
) -> Result<TransferId, BillingError> {
    // The platform's books are those of no workspace.
    let books = if invoice.seller_id == PLATFORM { WorkspaceId(PLATFORM) } else { invoice.workspace_id };
    let transfer = Transfer {
        id: TransferId::new(means.now),
        workspace: books,
        key: format!("invoice:{}:{what}", invoice.id),
        reverses,
        occurred_on: means.at.date_naive(),
        posted_at: means.now,
        actor: means.actor,
        entries,
    };
    Ok(means.ledger.post_in(tx, &transfer).await?.id)
}

fn told(action: &str, invoice: &Invoice, means: Means<'_>) -> Event {
    let event = Event::new(action, "invoice", invoice.id.0, means.now)
        .in_workspace(invoice.workspace_id)
        .fact("number", json!(invoice.number))
        .fact("total", invoice.total)
        .fact("currency", invoice.currency.as_str())
        .fact("happened_at", means.at.to_rfc3339());
    let event = match invoice.bill {
        Some((subscription, _)) => event.fact("subscription_id", subscription.to_string()),
        None => event,
    };
    match invoice.user_id {
        Some(user) => event.fact("user_id", user.to_string()),
        None => event,
    }
}
