//! The schema of module `accounts`, step by step.

use crate::Step;

pub(crate) const STEPS: &[Step] = &[
    ("m0001_accounts", include_str!("0001_accounts.sql")),
    ("m0020_second_factors", include_str!("0020_second_factors.sql")),
    ("m0021_personal_tokens", include_str!("0021_personal_tokens.sql")),
];
