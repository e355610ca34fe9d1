//! The schema of module `project`, step by step.

use crate::{PLAN_BOUNDS, SEARCH_STATEMENT, Step};

pub(crate) const STEPS: &[Step] = &[
    ("m0001_projects", include_str!("0001_projects.sql")),
    ("m0002_money", include_str!("0002_money.sql")),
    ("m0003_search", include_str!("0003_search.sql")),
    ("m0004_search_statement", SEARCH_STATEMENT),
    ("m0005_ranked_search", include_str!("0005_ranked_search.sql")),
    ("m0006_lock_books", include_str!("0006_lock_books.sql")),
    ("m0007_plan_bounds", PLAN_BOUNDS),
];
