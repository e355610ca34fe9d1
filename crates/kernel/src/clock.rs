//! Time as a parameter, so that tests can move it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Duration, Utc};

/// Tells the time (UTC, to the microsecond, which is what PostgreSQL keeps). Cheap to clone; clones share their hands.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Microseconds that a test has moved this clock ahead of the system's.
    ahead: Arc<AtomicI64>,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// The current instant.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    pub fn now(&self) -> DateTime<Utc> {
        let moved = Utc::now() + Duration::microseconds(self.ahead.load(Ordering::Relaxed));
        DateTime::from_timestamp_micros(moved.timestamp_micros()).unwrap_or(moved)
    }

    /// Moves this clock and all its clones ahead. For tests.
    pub fn advance(&self, by: Duration) {
        self.ahead.fetch_add(by.num_microseconds().unwrap_or(i64::MAX), Ordering::Relaxed);
    }
}
