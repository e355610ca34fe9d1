//! The schema of module `accounts`, step by step.

use crate::Step;

pub(crate) const STEPS: &[Step] = &[
    ("m0001_accounts", include_str!("0001_accounts.sql")),
    ("m0002_proofs_by_mail", include_str!("0002_proofs_by_mail.sql")),
];
