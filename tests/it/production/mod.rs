//! A real installation: systemd's socket, nginx, restarts, backups; everything as ordinary processes on this machine.

mod backups;
mod configuration;
mod consoles;
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

use crate::harness::eventually;

/// A port that nobody listens on.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
