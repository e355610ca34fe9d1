//! Invoices: what a seller asks of a subscriber, numbered without gaps and posted to the ledger.

mod actions;
mod books;
mod dto;
pub(crate) mod routes;
mod service;
mod store;

pub use actions::{
    CreateInvoice, FinaliseInvoice, InvoiceList, InvoiceTarget, PayInvoice, SoldInvoice, ViewInvoice, VoidInvoice,
};
pub(crate) use books::{bill, pay_bill, void_bill};
pub use dto::{InvoiceFilter, InvoiceStatus, InvoiceView, NewInvoice, NewLine};
pub use service::Invoices;
pub(crate) use store::{Invoice, of_bill};

kernel::id_types! {
    /// An invoice.
    InvoiceId,
}

/// The seller that the platform is, in numbers of invoices and in the ledger.
pub(crate) const PLATFORM: uuid::Uuid = uuid::Uuid::nil();
