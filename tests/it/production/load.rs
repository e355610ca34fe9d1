//! Steady load through nginx: people who write and read all the while, and what became of each request.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::Front;
use crate::harness::{Database, PASSWORD};

/// The rates of the shipped configuration are for one address; here everybody has the same.
pub const FASTER: (&str, &str) = ("rate=50r/s", "rate=10000r/s");
/// Those who write and read all the while.
const CALLERS: usize = 16;
/// What isn't answered by then has failed.
const LONGEST: Duration = Duration::from_secs(60);

/// What was counted.
#[derive(Default)]
struct Counted {
    stop: AtomicBool,
    written: Mutex<BTreeSet<String>>,
    read: AtomicUsize,
    failures: Mutex<Vec<String>>,
}

impl Counted {
    /// The answer's body, if it is the expected one; what else came is a failure.
    async fn call(&self, request: reqwest::RequestBuilder, expected: u16) -> Option<Value> {
        let failed = match request.timeout(LONGEST).send().await {
            Ok(answer) if answer.status().as_u16() == expected => match answer.json().await {
                Ok(body) => return Some(body),
                Err(error) => format!("{error:?}"),
            },
            Ok(answer) => {
                let status = answer.status();
                format!("{status}: {}", answer.text().await.unwrap_or_default())
            }
            Err(error) => format!("{error:?}"),
        };
        self.failures.lock().unwrap().push(failed);
        None
    }
}

/// Load that goes on until it is ended.
pub struct Load {
    counted: Arc<Counted>,
    callers: Vec<JoinHandle<()>>,
    began: Instant,
    workspace: String,
}

impl Load {
    /// Signs somebody up with a workspace, in whose name all call from now on.
    pub async fn begin(front: &Front, http: &reqwest::Client) -> Self {
        let body = json!({ "email": "writer@example.org", "password": PASSWORD });
        let signed_up: Value =
            http.post(front.url("/api/v1/auth/signup")).json(&body).send().await.unwrap().json().await.unwrap();
        let token = signed_up["tokens"]["access_token"].as_str().unwrap_or_else(|| panic!("{signed_up}")).to_owned();
        let workspace = http.post(front.url("/api/v1/workspaces")).bearer_auth(&token);
        let workspace: Value =
            workspace.json(&json!({ "name": "Writers" })).send().await.unwrap().json().await.unwrap();
        let workspace = workspace["id"].as_str().unwrap().to_owned();

        let counted = Arc::new(Counted::default());
        let (projects, read) = (front.url("/api/v1/projects"), front.url(&format!("/api/v1/workspaces/{workspace}")));
        let callers = (0..CALLERS).map(|caller| {
            let (counted, http, token) = (Arc::clone(&counted), http.clone(), token.clone());
            let (projects, read, workspace) = (projects.clone(), read.clone(), workspace.clone());
            tokio::spawn(async move {
                // Bounded, should nobody say stop.
                for number in 0..20_000 {
                    if counted.stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let project = json!({ "workspace": workspace, "name": format!("Project {caller} {number}") });
                    let made = counted.call(http.post(&projects).bearer_auth(&token).json(&project), 201).await;
                    if let Some(made) = made {
                        counted.written.lock().unwrap().insert(made["id"].as_str().unwrap().to_owned());
                    }
                    if counted.call(http.get(&read).bearer_auth(&token), 200).await.is_some() {
                        counted.read.fetch_add(1, Ordering::Relaxed);
                    }
                }
            })
        });
        Self { callers: callers.collect(), counted, began: Instant::now(), workspace }
    }

    /// How many were answered as they should be.
    pub fn answered(&self) -> usize {
        self.counted.written.lock().unwrap().len() + self.counted.read.load(Ordering::Relaxed)
    }

    /// For how long it has gone on.
    pub fn lasted(&self) -> Duration {
        self.began.elapsed()
    }

    /// Ends it: nothing failed, and what was acknowledged is there, no more and no less.
    pub async fn end(self, database: &Database, what: &str) {
        self.counted.stop.store(true, Ordering::Relaxed);
        for caller in join_all(self.callers).await {
            caller.unwrap();
        }
        let seconds = self.began.elapsed().as_secs_f64();
        let failures = self.counted.failures.lock().unwrap().clone();
        let written = self.counted.written.lock().unwrap().clone();
        let read = self.counted.read.load(Ordering::Relaxed);
        let calls = written.len() + read;
        println!("{what}: {} writes and {read} reads were answered in {seconds:.1} s", written.len());
        assert!(failures.is_empty(), "{} failed beside {calls}: {:?}", failures.len(), &failures[..1]);
        assert!(written.len() > 100 && read > 100, "{} writes, {read} reads: that is no load", written.len());
        let mut session = database.connect().await;
        let kept = "SELECT id::text FROM project.projects WHERE workspace_id = $1::uuid";
        let kept: Vec<String> = sqlx::query_scalar(kept).bind(&self.workspace).fetch_all(&mut session).await.unwrap();
        let kept: BTreeSet<String> = kept.into_iter().collect();
        let (lost, unasked) = (written.difference(&kept).count(), kept.difference(&written).count());
        assert_eq!((lost, unasked), (0, 0), "writes that are lost, and writes that nobody was told of");
    }
}
