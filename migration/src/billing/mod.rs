//! The schema of module `billing`, step by step.

use crate::Step;

pub(crate) const STEPS: &[Step] = &[("m0001_ledger", include_str!("0001_ledger.sql"))];
