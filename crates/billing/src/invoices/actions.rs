//! What is done to invoices, as types, and how the guard loads what it is done to.

use kernel::{
    grant::{Permission, Relation},
    guard::{Found, InWorkspace, Listing, Lookup, Place, Sight, Target},
    http::etag_of,
    problem::Problem,
};

use super::{InvoiceFilter, InvoiceId, InvoiceStatus, PLATFORM, store, store::Invoice};
use crate::{
    Schema,
    permissions::{CAN_MANAGE_SUBSCRIPTIONS, CAN_VIEW_SUBSCRIPTIONS},
};

kernel::actions! {
    module Schema;
    /// Write an invoice.
    CreateInvoice: CAN_MANAGE_SUBSCRIPTIONS, on InWorkspace;
    /// See one invoice.
    ViewInvoice: CAN_VIEW_SUBSCRIPTIONS, on InvoiceTarget;
    /// Give it its number.
    FinaliseInvoice: CAN_MANAGE_SUBSCRIPTIONS, on SoldInvoice;
    /// Say that it is paid.
    PayInvoice: CAN_MANAGE_SUBSCRIPTIONS, on SoldInvoice;
    /// Take it back.
    VoidInvoice: CAN_MANAGE_SUBSCRIPTIONS, on SoldInvoice;
}

/// The list of invoices.
#[derive(Debug)]
pub struct InvoiceList;

impl Listing for InvoiceList {
    type Module = Schema;
    type Filter = InvoiceFilter;
    const PERMISSION: &'static Permission = &CAN_VIEW_SUBSCRIPTIONS;
    const SORTS: &'static [&'static str] = &["-created_at"];
}

/// The invoice that the path names by `{id}`, for who reads it. A draft is nobody's but the seller's.
#[derive(Debug)]
pub struct InvoiceTarget {
    row: Invoice,
}

impl InvoiceTarget {
    /// The invoice as the guard loaded it.
    pub(crate) fn invoice(&self) -> &Invoice {
        &self.row
    }
}

impl Target for InvoiceTarget {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let id: InvoiceId = lookup.key("id")?;
        let Some(row) = store::find(&lookup.db(), id).await? else { return Ok(None) };
        let relation = Relation::of(is_for(&row, lookup), false);
        let workspace = row.workspace_id;
        Ok(Some(Found::in_workspace(Self { row }, workspace, relation)))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        sight.holds(&CAN_VIEW_SUBSCRIPTIONS)
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.row.version))
    }
}

fn is_for(row: &Invoice, lookup: &Lookup<'_>) -> bool {
    row.user_id == Some(lookup.caller().user) && row.status != InvoiceStatus::Draft
}

/// The same for who sold it. Nobody stands to it as to their own, least of all whoever is to pay it; the platform's are for those
/// who administer the platform.
#[derive(Debug)]
pub struct SoldInvoice {
    row: Invoice,
    is_for_caller: bool,
}

impl SoldInvoice {
    /// The invoice as the guard loaded it.
    pub(crate) fn invoice(&self) -> &Invoice {
        &self.row
    }
}

impl Target for SoldInvoice {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let id: InvoiceId = lookup.key("id")?;
        let Some(row) = store::find(&lookup.db(), id).await? else { return Ok(None) };
        let place = match row.seller_id {
            PLATFORM => Place::Nowhere(Relation::Other),
            _ => Place::In(vec![(row.workspace_id, Relation::Other)]),
        };
        let is_for_caller = is_for(&row, lookup);
        Ok(Some(Found::at(Self { row, is_for_caller }, place)))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        let may_read = || sight.is_member() && sight.holds_at(&CAN_VIEW_SUBSCRIPTIONS, Relation::Own);
        sight.holds(&CAN_VIEW_SUBSCRIPTIONS) || (self.is_for_caller && may_read())
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.row.version))
    }
}
