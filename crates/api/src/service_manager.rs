//! What the service manager is told (`sd_notify`): that the program serves, stops, and is alive. Without one, nothing.
//!
//! The protocol is a datagram of `NAME=value` lines to the socket in `NOTIFY_SOCKET`.

use std::{env, os::unix::net::UnixDatagram, time::Duration};

use tokio::task::JoinHandle;

/// Tells the service manager something, if there is one.
#[derive(Clone, Debug, Default)]
pub struct ServiceManager {
    socket: Option<String>,
    watchdog: Option<Duration>,
}

impl ServiceManager {
    /// The one that started this process.
    pub fn of_this_process() -> Self {
        // Meant for another process, if it names one.
        let is_ours = env::var("WATCHDOG_PID").map_or(true, |pid| pid == std::process::id().to_string());
        let microseconds = env::var("WATCHDOG_USEC").ok().filter(|_| is_ours).and_then(|text| text.parse().ok());
        Self { socket: env::var("NOTIFY_SOCKET").ok(), watchdog: microseconds.map(Duration::from_micros) }
    }

    /// It serves.
    pub fn ready(&self) {
        self.tell("READY=1");
    }

    /// It stops: running requests end first.
    pub fn stopping(&self) {
        self.tell("STOPPING=1");
    }

    /// Says that the program is alive for as long as its runtime goes round, twice as often as is asked for. What hangs is killed
    /// and started again.
    pub fn keep_watch(&self) -> Option<JoinHandle<()>> {
        let every = self.watchdog? / 2;
        let this = self.clone();
        Some(tokio::spawn(async move {
            loop {
                this.tell("WATCHDOG=1");
                tokio::time::sleep(every).await;
            }
        }))
    }

    fn tell(&self, what: &str) {
        let Some(socket) = &self.socket else { return };
        let told = UnixDatagram::unbound().and_then(|us| us.send_to(what.as_bytes(), socket));
        if let Err(error) = told {
            tracing::warn!(%error, what, "the service manager was not told");
        }
    }
}
