//! Text messages as the tests get them, and both places where their codes are counted.

use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use super::{Redis, redis::keys};
use crate::harness::{Lobby, lobby_with, run};

/// The messages that a test's Lobby has sent.
pub struct Messages {
    folder: TempDir,
    /// Where codes are counted, if not in PostgreSQL.
    socket: Option<PathBuf>,
    /// Settings that other instances on the same database need, too.
    pub settings: Vec<(&'static str, String)>,
}

impl Messages {
    fn new(redis: Option<&Redis>) -> Self {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("sms.jsonl").to_str().unwrap().to_owned();
        let mut settings = vec![("LOBBY__SMS__TRANSPORT", "file".to_owned()), ("LOBBY__SMS__FILE", file)];
        if let Some(redis) = redis {
            settings.push(("LOBBY__REDIS__URL", redis.url()));
        }
        Self { folder, socket: redis.map(Redis::socket), settings }
    }

    /// The settings as `lobby_with` takes them.
    pub fn variables(&self) -> Vec<(&str, &str)> {
        self.settings.iter().map(|(key, value)| (*key, value.as_str())).collect()
    }

    /// For how many people codes are counted, wherever that is.
    pub async fn counted(&self, lobby: &Lobby) -> i64 {
        match &self.socket {
            Some(socket) => keys(socket).await,
            None => lobby.database.number("SELECT count(*) FROM accounts.phone_codes").await,
        }
    }

    /// Everything that was sent by now.
    pub async fn all(&self, lobby: &Lobby) -> Vec<Value> {
        lobby.services().settle().await.unwrap();
        let text = std::fs::read_to_string(self.folder.path().join("sms.jsonl")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The code of the last message to a number.
    pub async fn last_code(&self, lobby: &Lobby, phone: &str) -> String {
        let all = self.all(lobby).await;
        let last = all.iter().rev().find(|sms| sms["to"] == phone).unwrap_or_else(|| panic!("nothing for {phone}"));
        let code = last["text"].as_str().unwrap().split(' ').next().unwrap().to_owned();
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        code
    }
}

/// Runs a test whose Lobby writes text messages to a file.
#[track_caller]
pub fn with_messages(test: impl AsyncFnOnce(&Lobby, &Messages)) {
    let messages = Messages::new(None);
    lobby_with(&messages.variables(), async |lobby| test(lobby, &messages).await);
}

/// Runs a test twice: with codes in PostgreSQL, and in a Redis of its own.
#[track_caller]
pub fn on_both(test: impl AsyncFn(&Lobby, &Messages)) {
    with_messages(async |lobby, messages| test(lobby, messages).await);
    let Some(redis) = run(Redis::start()) else { return };
    let messages = Messages::new(Some(&redis));
    lobby_with(&messages.variables(), async |lobby| {
        test(lobby, &messages).await;
        let kept = lobby.database.number("SELECT count(*) FROM accounts.phone_codes").await;
        assert_eq!(kept, 0, "codes were counted in PostgreSQL");
    });
}

/// Runs a test with codes in a Redis of its own.
#[track_caller]
pub fn on_redis(test: impl AsyncFnOnce(&Lobby, &Messages, &Redis)) {
    let Some(redis) = run(Redis::start()) else { return };
    let messages = Messages::new(Some(&redis));
    lobby_with(&messages.variables(), async |lobby| test(lobby, &messages, &redis).await);
}
