//! The ledger, and what is sold: plans, subscriptions, invoices, entitlements.
//!
//! The ledger is append-only double entry, for every domain that has to do with money: a [`Transfer`] moves amounts between
//! [`Account`]s and sums to zero in each currency; the database itself refuses any other, and refuses to change or delete one.
//! Plans are sold by the platform to workspaces and by workspaces to their members; what becomes of a subscription is decided by a
//! pure machine, and posted.

mod account;
mod entitlements;
mod error;
mod invoices;
mod ledger;
mod permissions;
mod plans;
pub mod ports;
mod problems;
mod reach;
mod sql;
mod store;
mod subject;
mod subscriber;
mod subscriptions;
mod transfer;

use kernel::{db::Module, http::Routes};

pub use account::{Account, AccountId};
pub use entitlements::{Bound, BoundSource, Bounds, EntitledLimit, Entitlements, EntitlementsOf, EntitlementsView};
pub use error::LedgerError;
pub use invoices::{
    CreateInvoice, FinaliseInvoice, InvoiceFilter, InvoiceId, InvoiceList, InvoiceStatus, InvoiceTarget, InvoiceView,
    Invoices, NewInvoice, NewLine, PayInvoice, SoldInvoice, ViewInvoice, VoidInvoice,
};
pub use ledger::Ledger;
pub use permissions::*;
pub use plans::{
    CreatePlan, EditPlan, Features, NewPlan, NewPlatformPlan, PlanContent, PlanFilter, PlanId, PlanTarget, PlanView,
    Plans, PublishPlan, RetirePlan, ThePlatform, provision,
};
pub use problems::BillingError;
pub use store::{Selection, Total};
pub use subject::SUBSCRIPTIONS;
pub use subscriber::Departures;
pub use subscriptions::{
    BillingSettings, CancelFilter, CancelSubscription, ChangeSubscription, ChosenPlan, ClockMove, ClockView, LineView,
    MoveTestClock, NewSubscription, PlanChange, PlanRef, QuoteSubscription, QuoteView, Subscribe, SubscriptionFilter,
    SubscriptionId, SubscriptionList, SubscriptionTarget, SubscriptionView, Subscriptions, ViewSubscription,
    machine::{Effective, Interval, Patience, Refused, Status},
};
pub use transfer::{Entry, Posted, Transfer, TransferId};

/// The module: its schema is `billing`.
#[derive(Debug)]
pub struct Schema;

impl Module for Schema {
    const NAME: &'static str = "billing";
}

/// Everything the module answers to.
pub fn routes() -> Routes {
    plans::routes::all().and(subscriptions::routes::all()).and(invoices::routes::all()).and(entitlements::routes())
}
