//! The schema of module `workshop`, step by step.

use crate::{SEARCH_STATEMENT, Step};

pub(crate) const STEPS: &[Step] = &[
    ("m0001_workshops", include_str!("0001_workshops.sql")),
    ("m0002_registering", include_str!("0002_registering.sql")),
    ("m0003_search", include_str!("0003_search.sql")),
    ("m0004_messages_and_feeds", include_str!("0004_messages_and_feeds.sql")),
    ("m0005_search_statement", SEARCH_STATEMENT),
    ("m0006_ranked_search", include_str!("0006_ranked_search.sql")),
];
