//! Transfers: what is posted.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::ids::{UserId, WorkspaceId};

use crate::account::Account;

kernel::id_types! {
    /// A transfer of the ledger.
    TransferId,
}

/// One line of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where.
    pub account: Account,
    /// Minor units of the account's currency: a debit is positive, a credit negative. Never zero.
    pub amount: i64,
}

/// Amounts that move between accounts, and sum to zero in each currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Its identity.
    pub id: TransferId,
    /// Where.
    pub workspace: WorkspaceId,
    /// By what a repetition is known in the workspace: 1–255 characters. Posted twice, it is posted once.
    pub key: String,
    /// The transfer that it takes back, if it does: then its entries are that one's, with the opposite sign. A transfer is
    /// taken back once, and what takes back isn't.
    pub reverses: Option<TransferId>,
    /// The day it counts for.
    pub occurred_on: NaiveDate,
    /// When it is posted.
    pub posted_at: DateTime<Utc>,
    /// Who posts it; nobody, when the program does.
    pub actor: Option<UserId>,
    /// Its lines, two or more.
    pub entries: Vec<Entry>,
}

impl Transfer {
    /// The lines of a plain one: `amount` is debited to one account and credited to another.
    pub fn between(debit: Account, credit: Account, amount: i64) -> Vec<Entry> {
        vec![Entry { account: debit, amount }, Entry { account: credit, amount: -amount }]
    }

    /// The lines that take these back.
    pub fn mirrored(entries: &[Entry]) -> Vec<Entry> {
        entries.iter().map(|entry| Entry { amount: -entry.amount, ..*entry }).collect()
    }
}

/// What came of posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The transfer of the key.
    pub id: TransferId,
    /// Whether it was posted now, not before.
    pub is_new: bool,
}
