//! The schema of module `project`, step by step.

use crate::Step;

pub(crate) const STEPS: &[Step] = &[
    ("m0001_projects", include_str!("0001_projects.sql")),
    ("m0002_money", include_str!("0002_money.sql")),
    ("m0003_search", include_str!("0003_search.sql")),
];
