//! The schema of module `activity`, step by step.

use crate::Step;

pub(crate) const STEPS: &[Step] = &[
    ("m0001_events", include_str!("0001_events.sql")),
    ("m0002_jobs", include_str!("0002_jobs.sql")),
    ("m0003_notifications", include_str!("0003_notifications.sql")),
];
