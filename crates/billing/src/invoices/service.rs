//! The rules of invoices.

use std::sync::Arc;

use kernel::{
    guard::{Identified, Permit, Scoped, Tx},
    http::{Created, Tagged, etag_of},
    outbox::Event,
    page::Page,
};

use super::{
    InvoiceList, InvoiceView, NewInvoice, SoldInvoice,
    actions::{CreateInvoice, FinaliseInvoice, PayInvoice, VoidInvoice},
    books,
    store::{self, Invoice},
};
use crate::{
    plans::MAX_PRICE,
    problems::BillingError,
    subscriptions::{
        Done, LineView, Means, Subscriptions, after_payment, after_waiver,
        store::{self as subscriptions, Subscription},
    },
};

/// Invoices and what becomes of them.
#[derive(Debug)]
pub struct Invoices {
    subscriptions: Arc<Subscriptions>,
}

impl Invoices {
    /// The service, with what follows from a payment.
    pub fn new(subscriptions: Arc<Subscriptions>) -> Self {
        Self { subscriptions }
    }

    /// Writes a draft.
    pub async fn create(
        &self,
        permit: &Permit<CreateInvoice>,
        new: NewInvoice,
    ) -> Result<Created<InvoiceView>, BillingError> {
        let workspace = permit.workspace();
        self.subscriptions.require_member(workspace, new.user_id, "/user_id").await?;
        let line = |line: super::NewLine| LineView { description: line.description, amount: line.amount };
        let lines = new.lines.into_iter().map(line).collect();
        let invoice = Invoice::draft(workspace, workspace.0, Some(new.user_id), new.currency, lines, permit.now());
        if !(1..=MAX_PRICE).contains(&invoice.total) {
            return Err(BillingError::NoTotal);
        }
        let tx = permit.begin().await?;
        store::insert(&tx, &invoice).await?;
        let event = Event::new("billing.invoice_created", "invoice", invoice.id.0, permit.now());
        tx.announce(event.in_workspace(workspace).fact("user_id", new.user_id.to_string())).await?;
        let location = format!("/invoices/{}", invoice.id);
        let reply = Created::at(location, Some(etag_of(invoice.version)), InvoiceView::from(&invoice));
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// A page of what the caller may see.
    pub async fn list(&self, scoped: &Scoped<InvoiceList>) -> Result<Page<InvoiceView>, BillingError> {
        let paging = scoped.paging();
        let rows = store::page(scoped, paging.after()?, paging.limit() + 1).await?;
        let page = paging.page(rows, |row| (row.created_at, row.id))?;
        Ok(page.map(|row| InvoiceView::from(&row)))
    }

    /// Gives it its number.
    pub async fn finalise(&self, permit: &Permit<FinaliseInvoice>) -> Result<Tagged<InvoiceView>, BillingError> {
        let tx = permit.begin().await?;
        let (_, mut invoice) = self.locked(&tx).await?;
        let means = self.means(&tx, &invoice).await?;
        books::finalise(&tx, means, &mut invoice).await?;
        let reply = tagged(&invoice);
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// Notes that it is paid, and lets follow what follows.
    pub async fn pay(&self, permit: &Permit<PayInvoice>) -> Result<Tagged<InvoiceView>, BillingError> {
        let tx = permit.begin().await?;
        let (subscription, mut invoice) = self.locked(&tx).await?;
        let means = self.means(&tx, &invoice).await?;
        books::pay(&tx, means, &mut invoice).await?;
        let mut done = Done::default();
        if let Some((mut row, bill)) = subscription {
            done = after_payment(&tx, means, &mut row, bill).await?;
        }
        let reply = tagged(&invoice);
        tx.commit_with(&reply).await?;
        self.subscriptions.follow(&done).await;
        Ok(reply)
    }

    /// Takes it back; what rested on it ends.
    pub async fn void(&self, permit: &Permit<VoidInvoice>) -> Result<Tagged<InvoiceView>, BillingError> {
        let tx = permit.begin().await?;
        let (subscription, mut invoice) = self.locked(&tx).await?;
        let means = self.means(&tx, &invoice).await?;
        books::void(&tx, means, &mut invoice).await?;
        let mut done = Done::default();
        if let Some((mut row, bill)) = subscription {
            done = after_waiver(&tx, means, &mut row, bill).await?;
        }
        let reply = tagged(&invoice);
        tx.commit_with(&reply).await?;
        self.subscriptions.follow(&done).await;
        Ok(reply)
    }

    async fn means<A: Identified>(&self, tx: &Tx<'_, A>, invoice: &Invoice) -> Result<Means<'_>, BillingError> {
        let now = tx.permit().now();
        let at = self.subscriptions.billing_time(tx, invoice.workspace_id, now).await?;
        Ok(Means { actor: Some(tx.permit().caller()), ..self.subscriptions.means(now, at) })
    }

    /// The invoice, and first the subscription that it is a bill of, locked: in this order, as everything that becomes of one. What was
    /// due of the subscription has happened then, which may have taken the invoice back.
    async fn locked<A: Identified<Target = SoldInvoice>>(
        &self,
        tx: &Tx<'_, A>,
    ) -> Result<(Option<(Subscription, u32)>, Invoice), BillingError> {
        let known = tx.permit().target().invoice();
        let mut subscription = None;
        if let Some((id, bill)) = known.bill
            && let Some(mut row) = subscriptions::lock(tx, id).await?
        {
            let now = tx.permit().now();
            let at = self.subscriptions.billing_time(tx, row.workspace_id, now).await?;
            self.subscriptions.catch_up(tx, &mut row, now, at).await?;
            subscription = Some((row, bill));
        }
        let invoice = store::lock(tx, known.id).await?.ok_or(BillingError::Missing)?;
        tx.check_version(&etag_of(invoice.version))?;
        Ok((subscription, invoice))
    }
}

fn tagged(invoice: &Invoice) -> Tagged<InvoiceView> {
    Tagged::new(invoice.version, InvoiceView::from(invoice))
}
