//! Which accounts of the ledger an operation moves its amount between.
//!
//! | Operation | Debit | Credit |
//! |---|---|---|
//! | invoice | receivable | revenue |
//! | deposit | cash | receivable |
//! | refund | refunds | cash |
//! | withdrawal | payouts | cash |
//!
//! A reversal posts the same with the sides changed. A refund gives money back for good: what is owed stays.

use billing::{Account, Entry, Transfer, TransferId};
use kernel::money::Currency;

use super::Operation;
use crate::{dto::OperationKind, error::ProjectError};

/// What the client owes.
pub(super) const RECEIVABLE: &str = "receivable";
/// What was invoiced (credits) and taken back of it (debits).
pub(super) const REVENUE: &str = "revenue";
/// What lies there.
pub(super) const CASH: &str = "cash";
/// What was given back to the client.
pub(super) const REFUNDS: &str = "refunds";
/// What was taken out.
pub(super) const PAYOUTS: &str = "payouts";

/// The account that is debited, and the one that is credited.
fn sides(kind: OperationKind) -> Option<(&'static str, &'static str)> {
    match kind {
        OperationKind::Invoice => Some((RECEIVABLE, REVENUE)),
        OperationKind::Deposit => Some((CASH, RECEIVABLE)),
        OperationKind::Refund => Some((REFUNDS, CASH)),
        OperationKind::Withdrawal => Some((PAYOUTS, CASH)),
        OperationKind::Reversal => None,
    }
}

/// What is posted for an operation: a transfer of the same id, so that it can be posted any number of times.
pub(crate) fn transfer_of(operation: &Operation) -> Result<Transfer, ProjectError> {
    let kind = operation.reversed_kind.unwrap_or(operation.kind);
    let (Some((debit, credit)), Some(currency)) = (sides(kind), Currency::of(&operation.currency)) else {
        return Err(ProjectError::Unreadable);
    };
    let account = |kind| Account { kind, owner: operation.project_id.0, currency };
    let entries: Vec<Entry> = Transfer::between(account(debit), account(credit), operation.amount);
    Ok(Transfer {
        id: TransferId(operation.id.0),
        workspace: operation.workspace_id,
        key: format!("project.operation:{}", operation.id),
        reverses: operation.reverses.map(|reversed| TransferId(reversed.0)),
        occurred_on: operation.occurred_on,
        posted_at: operation.recorded_at,
        actor: Some(operation.recorded_by),
        entries: if operation.reverses.is_some() { Transfer::mirrored(&entries) } else { entries },
    })
}
