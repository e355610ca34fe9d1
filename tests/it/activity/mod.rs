//! The event log and what reads it: recorded once, held together by its hashes, shown to whom it may be shown.

mod audit;
mod chain;
mod exports;
mod jobs;
mod killed;
mod notifications;
mod people;
mod recording;
mod streams;

pub use exports::{breaks_off, rows};

use serde_json::{Value, json};

use crate::harness::{Client, Lobby};

/// A project of the caller's.
async fn project(owner: &Client, workspace: &str, name: &str) -> String {
    owner.post("/projects", json!({ "workspace": workspace, "name": name })).await.expect(201).id()
}

/// The entries of a history, once everything was told.
async fn entries(lobby: &Lobby, reader: &Client, path: &str) -> Vec<Value> {
    lobby.services().settle().await.unwrap();
    let joint = if path.contains('?') { '&' } else { '?' };
    let page = reader.get(&format!("{path}{joint}limit=200")).await.expect(200);
    assert!(page.json["next"].is_null(), "{path} has more than a page");
    page.items().to_vec()
}

fn actions(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect()
}
