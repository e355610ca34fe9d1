//! An instance on a port of its own that nobody holds open for it, as on another machine.

use std::{process::Stdio, time::Duration};

use tokio::process::{Child, Command};

use super::{Supervisor, eventually};
use crate::harness::binary;

/// A process that serves on a port.
pub struct Remote {
    process: Child,
    pub port: u16,
}

impl Remote {
    /// Starts one with the data folder and credentials of `supervisor`, and waits until it is ready.
    pub async fn start(supervisor: &Supervisor, port: u16, variables: &[(&str, &str)]) -> Self {
        let process = Command::new(binary())
            .arg("serve")
            .env("LOBBY__SERVER__LISTEN", format!("127.0.0.1:{port}"))
            .env("LOBBY__SERVER__TRUSTED_PROXIES", "127.0.0.1")
            .env("LOBBY__SERVER__WORKERS", "2")
            .env("LOBBY__DATABASE__MAX_CONNECTIONS", "12")
            .env("LOBBY__DATA_DIR", supervisor.folder.path().join("data"))
            .env("LOBBY__LOG__LEVEL", "warn")
            .env("CREDENTIALS_DIRECTORY", &supervisor.credentials)
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let remote = Self { process, port };
        let ready = remote.url("/ready");
        eventually("it is ready", async || reqwest::get(&ready).await.is_ok_and(|answer| answer.status() == 200)).await;
        remote
    }

    /// An address of its.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Asks it to end, and waits until it has.
    pub async fn stop(mut self) {
        let pid = self.process.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let ended = tokio::time::timeout(Duration::from_secs(60), self.process.wait()).await;
        assert!(ended.unwrap().unwrap().success(), "it did not stop in good order");
    }
}
