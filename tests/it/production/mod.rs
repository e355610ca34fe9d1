//! A real installation: systemd's socket, nginx, restarts, backups; everything as ordinary processes on this machine.

mod backups;
mod configuration;
mod front;
mod handing_over;
mod nginx;
mod outages;
mod restarts;
mod supervised;
mod watching;

pub use nginx::{Front, nginx};
pub use supervised::Supervisor;

use std::time::{Duration, Instant};

/// Asks until the answer is yes; a minute is longer than anything here takes.
async fn eventually(what: &str, asked: impl AsyncFn() -> bool) {
    let patience = Instant::now();
    while !asked().await {
        assert!(patience.elapsed() < Duration::from_secs(60), "{what}: not within a minute");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
