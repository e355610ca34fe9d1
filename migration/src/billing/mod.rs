//! The schema of module `billing`, step by step.

use crate::Step;

pub(crate) const STEPS: &[Step] = &[
    ("m0001_ledger", include_str!("0001_ledger.sql")),
    ("m0002_plans", include_str!("0002_plans.sql")),
    ("m0003_subscriptions", include_str!("0003_subscriptions.sql")),
    ("m0004_invoices", include_str!("0004_invoices.sql")),
    ("m0005_due_by_workspace", include_str!("0005_due_by_workspace.sql")),
    ("m0006_failures", include_str!("0006_failures.sql")),
];
