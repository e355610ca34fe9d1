//! The schema of module `gallery`, step by step.

use crate::Step;

pub(crate) const STEPS: &[Step] = &[];
