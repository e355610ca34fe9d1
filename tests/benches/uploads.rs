//! Two hundred people upload photographs of 5 MB at the same time: how much memory the server takes at most, and what the
//! others notice of it, by `GET /users/me` with and without. Then nothing may be half stored.
//!
//! Run by `make bench`, or as it is built for tests by `cargo test -p tests --bench uploads`; the server is the `lobby`
//! binary beside it.

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
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use harness::{Cluster, PASSWORD, Served, lobby_command, run};
use reqwest::{
    Body, Client,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use tempfile::TempDir;

const UPLOADS: usize = 200;

fn main() {
    run(async {
        let database = Cluster::get().await.create().await;
        let folder = TempDir::new().unwrap();
        let secret = "a secret for a benchmark and nothing else";
        let settings = [("LOBBY__SERVER__SECRET", secret), ("LOBBY__LOG__LEVEL", "error")];
        let Served { mut process, base, .. } = Served::start(folder.path(), Some(&database), &settings).await;
        let http = Client::new();
        let (token, workspace) = enter(&http, &base).await;
        let server = process.id().unwrap();

        let quiet = others(&http, &base, &token, Arc::new(AtomicBool::new(false)), 500).await;
        println!("before: {} MB; GET /users/me: {}", memory(server), told(quiet));
        let photograph: Arc<[u8]> = photograph().into();
        println!("photographs of {:.1} MB, {UPLOADS} at a time", photograph.len() as f64 / 1e6);
        let is_over = Arc::new(AtomicBool::new(false));
        let noticed = tokio::spawn({
            let (http, base, token, is_over) = (http.clone(), base.clone(), token.clone(), Arc::clone(&is_over));
            async move { others(&http, &base, &token, is_over, usize::MAX).await }
        });
        let start = Instant::now();
        let each = (0..UPLOADS).map(|number| upload(&http, &base, &token, &workspace, &photograph, number));
        let statuses = join_all(each).await;
        let took = start.elapsed();
        is_over.store(true, Ordering::Relaxed);
        let stored = statuses.iter().filter(|status| **status == 201).count();
        let busy = statuses.iter().filter(|status| **status == 503).count();
        println!("{stored} stored, {busy} told to come back (503), in {:.1} s", took.as_secs_f64());
        println!("during: at most {} MB; GET /users/me: {}", memory(server), told(noticed.await.unwrap()));
        assert_eq!(stored + busy, UPLOADS, "{statuses:?}");

        let rows = database.number("SELECT count(*) FROM gallery.images").await;
        assert_eq!(usize::try_from(rows).unwrap(), stored);
        let variables = [("LOBBY__DATA_DIR", folder.path().to_str().unwrap()), ("LOBBY__SERVER__SECRET", secret)];
        let said = lobby_command(&["media", "check"], Some(&database), &variables).await;
        println!("{}", said.output.trim());
        assert!(said.well, "{}", said.errors);
        let spooled = std::fs::read_dir(folder.path().join("spool")).unwrap().count();
        assert_eq!(spooled, 0, "files are left in the spool folder");
        process.kill().await.unwrap();
        Cluster::get().await.remove(&database).await;
    });
}

async fn enter(http: &Client, base: &str) -> (String, String) {
    let post = async |token: &str, path: &str, body: Value| -> Value {
        let request = http.post(format!("{base}/api/v1{path}")).bearer_auth(token).json(&body);
        request.send().await.unwrap().json().await.unwrap()
    };
    let body = json!({ "email": "painter@example.org", "password": PASSWORD });
    let token = post("", "/auth/signup", body).await["tokens"]["access_token"].as_str().unwrap().to_owned();
    let workspace = post(&token, "/workspaces", json!({ "name": "Painters" })).await;
    (token, workspace["id"].as_str().unwrap().to_owned())
}

/// The same pixels each time, and another file: it has its number behind its end.
async fn upload(http: &Client, base: &str, token: &str, workspace: &str, photograph: &Arc<[u8]>, number: usize) -> u16 {
    let (whole, tail) = (bytes_of(photograph), format!("{number:08}").into_bytes());
    let length = (photograph.len() + tail.len()) as u64;
    let pieces = whole.chain([tail]).map(Ok::<_, std::io::Error>);
    let body = Body::wrap_stream(futures_util::stream::iter(pieces));
    let form = Form::new().part("file", Part::stream_with_length(body, length).file_name("photograph.jpg"));
    let request = http.post(format!("{base}/api/v1/images?workspace={workspace}")).bearer_auth(token);
    request.multipart(form).send().await.map_or(0, |answer| answer.status().as_u16())
}

/// In pieces, copied when they are sent.
fn bytes_of(photograph: &Arc<[u8]>) -> impl Iterator<Item = Vec<u8>> + Send + use<> {
    let photograph = Arc::clone(photograph);
    let pieces = photograph.len().div_ceil(65_536);
    (0..pieces).map(move |piece| {
        let from = piece * 65_536;
        photograph[from..(from + 65_536).min(photograph.len())].to_vec()
    })
}

/// How long somebody else's requests take, one after the other.
async fn others(http: &Client, base: &str, token: &str, is_over: Arc<AtomicBool>, most: usize) -> Vec<Duration> {
    let mut times = Vec::new();
    while !is_over.load(Ordering::Relaxed) && times.len() < most {
        let start = Instant::now();
        let answer = http.get(format!("{base}/api/v1/users/me")).bearer_auth(token).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        times.push(start.elapsed());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    times
}

fn told(mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |part: usize| times[(times.len() - 1) * part / 100].as_secs_f64() * 1e3;
    format!("p50 {:.1} ms, p99 {:.1} ms of {} requests", at(50), at(99), times.len())
}

/// The most memory that a process ever had, in MB.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

/// Noise, which a JPEG keeps in many bytes.
fn photograph() -> Vec<u8> {
    let mut state = 1_u32;
    let noise = image::RgbImage::from_fn(3000, 2000, |x, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let grain = (state >> 26) as u8;
        image::Rgb([(x / 16) as u8, (y / 16) as u8, 100].map(|value: u8| value.wrapping_add(grain)))
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 97);
    noise.write_with_encoder(encoder).unwrap();
    bytes.into_inner()
}
