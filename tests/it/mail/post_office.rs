//! The mail server of a test: a real one, in a process of its own.

use std::{
    process::Stdio,
    sync::{Arc, Mutex},
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    task::JoinHandle,
};

use super::eventually;

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The running server; dropped, it is gone.
pub struct PostOffice {
    said: Arc<Mutex<Vec<Value>>>,
    reading: JoinHandle<()>,
    _server: Child,
}

impl PostOffice {
    /// Opens on a port, with further arguments of `tests/mail_server.py`.
    pub async fn open(port: u16, arguments: &[&str]) -> Self {
        let mut server = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/mail-server"))
            .args(["--port", &port.to_string()])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("ready"), "the mail server didn't start");
        let said = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&said);
        let reading = tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                kept.lock().unwrap().push(serde_json::from_str(&line).unwrap());
            }
        });
        Self { said, reading, _server: server }
    }

    /// What arrived.
    pub fn mails(&self) -> Vec<Value> {
        self.said.lock().unwrap().iter().filter(|said| said["refused"].is_null()).cloned().collect()
    }

    /// How often this recipient was refused.
    pub fn refusals(&self, address: &str) -> usize {
        self.said.lock().unwrap().iter().filter(|said| said["refused"] == address).count()
    }

    /// The mails to someone about something, in the order in which they arrived.
    pub fn about(&self, to: &str, subject: &str) -> Vec<Value> {
        let is_it = |mail: &Value| mail["to"][0] == to && mail["subject"] == subject;
        self.mails().into_iter().filter(is_it).collect()
    }

    /// Waits for the mail number `count` to someone about something, and answers it.
    pub async fn nth(&self, count: usize, to: &str, subject: &str) -> Value {
        let what = format!("mail {count} to {to}: {subject}");
        eventually(&what, async || self.about(to, subject).len() >= count).await;
        self.about(to, subject).swap_remove(count - 1)
    }

    /// Waits for the first one.
    pub async fn first(&self, to: &str, subject: &str) -> Value {
        self.nth(1, to, subject).await
    }
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        self.reading.abort();
    }
}
