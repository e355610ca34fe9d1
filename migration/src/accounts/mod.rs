//! The schema of module `accounts`, step by step.

use crate::Step;

pub(crate) const STEPS: &[Step] = &[
    ("m0001_accounts", include_str!("0001_accounts.sql")),
    ("m0002_profiles", include_str!("0002_profiles.sql")),
    ("m0003_second_factors", include_str!("0003_second_factors.sql")),
    ("m0004_personal_tokens", include_str!("0004_personal_tokens.sql")),
    ("m0005_brake", include_str!("0005_brake.sql")),
    ("m0006_proofs_by_mail", include_str!("0006_proofs_by_mail.sql")),
];
