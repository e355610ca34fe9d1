//! Traces of requests: what a collector is told, what it is never told, and what happens without it.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::future::join_all;
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value as Told, trace::v1::Span,
};
use prost::Message;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{Supervisor, free_port, remote::Remote};
use crate::harness::{Cluster, PASSWORD, run};

/// What a collector was sent: each call's head and body.
type Calls = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// A collector that takes what comes.
async fn collector() -> (String, Calls) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let calls = Calls::default();
    let taken = Arc::clone(&calls);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(take(stream, Arc::clone(&taken)));
        }
    });
    (address, calls)
}

/// Reads one call, and says that it was taken.
async fn take(mut stream: TcpStream, calls: Calls) -> Option<()> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse::<usize>().unwrap();
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    calls.lock().unwrap().push((head, bytes.split_off(end)));
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await.ok()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A span's attributes, as texts.
fn told(span: &Span) -> BTreeMap<&str, String> {
    let text = |value: &Told| match value {
        Told::StringValue(text) => text.clone(),
        Told::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    };
    let attribute = |pair: &opentelemetry_proto::tonic::common::v1::KeyValue| {
        pair.value.as_ref().and_then(|value| value.value.as_ref()).map(text).unwrap_or_default()
    };
    span.attributes.iter().map(|pair| (pair.key.as_str(), attribute(pair))).collect()
}

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

#[test]
fn a_request_is_told_by_route_with_what_it_asked_of_the_database_and_nothing_of_its_content() {
    run(async {
        let database = Cluster::get().await.create().await;
        let (endpoint, calls) = collector().await;
        let supervisor = Supervisor::open(&database, &[]);
        let secret = "authorization=Bearer of-the-collector";
        std::fs::write(supervisor.credentials.join("telemetry.headers"), secret).unwrap();
        let variables = [("LOBBY__TELEMETRY__ENDPOINT", endpoint.as_str())];
        let lobby = Remote::start(&supervisor, free_port(), &variables).await;
        let http = reqwest::Client::new();
        let body = json!({ "email": "hidden-person@example.org", "password": PASSWORD });
        let signed_up: Value =
            http.post(lobby.url("/api/v1/auth/signup")).json(&body).send().await.unwrap().json().await.unwrap();
        let token = signed_up["tokens"]["access_token"].as_str().unwrap().to_owned();
        let named = json!({ "name": "Hidden workspace" });
        let made = http.post(lobby.url("/api/v1/workspaces")).bearer_auth(&token).json(&named).send().await.unwrap();
        let workspace: Value = made.json().await.unwrap();
        let list =
            lobby.url(&format!("/api/v1/projects?search=needle&workspace={}", workspace["id"].as_str().unwrap()));
        let asked = http.get(list).bearer_auth(&token).header("traceparent", format!("00-{TRACE}-{CALLER}-01"));
        assert_eq!(asked.header("tracestate", "vendor=carried").send().await.unwrap().status(), 200);
        assert_eq!(http.get(lobby.url("/api/v1/media?key=carried")).send().await.unwrap().status(), 404);
        assert_eq!(http.get(lobby.url("/hidden-path")).send().await.unwrap().status(), 404);
        // What was gathered is sent before the process ends.
        lobby.stop().await;

        let calls = calls.lock().unwrap().clone();
        assert!(!calls.is_empty());
        let mut spans = Vec::new();
        for (head, body) in &calls {
            assert!(
                head.starts_with("post /v1/traces ") && head.contains("content-type: application/x-protobuf"),
                "{head}"
            );
            assert!(head.contains("authorization: bearer of-the-collector"));
            let sent = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
            let scopes = sent.resource_spans.into_iter().flat_map(|of_resource| of_resource.scope_spans);
            spans.extend(scopes.flat_map(|of_scope| of_scope.spans));
        }
        let named = |name: &str| {
            let names = || spans.iter().map(|span| span.name.as_str()).collect::<Vec<_>>();
            spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("no {name} in {:?}", names()))
        };
        let below = |parent: &Span| -> Vec<&str> {
            spans.iter().filter(|span| span.parent_span_id == parent.span_id).map(|span| span.name.as_str()).collect()
        };

        let list = named("GET /api/v1/projects");
        assert_eq!((hex(&list.trace_id), hex(&list.parent_span_id)), (TRACE.to_owned(), CALLER.to_owned()));
        assert_eq!(list.trace_state, "");
        let expected =
            [("http.request.method", "GET"), ("http.response.status_code", "200"), ("http.route", "/api/v1/projects")];
        assert_eq!(told(list), expected.map(|(name, value)| (name, value.to_owned())).into());
        // What they hold was forgotten when they made a workspace, and is read once more.
        assert_eq!(below(list), ["SELECT workspace.members", "SELECT project.projects"]);

        let sign_up = named("POST /api/v1/auth/signup");
        assert_eq!(told(sign_up)["http.response.status_code"], "201");
        assert_ne!(sign_up.trace_id, list.trace_id);
        let asked = below(sign_up);
        for operation in ["BEGIN", "INSERT accounts.users", "COMMIT"] {
            assert!(asked.contains(&operation), "{operation} is not in {asked:?}");
        }
        let insertion = spans.iter().find(|span| span.name == "INSERT accounts.users").unwrap();
        let expected = [
            ("db.collection.name", "accounts.users"),
            ("db.operation.name", "INSERT"),
            ("db.system.name", "postgresql"),
        ];
        assert_eq!(told(insertion), expected.map(|(name, value)| (name, value.to_owned())).into());
        // What is mounted nowhere has no name of a caller's making.
        assert!(!told(named("GET")).contains_key("http.route"));
        assert!(spans.iter().all(|span| span.events.is_empty() && span.links.is_empty()));
        let all: Vec<u8> = calls.iter().flat_map(|(_, body)| body.clone()).collect();
        let all = String::from_utf8_lossy(&all).to_ascii_lowercase();
        let own = signed_up["user"]["id"].as_str().unwrap();
        for hidden in ["hidden", "example.org", "needle", "carried", "vendor", "collector", "horse", &token[..20], own]
        {
            assert!(!all.contains(&hidden.to_ascii_lowercase()), "{hidden} was told");
        }
        Cluster::get().await.remove(&database).await;
    });
}

#[test]
fn a_collector_that_is_away_or_never_answers_costs_its_traces_and_nothing_else() {
    run(async {
        let database = Cluster::get().await.create().await;
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoints =
            [format!("http://127.0.0.1:{}", free_port()), format!("http://{}", silent.local_addr().unwrap())];
        for endpoint in endpoints {
            let supervisor = Supervisor::open(&database, &[]);
            let variables = [("LOBBY__TELEMETRY__ENDPOINT", endpoint.as_str())];
            let lobby = Remote::start(&supervisor, free_port(), &variables).await;
            let (http, health) = (reqwest::Client::new(), lobby.url("/health"));
            // More than there is room for in the queue.
            let callers = (0..16).map(|_| async {
                for _ in 0..350 {
                    let answer = http.get(&health).timeout(Duration::from_secs(30)).send().await.unwrap();
                    assert_eq!(answer.status(), 200);
                }
            });
            join_all(callers).await;
            lobby.stop().await;
        }
        drop(silent);
        Cluster::get().await.remove(&database).await;
    });
}
