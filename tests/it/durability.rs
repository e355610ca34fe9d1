//! Nothing acknowledged is ever lost: the process or PostgreSQL is killed in the middle of many writes.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{PASSWORD, Served, run};

async fn post(http: &Client, base: &str, token: &str, path: &str, body: &Value) -> Option<Value> {
    let request = http.post(format!("{base}/api/v1{path}")).json(body).bearer_auth(token);
    let response = request.timeout(Duration::from_secs(10)).send().await.ok()?;
    if response.status() != 201 {
        return None;
    }
    response.json().await.ok()
}

/// A workspace to write in.
async fn enter(http: &Client, base: &str) -> (String, String) {
    let body = json!({ "email": "writer@example.org", "password": PASSWORD });
    let signed_up = post(http, base, "", "/auth/signup", &body).await.unwrap();
    let token = signed_up["tokens"]["access_token"].as_str().unwrap().to_owned();
    let workspace = post(http, base, &token, "/workspaces", &json!({ "name": "Writers" })).await.unwrap();
    (token, workspace["id"].as_str().unwrap().to_owned())
}

/// 200 writers that keep writing; what was acknowledged is kept.
fn write(http: &Client, base: &str, token: &str, workspace: &str) -> Arc<Mutex<BTreeSet<String>>> {
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    for writer in 0..200 {
        let (http, base, token, workspace) = (http.clone(), base.to_owned(), token.to_owned(), workspace.to_owned());
        let acknowledged = Arc::clone(&acknowledged);
        tokio::spawn(async move {
            for number in 0..20 {
                let body = json!({ "workspace": workspace, "name": format!("Project {writer} {number}") });
                if let Some(project) = post(&http, &base, &token, "/projects", &body).await {
                    acknowledged.lock().unwrap().insert(project["id"].as_str().unwrap().to_owned());
                }
            }
        });
    }
    acknowledged
}

async fn wait_for_writes(acknowledged: &Mutex<BTreeSet<String>>, more_than: usize) {
    let patience = Instant::now();
    while acknowledged.lock().unwrap().len() <= more_than {
        assert!(patience.elapsed() < Duration::from_secs(60), "nothing is written");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Every acknowledged project is there.
async fn all_there(http: &Client, base: &str, acknowledged: &BTreeSet<String>) {
    let body = json!({ "email": "writer@example.org", "password": PASSWORD });
    let signed_in: Value =
        http.post(format!("{base}/api/v1/auth/login")).json(&body).send().await.unwrap().json().await.unwrap();
    let token = signed_in["access_token"].as_str().unwrap();
    let mut found = BTreeSet::new();
    let mut path = "/projects?limit=200".to_owned();
    loop {
        let request = http.get(format!("{base}/api/v1{path}")).bearer_auth(token);
        let page: Value = request.send().await.unwrap().json().await.unwrap();
        found.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => path = format!("/projects?limit=200&cursor={next}"),
            None => break,
        }
    }
    let lost: Vec<_> = acknowledged.difference(&found).collect();
    assert!(lost.is_empty(), "{} of {} acknowledged writes are lost", lost.len(), acknowledged.len());
}

#[test]
fn killing_the_process_during_concurrent_writes_loses_nothing() {
    run(async {
        let folder = TempDir::new_in(reachable()).unwrap();
        let http = Client::new();
        let mut served = Served::start(folder.path(), None, &[]).await;
        let (token, workspace) = enter(&http, &served.base).await;
        let acknowledged = write(&http, &served.base, &token, &workspace);
        wait_for_writes(&acknowledged, 100).await;
        served.process.kill().await.unwrap();

        tokio::time::sleep(Duration::from_millis(200)).await;
        let acknowledged = acknowledged.lock().unwrap().clone();
        let again = Served::start(folder.path(), None, &[]).await;
        all_there(&http, &again.base, &acknowledged).await;
        stop(again).await;
    });
}

#[test]
fn killing_postgresql_during_concurrent_writes_loses_nothing_and_heals() {
    run(async {
        let folder = TempDir::new_in(reachable()).unwrap();
        let http = Client::new();
        let served = Served::start(folder.path(), None, &[]).await;
        let (token, workspace) = enter(&http, &served.base).await;
        let acknowledged = write(&http, &served.base, &token, &workspace);
        wait_for_writes(&acknowledged, 100).await;
        kill_postmaster(&folder);
        let before = acknowledged.lock().unwrap().len();
        // The server brings PostgreSQL back by itself, and the writers go on.
        wait_for_writes(&acknowledged, before + 50).await;

        let acknowledged = acknowledged.lock().unwrap().clone();
        all_there(&http, &served.base, &acknowledged).await;
        stop(served).await;
    });
}

fn kill_postmaster(folder: &TempDir) {
    let file = folder.path().join("postgres/postmaster.pid");
    let pid = std::fs::read_to_string(file).unwrap().lines().next().unwrap().to_owned();
    let killed = std::process::Command::new("kill").args(["-9", &pid]).status().unwrap();
    assert!(killed.success());
}

/// Stops the server as a service manager would, so that its PostgreSQL stops with it.
async fn stop(mut served: Served) {
    let pid = served.process.id().unwrap().to_string();
    std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(30), served.process.wait()).await;
    assert!(ended.unwrap().unwrap().success(), "it did not stop in good order");
}

/// A place that the account of the private PostgreSQL can reach, on a disk.
fn reachable() -> std::path::PathBuf {
    let place = std::path::PathBuf::from("/var/tmp");
    if place.is_dir() { place } else { std::env::temp_dir() }
}
