//! The schema of module `accounts`, step by step.

use crate::Step;

pub(crate) const STEPS: &[Step] = &[];
