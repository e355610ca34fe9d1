//! The calendar that a person's calendar program subscribes to.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Whether there is a secret address. The address itself is told once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CalendarFeed)]
pub struct FeedView {
    /// Since when; null where there is none.
    pub created_at: Option<DateTime<Utc>>,
}

/// A new secret address.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = NewCalendarFeed)]
pub struct FeedAddress {
    /// Where the calendar is, below this server's address. Whoever knows it can read the calendar; it isn't told again.
    pub address: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl std::fmt::Debug for FeedAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address is a secret.
        f.debug_struct("FeedAddress").field("created_at", &self.created_at).finish_non_exhaustive()
    }
}

/// The secret in an address. In the query, because that is written to no log.
#[derive(Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FeedToken {
    /// The secret, as in the address that was told.
    pub token: String,
}

impl std::fmt::Debug for FeedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FeedToken")
    }
}
