//! The ledger: append-only double entry, for every domain that has to do with money.
//!
//! A [`Transfer`] moves amounts between [`Account`]s and sums to zero in each currency; the database itself refuses any
//! other, and refuses to change or delete one. Plans, subscriptions and invoices will be posted to it, too.

mod account;
mod error;
mod ledger;
mod plans;
mod store;
mod subscriptions;
mod transfer;

use kernel::db::Module;

pub use account::{Account, AccountId};
pub use error::LedgerError;
pub use ledger::Ledger;
pub use store::{Selection, Total};
pub use transfer::{Entry, Posted, Transfer, TransferId};

/// The module: its schema is `billing`.
#[derive(Debug)]
pub struct Schema;

impl Module for Schema {
    const NAME: &'static str = "billing";
}
