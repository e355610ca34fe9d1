//! From what the ledger's accounts were debited and credited to the figures of a report.

use std::collections::BTreeMap;

use billing::Total;
use chrono::NaiveDate;
use uuid::Uuid;

use super::accounts::{CASH, PAYOUTS, RECEIVABLE, REFUNDS, REVENUE};

/// What a report says of one currency, month or project, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) issued: i64,
    pub(crate) paid: i64,
    pub(crate) credited: i64,
    pub(crate) refunded: i64,
    pub(crate) withdrawn: i64,
    pub(crate) receivable: i64,
    pub(crate) balance: i64,
}

impl Figures {
    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        let sum = i64::saturating_add;
        Self {
            issued: sum(self.issued, other.issued),
            paid: sum(self.paid, other.paid),
            credited: sum(self.credited, other.credited),
            refunded: sum(self.refunded, other.refunded),
            withdrawn: sum(self.withdrawn, other.withdrawn),
            receivable: sum(self.receivable, other.receivable),
            balance: sum(self.balance, other.balance),
        }
    }
}

/// What the figures are of: currency, month, project.
pub(crate) type Of = (String, Option<NaiveDate>, Option<Uuid>);

/// The figures of each group. `receivable` and `balance` are what the ledger's accounts hold; because every transfer
/// balances, `receivable = issued − paid − credited`, and `balance = paid − refunded − withdrawn`.
pub(crate) fn reckon(totals: Vec<Total>) -> BTreeMap<Of, Figures> {
    let mut groups: BTreeMap<Of, Figures> = BTreeMap::new();
    for Total { currency, kind, month, owner, debits, credits } in totals {
        // Kept by another domain, maybe for an owner that is no project: none of a report's figures.
        if ![REVENUE, RECEIVABLE, CASH, REFUNDS, PAYOUTS].contains(&kind.as_str()) {
            continue;
        }
        let group = groups.entry((currency, month, owner)).or_default();
        let net = debits.saturating_sub(credits);
        match kind.as_str() {
            REVENUE => (group.issued, group.credited) = (credits, debits),
            RECEIVABLE => group.receivable = net,
            CASH => group.balance = net,
            REFUNDS => group.refunded = net,
            PAYOUTS => group.withdrawn = net,
            _ => {}
        }
    }
    for group in groups.values_mut() {
        group.paid = group.balance.saturating_add(group.refunded).saturating_add(group.withdrawn);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_follow_from_the_accounts() {
        let total = |kind: &str, debits, credits| Total {
            currency: "EUR".into(),
            kind: kind.into(),
            month: None,
            owner: None,
            debits,
            credits,
        };
        // Invoices of 100 and 40, the second taken back; 70 paid; 20 refunded; 5 withdrawn.
        let totals = vec![
            total(REVENUE, 40, 140),
            total(RECEIVABLE, 140, 110),
            total(CASH, 70, 25),
            total(REFUNDS, 20, 0),
            total(PAYOUTS, 5, 0),
            total("wages", 9, 9),
        ];
        let figures = reckon(totals).into_values().next().unwrap();
        let expected =
            Figures { issued: 140, paid: 70, credited: 40, refunded: 20, withdrawn: 5, receivable: 30, balance: 45 };
        assert_eq!(figures, expected);
        assert_eq!(figures.receivable, figures.issued - figures.paid - figures.credited);
    }
}
