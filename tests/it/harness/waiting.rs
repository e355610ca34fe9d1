//! Waiting for what happens beside the requests.

use std::{
    panic::Location,
    time::{Duration, Instant},
};

/// Longer than anything takes on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Asks until the answer is yes, or for so long that it never will be.
#[track_caller]
pub fn eventually(what: &str, ask: impl AsyncFn() -> bool) -> impl Future<Output = ()> {
    let (place, begun) = (Location::caller(), Instant::now());
    async move {
        while !ask().await {
            assert!(begun.elapsed() < PATIENCE, "{place}: never: {what}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
