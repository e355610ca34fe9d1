//! What a flood of sign-ins does to everyone else, and whether the time of a refusal tells why.
//!
//! Run by `make bench`. It prints; it judges nothing.

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

#[path = "../it/harness/mod.rs"]
mod harness;

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use futures_util::stream::{FuturesUnordered, StreamExt};
use harness::{Client, Lobby, PASSWORD, lobby_with};
use reqwest::Method;
use serde_json::json;

/// Requests of each kind that are timed.
const TIMED: usize = 1000;
/// Sign-ins at the same time in the flood: more than are hashed and may wait.
const FLOOD: usize = 128;

fn main() {
    let settings = [("LOBBY__SERVER__TRUSTED_PROXIES", "127.0.0.1"), ("LOBBY__SERVER__WORKERS", "2")];
    lobby_with(&settings, async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let body = json!({ "workspace": workspace, "name": "Timed" });
        let project = owner.post("/projects", body).await.expect(201).id();
        let paths = ["/users/me".to_owned(), format!("/projects/{project}")];

        println!("{:<34} {:>9} {:>9}", "", "p50", "p99");
        for path in &paths {
            report(&format!("GET {}, quiet", shown(path)), timed(&owner, path).await);
        }
        let over = AtomicBool::new(false);
        let place = AtomicUsize::new(0);
        let (answers, ()) = futures_util::join!(flood(lobby, &place, &over), async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            for path in &paths {
                report(&format!("GET {}, during a flood", shown(path)), timed(&owner, path).await);
            }
            over.store(true, Ordering::Relaxed);
        });
        println!("the flood was answered {answers:?}");
        println!("\nPOST /auth/login, refused");
        refusals(lobby, &owner, &workspace, &place).await;
    });
    // Where time goes as it does: whoever invites stays signed in.
    lobby_with(&settings, async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        println!("\nPOST /auth/password/forgot");
        by_address(lobby, &lobby.anonymous(), "/auth/password/forgot", |email| json!({ "email": email })).await;
        println!("\nPOST /workspaces/{{id}}/invitations");
        let path = format!("/workspaces/{workspace}/invitations");
        by_address(lobby, &owner, &path, |email| json!({ "email": email, "role": "user" })).await;
    });
    let settings = [("LOBBY__AUTH__REQUIRE_VERIFIED_EMAIL", "true")];
    lobby_with(&settings, async |lobby| {
        println!("\nPOST /auth/signup, where addresses have to be proven");
        let signing_up = |email: &str| json!({ "email": email, "password": PASSWORD });
        by_address(lobby, &lobby.anonymous(), "/auth/signup", signing_up).await;
    });
}

/// The same asked of addresses that have an account and of such that have none, in turns.
async fn by_address(lobby: &Lobby, client: &Client, path: &str, body: impl Fn(&str) -> serde_json::Value) {
    let mut times: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for number in 0..TIMED / 5 {
        let known = format!("held{number}@example.org");
        let sql = "INSERT INTO accounts.users (id, email, email_key, created_at, updated_at) VALUES";
        let row = format!("{sql} (gen_random_uuid(), '{known}', '{known}', now(), now()) ON CONFLICT DO NOTHING");
        lobby.database.execute(&row).await;
        for (kind, email) in [("known", known), ("unknown", format!("free{number}@example.org"))] {
            let request = client.request(Method::POST, path).json(&body(&email));
            let began = Instant::now();
            let answer = request.send().await.unwrap();
            answer.error_for_status().unwrap().bytes().await.unwrap();
            times.entry(kind).or_default().push(began.elapsed());
        }
    }
    for (kind, times) in times {
        report(kind, times);
    }
}

fn shown(path: &str) -> &str {
    if path.starts_with("/projects") { "/projects/{id}" } else { path }
}

/// The 50th and 99th of a hundred.
fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
    println!("{what:<34} {:>6.2} ms {:>6.2} ms", at(50), at(99));
}

async fn timed(client: &Client, path: &str) -> Vec<Duration> {
    let mut times = Vec::with_capacity(TIMED);
    for _ in 0..TIMED {
        let began = Instant::now();
        let answer = client.request(Method::GET, path).send().await.unwrap();
        answer.error_for_status().unwrap().bytes().await.unwrap();
        times.push(began.elapsed());
    }
    times
}

/// Signs in under a name that nobody has, each time another, from where nobody was before.
async fn knock(client: &Client, number: usize) -> u16 {
    let body = json!({ "email": format!("p{number}@example.org"), "password": "not the password" });
    let from = format!("10.{}.{}.7", number / 256 % 256, number % 256);
    let request = client.request(Method::POST, "/auth/login").header("X-Forwarded-For", from).json(&body);
    request.send().await.unwrap().status().as_u16()
}

async fn flood(lobby: &Lobby, place: &AtomicUsize, over: &AtomicBool) -> BTreeMap<u16, usize> {
    let client = lobby.anonymous();
    let mut answers = BTreeMap::new();
    let next = || knock(&client, place.fetch_add(1, Ordering::Relaxed));
    let mut running: FuturesUnordered<_> = (0..FLOOD).map(|_| next()).collect();
    while let Some(status) = running.next().await {
        *answers.entry(status).or_default() += 1;
        if !over.load(Ordering::Relaxed) {
            running.push(next());
        }
    }
    answers
}

/// One after the other, in turns, so that what else the machine does falls on all alike.
async fn refusals(lobby: &Lobby, owner: &Client, workspace: &str, place: &AtomicUsize) {
    for email in ["known@example.org", "disabled@example.org"] {
        let body = json!({ "workspace": workspace, "email": email, "password": PASSWORD });
        let id = owner.post("/users", body).await.expect(201).id();
        if email.starts_with("disabled") {
            owner.patch(&format!("/users/{id}"), json!({ "status": "disabled" })).await.expect(200);
        }
    }
    let client = lobby.anonymous();
    let kinds = ["known", "unknown", "disabled"];
    let mut times: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for _ in 0..TIMED / 10 {
        // What was tried before is forgiven by then.
        lobby.clock.advance(chrono::Duration::hours(2));
        for kind in kinds {
            let password = if kind == "disabled" { PASSWORD } else { "not the password" };
            let body = json!({ "email": format!("{kind}@example.org"), "password": password });
            let from = format!("10.99.{}.7", place.fetch_add(1, Ordering::Relaxed) % 256);
            let request = client.request(Method::POST, "/auth/login").header("X-Forwarded-For", from).json(&body);
            let began = Instant::now();
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status().as_u16(), 401);
            answer.bytes().await.unwrap();
            times.entry(kind).or_default().push(began.elapsed());
        }
    }
    for kind in kinds {
        report(kind, times.remove(kind).unwrap_or_default());
    }
}
