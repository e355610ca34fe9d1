//! How fast people register for one workshop that everybody wants, next to what the database itself can do with the same
//! SQL; and for many workshops, where nobody waits for anybody.
//!
//! Run by `make bench`. It prints; it judges nothing. `pgbench` is taken from beside the other programs of PostgreSQL.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    dead_code,
    unused_imports,
    reason = "a benchmark that panics has done its work, and shares what the tests have"
)]

mod common;
#[path = "../it/harness/mod.rs"]
mod harness;

use std::time::{Duration, Instant};

use common::unlogged;
use futures_util::{StreamExt, stream};
use harness::{Client, Lobby, lobby_with};
use reqwest::Method;
use serde_json::json;

/// Requests at a time.
const AT_ONCE: usize = 16;
/// How many register in each round.
const PEOPLE: usize = 6_000;
/// Workshops over which they are spread in the second round.
const MANY: usize = 100;

fn main() {
    let settings = [("LOBBY__SERVER__WORKERS", "2"), ("LOBBY__LOG__LEVEL", "error")];
    lobby_with(&settings, async |lobby| {
        unlogged(lobby).await;
        let (owner, workspace) = lobby.workspace("crafo").await;
        let people = crowd(lobby, &workspace).await;
        let mut workshops = Vec::new();
        for number in 0..=MANY {
            let body = json!({
                "workspace": workspace, "title": format!("Workshop {number}"), "starts_at": "2100-01-01T09:00:00Z",
                "ends_at": "2100-01-01T17:00:00Z", "timezone": "UTC", "status": "published", "capacity": 500,
            });
            workshops.push(owner.post("/workshops", body).await.expect(201).id());
        }
        let hot = registrations(&owner, &workshops[..1], &people).await;
        let spread = registrations(&owner, &workshops[1..], &people).await;
        let bare = pgbench(lobby, &workspace).await;
        println!(
            "one hot workshop   {hot:>7.0} registrations/s over HTTP, {bare:>7.0}/s by pgbench: {:.2}",
            hot / bare
        );
        println!("{MANY} workshops      {spread:>7.0} registrations/s over HTTP");
    });
}

/// Members who never sign in.
async fn crowd(lobby: &Lobby, workspace: &str) -> Vec<String> {
    let users: Vec<String> = (0..PEOPLE).map(|_| uuid::Uuid::now_v7().to_string()).collect();
    for part in users.chunks(500) {
        let listed = part.iter().map(|user| format!("('{user}'::uuid)")).collect::<Vec<_>>().join(",");
        let accounts = format!(
            "INSERT INTO accounts.users (id, email, email_key, created_at, updated_at) \
             SELECT id, id || '@example.org', id || '@example.org', now(), now() FROM (VALUES {listed}) AS v (id)"
        );
        lobby.database.execute(&accounts).await;
        let members = format!(
            "INSERT INTO workspace.members (workspace_id, user_id, role_id, status, joined_at, updated_at) \
             SELECT r.workspace_id, v.id, r.id, 'active', now(), now() FROM (VALUES {listed}) AS v (id), workspace.roles r \
             WHERE r.workspace_id = '{workspace}' AND r.name = 'assistant'"
        );
        lobby.database.execute(&members).await;
    }
    users
}

/// Registrations per second that are answered 201.
async fn registrations(owner: &Client, workshops: &[String], people: &[String]) -> f64 {
    let began = Instant::now();
    stream::iter(people.iter().enumerate())
        .map(async |(number, user)| {
            let workshop = &workshops[number % workshops.len()];
            let request = owner.request(Method::POST, &format!("/workshops/{workshop}/attendees"));
            let answer = request.json(&json!({ "user_id": user })).send().await.unwrap();
            assert_eq!(answer.status(), 201);
            answer.bytes().await.unwrap();
        })
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<()>>()
        .await;
    people.len() as f64 / began.elapsed().as_secs_f64()
}

/// Transactions per second of a client that does nothing but register for one workshop.
async fn pgbench(lobby: &Lobby, workspace: &str) -> f64 {
    let sql = format!(
        "INSERT INTO workshop.workshops (id, workspace_id, creator_id, title, starts_at, ends_at, timezone, capacity, status, \
             created_at, updated_at) \
         SELECT md5('hot')::uuid, '{workspace}', md5('who')::uuid, 'Hot', '2100-01-01', '2100-01-02', 'UTC', 500, 'published', \
             now(), now()"
    );
    lobby.database.execute(&sql).await;
    let seats = "INSERT INTO workshop.seats (workshop_id, workspace_id, capacity) \
                 SELECT id, workspace_id, capacity FROM workshop.workshops WHERE title = 'Hot'";
    lobby.database.execute(seats).await;
    let script = lobby.folder.path().join("register.sql");
    std::fs::write(
        &script,
        format!(
            "SELECT * FROM workshop.register('{workspace}', md5('hot')::uuid, gen_random_uuid(), md5('who')::uuid, now(), \
             false);\n"
        ),
    )
    .unwrap();
    let folder = std::env::var("LOBBY_POSTGRES_BIN").unwrap_or_else(|_| "/usr/lib/postgresql/15/bin".to_owned());
    let output = tokio::process::Command::new(format!("{folder}/pgbench"))
        .args(["-n", "-M", "prepared", "-c", "8", "-j", "1", "-T", "10", "-f"])
        .arg(&script)
        .arg(&lobby.database.url)
        .output()
        .await
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let tps = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok());
    tps.unwrap_or_else(|| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)))
}
