//! How fast operations are recorded and posted, next to what the database itself can do with the same SQL.
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
use futures_util::future::join_all;
use harness::{Client, Lobby, lobby_with};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

/// Requests at a time.
const AT_ONCE: usize = 16;
/// How long each is measured.
const MEASURED: Duration = Duration::from_secs(10);
/// Projects over which the operations are spread: five accounts each.
const MANY: usize = 200;

fn main() {
    let settings = [("LOBBY__SERVER__WORKERS", "2"), ("LOBBY__LOG__LEVEL", "error")];
    lobby_with(&settings, async |lobby| {
        unlogged(lobby).await;
        let (owner, workspace) = lobby.workspace("lobby").await;
        let mut projects = Vec::new();
        for number in 0..MANY {
            let body =
                json!({ "workspace": workspace, "name": format!("Project {number}"), "key": format!("P{number}") });
            projects.push(owner.post("/projects", body).await.expect(201).id());
        }
        for (what, projects) in [("many accounts", &projects[..]), ("one hot account", &projects[..1])] {
            let over_http = posts(&owner, projects).await;
            let of_postgres = pgbench(lobby, projects.len() > 1).await;
            println!(
                "{what:<18} {over_http:>7.0} operations/s over HTTP, {of_postgres:>7.0}/s by pgbench: {:.2}",
                over_http / of_postgres
            );
        }
    });
}

/// Operations per second that are answered 201.
async fn posts(owner: &Client, projects: &[String]) -> f64 {
    let began = Instant::now();
    let workers = (0..AT_ONCE).map(|worker| async move {
        let mut done = 0_usize;
        while began.elapsed() < MEASURED {
            let project = &projects[(worker + done * AT_ONCE) % projects.len()];
            let request = owner.request(Method::POST, &format!("/projects/{project}/operations"));
            let request = request.header("Idempotency-Key", Uuid::now_v7().to_string());
            let answer = request.json(&json!({ "type": "deposit", "amount": 100 })).send().await.unwrap();
            assert_eq!(answer.status(), 201);
            answer.bytes().await.unwrap();
            done += 1;
        }
        done
    });
    let done: usize = join_all(workers).await.into_iter().sum();
    done as f64 / began.elapsed().as_secs_f64()
}

/// Transactions per second of a client that does nothing but post the same to the ledger.
async fn pgbench(lobby: &Lobby, spread: bool) -> f64 {
    let script = lobby.folder.path().join("post.sql");
    let owner = if spread { format!("random(1, {MANY})") } else { "1".to_owned() };
    std::fs::write(
        &script,
        format!(
            "\\set owner {owner}\n\
             SELECT * FROM billing.post(gen_random_uuid(), '00000000-0000-0000-0000-000000000001', \
             gen_random_uuid()::text, NULL, '2026-01-01', now(), NULL, \
             ARRAY[md5('cash' || :owner)::uuid, md5('receivable' || :owner)::uuid], ARRAY['cash', 'receivable'], \
             ARRAY[md5('o' || :owner)::uuid, md5('o' || :owner)::uuid], ARRAY['EUR', 'EUR'], ARRAY[100, -100]::bigint[]);\n"
        ),
    )
    .unwrap();
    let folder = std::env::var("LOBBY_POSTGRES_BIN").unwrap_or_else(|_| "/usr/lib/postgresql/15/bin".to_owned());
    let seconds = MEASURED.as_secs().to_string();
    let clients = AT_ONCE.min(8).to_string();
    let output = tokio::process::Command::new(format!("{folder}/pgbench"))
        .args(["-n", "-M", "prepared", "-c", &clients, "-j", "1", "-T", &seconds, "-f"])
        .arg(&script)
        .arg(&lobby.database.url)
        .output()
        .await
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let tps = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok());
    tps.unwrap_or_else(|| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)))
}
