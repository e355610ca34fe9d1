//! A real installation: systemd's socket, nginx, restarts, backups; everything as ordinary processes on this machine.

mod backups;
mod configuration;
mod degrading;
mod front;
mod handing_over;
mod load;
mod nginx;
mod outages;
mod remote;
mod restarts;
mod rolling;
mod supervised;
mod traces;
mod watching;

pub use nginx::{Front, nginx};
pub use supervised::{Supervised, Supervisor};

use std::time::{Duration, Instant};

/// Asks until the answer is yes; a minute is longer than anything here takes.
async fn eventually(what: &str, asked: impl AsyncFn() -> bool) {
    let patience = Instant::now();
    while !asked().await {
        assert!(patience.elapsed() < Duration::from_secs(60), "{what}: not within a minute");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A port that nobody listens on.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
