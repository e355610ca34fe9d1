//! The schema of module `activity`, step by step.

use crate::Step;

pub(crate) const STEPS: &[Step] = &[("m0001_events", include_str!("0001_events.sql"))];
