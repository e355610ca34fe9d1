//! Lobby is replaced under load: no request fails, and nothing that was acknowledged is lost.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{Front, Supervisor, nginx};
use crate::harness::{Cluster, PASSWORD, run};

/// Those who write and read all the while.
const CALLERS: usize = 16;
/// The rates of the shipped configuration are for one address; here everybody has the same.
const FASTER: (&str, &str) = ("rate=50r/s", "rate=10000r/s");

struct Load {
    stop: AtomicBool,
    written: AtomicUsize,
    read: AtomicUsize,
    failures: Mutex<Vec<String>>,
}

impl Load {
    async fn call(&self, request: reqwest::RequestBuilder, expected: u16, counted: &AtomicUsize) {
        match request.send().await {
            Ok(answer) if answer.status().as_u16() == expected => {
                counted.fetch_add(1, Ordering::Relaxed);
            }
            Ok(answer) => {
                let status = answer.status();
                let said = format!("{status}: {}", answer.text().await.unwrap_or_default());
                self.failures.lock().unwrap().push(said);
            }
            Err(error) => self.failures.lock().unwrap().push(format!("{error:?}")),
        }
    }
}

#[test]
fn restarts_under_load_fail_no_request_and_lose_no_write() {
    let Some(nginx) = nginx() else { return };
    run(async {
        let cluster = Cluster::get().await;
        let database = cluster.create().await;
        let supervisor = Supervisor::open(&database, &[]);
        let mut serving = supervisor.start().await;
        let front = Front::of(nginx, &supervisor.socket, &[FASTER]).await;
        let http = Front::client();
        let body = json!({ "email": "writer@example.org", "password": PASSWORD });
        let signed_up: Value =
            http.post(front.url("/api/v1/auth/signup")).json(&body).send().await.unwrap().json().await.unwrap();
        let token = signed_up["tokens"]["access_token"].as_str().unwrap().to_owned();
        let workspace = http.post(front.url("/api/v1/workspaces")).bearer_auth(&token);
        let workspace: Value =
            workspace.json(&json!({ "name": "Writers" })).send().await.unwrap().json().await.unwrap();
        let workspace = workspace["id"].as_str().unwrap().to_owned();

        let load = Arc::new(Load {
            stop: AtomicBool::new(false),
            written: AtomicUsize::new(0),
            read: AtomicUsize::new(0),
            failures: Mutex::default(),
        });
        let (projects, list) = (front.url("/api/v1/projects"), front.url(&format!("/api/v1/workspaces/{workspace}")));
        let callers = (0..CALLERS).map(|caller| {
            let (load, http, token) = (Arc::clone(&load), http.clone(), token.clone());
            let (projects, list, workspace) = (projects.clone(), list.clone(), workspace.clone());
            tokio::spawn(async move {
                // Bounded, should nobody say stop.
                for number in 0..5_000 {
                    if load.stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let project = json!({ "workspace": workspace, "name": format!("Project {caller} {number}") });
                    load.call(http.post(&projects).bearer_auth(&token).json(&project), 201, &load.written).await;
                    load.call(http.get(&list).bearer_auth(&token), 200, &load.read).await;
                }
            })
        });
        let callers: Vec<_> = callers.collect();

        let began = Instant::now();
        let mut restarts = 0;
        while restarts < 4 || began.elapsed() < Duration::from_secs(8) {
            tokio::time::sleep(Duration::from_millis(500)).await;
            if restarts % 2 == 0 {
                // The new process takes over while the old one still answers what it took.
                let next = supervisor.start().await;
                serving.stop().await;
                serving = next;
            } else {
                // As `systemctl restart` does it: the old one ends, then the new one starts; callers wait.
                serving.stop().await;
                serving = supervisor.start().await;
            }
            restarts += 1;
        }
        load.stop.store(true, Ordering::Relaxed);
        for caller in join_all(callers).await {
            caller.unwrap();
        }
        let failures = load.failures.lock().unwrap().clone();
        let (written, read) = (load.written.load(Ordering::Relaxed), load.read.load(Ordering::Relaxed));
        let seconds = began.elapsed().as_secs_f64();
        println!("{restarts} restarts in {seconds:.1} s, {written} writes and {read} reads were answered");
        assert!(failures.is_empty(), "{} of {} failed: {:?}", failures.len(), written + read, &failures[..1]);
        assert!(written > 100 && read > 100, "{written} writes, {read} reads: that is no load");
        let kept = database.number("SELECT count(*) FROM project.projects").await;
        assert_eq!(kept, i64::try_from(written).unwrap(), "what was acknowledged and what is there");
        serving.stop().await;
        drop(front);
        cluster.remove(&database).await;
    });
}
