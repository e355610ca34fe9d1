//! The edge of the server: request ids, headers, wrong methods, health, the documents.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

use crate::harness::{Client, Lobby, lobby, lobby_with};

#[test]
fn health_and_readiness_are_public_and_plain() {
    lobby(async |lobby| {
        let anonymous = lobby.anonymous();
        assert_eq!(anonymous.get("//health").await.expect(200).json["status"], "ok");
        assert_eq!(anonymous.get("//ready").await.expect(200).json["status"], "ok");
    });
}

#[test]
fn every_answer_carries_a_request_id_and_security_headers() {
    lobby(async |lobby| {
        let anonymous = lobby.anonymous();
        let own = anonymous.request(Method::GET, "/projects").header("X-Request-Id", "trace-42");
        let answer = anonymous.send(own).await.problem(401, "unauthenticated");
        assert_eq!(answer.header("x-request-id"), "trace-42");
        assert_eq!(answer.json["request_id"], "trace-42");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));

        let rude = anonymous.request(Method::GET, "/projects").header("X-Request-Id", "a b<script>");
        let answer = anonymous.send(rude).await.expect(401);
        assert_eq!(answer.header("x-request-id").len(), 36, "an id that isn't sane is replaced");
    });
}

#[test]
fn wrong_methods_and_wrong_addresses_say_so() {
    lobby(async |lobby| {
        let anonymous = lobby.anonymous();
        let answer = anonymous.call(Method::PATCH, "/auth/login", None).await.problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), "POST");
        let documented = &lobby.contract.document["paths"]["/api/v1/auth/login"]["post"]["responses"]["405"];
        assert!(documented["content"]["application/problem+json"].is_object());
        let upload = &lobby.contract.document["paths"]["/api/v1/images"]["post"]["responses"];
        assert!(upload["408"].is_object(), "an upload can stall");
        anonymous.get("/nothing/here").await.problem(404, "no_such_route");
        anonymous.get("//nothing").await.problem(404, "no_such_route");
    });
}

#[test]
fn head_is_answered_like_get_without_a_body() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let answer = owner.call(Method::HEAD, &format!("/workspaces/{workspace}"), None).await.expect(200);
        assert!(answer.bytes.is_empty());
        assert!(!answer.header("etag").is_empty());
    });
}

#[test]
fn the_document_and_its_page_work_without_a_network() {
    lobby(async |lobby| {
        let anonymous = lobby.anonymous();
        let document = anonymous.get("//api/openapi.json").await.expect(200);
        assert!(document.json["openapi"].as_str().unwrap().starts_with("3.1"));
        let again =
            anonymous.request(Method::GET, "//api/openapi.json").header("If-None-Match", document.header("etag"));
        anonymous.send(again).await.expect(304);

        let page = anonymous.get("//api/docs/").await.expect(200);
        let html = String::from_utf8(page.bytes.clone()).unwrap();
        assert!(html.contains("swagger-ui"));
        assert!(!html.contains("https://"), "the page loads something from elsewhere");
        anonymous.get("//api/docs/swagger-ui-bundle.js").await.expect(200);
        anonymous.get("//api/docs").await.expect(303);
    });
}

#[test]
fn browsers_may_call_from_configured_origins_only() {
    lobby_with(&[("LOBBY__SERVER__CORS_ORIGINS", "https://app.example.com")], async |lobby| {
        let anonymous = lobby.anonymous();
        let preflight = |origin: &str| {
            anonymous
                .request(Method::OPTIONS, "/projects")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type")
        };
        let allowed = anonymous.send(preflight("https://app.example.com")).await.expect(200);
        assert_eq!(allowed.header("access-control-allow-origin"), "https://app.example.com");
        let refused = anonymous.send(preflight("https://evil.example.com")).await;
        assert_eq!(refused.header("access-control-allow-origin"), "");
    });
}

#[test]
fn a_repeated_post_with_the_same_key_has_one_effect() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let body = json!({ "workspace": workspace, "name": "Once" });
        let first = owner.post_once("/projects", "key-1", &body).await.expect(201);
        let again = owner.post_once("/projects", "key-1", &body).await.expect(201);
        assert_eq!(again.json, first.json);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.header("location"), first.header("location"));
        let other = json!({ "workspace": workspace, "name": "Twice" });
        owner.post_once("/projects", "key-1", &other).await.problem(422, "idempotency_key_reused");
        owner.post_once("/projects", "with space", &body).await.problem(400, "idempotency_key_malformed");

        let all = (0..32).map(|_| owner.post_once("/projects", "key-2", &other));
        let answers = futures_util::future::join_all(all).await;
        let fresh =
            answers.iter().filter(|answer| answer.status == 201 && answer.header("idempotency-replayed").is_empty());
        assert_eq!(fresh.count(), 1);
        assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 201 | 409)));
        let named = owner.get(&format!("/projects?workspace={workspace}&name=Twice")).await.expect(200);
        assert_eq!(named.items().len(), 1);
    });
}

/// A request whose body never comes, as far as it is answered; `None` if it still isn't after `patience`.
async fn unfinished(lobby: &Lobby, client: &Client, path: &str, patience: Duration) -> Option<String> {
    let mut stream = TcpStream::connect(lobby.base().trim_start_matches("http://")).await.unwrap();
    let token = client.token.as_deref().unwrap();
    let head = format!(
        "POST /api/v1{path} HTTP/1.1\r\nHost: lobby\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n\r\n--x\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let told = async {
        while !String::from_utf8_lossy(&bytes).contains("\"code\":") && stream.read_buf(&mut bytes).await.unwrap() > 0 {
        }
    };
    timeout(patience, told).await.ok()?;
    Some(String::from_utf8(bytes).unwrap())
}

#[test]
fn only_an_upload_gets_an_uploads_time_whatever_the_headers_say() {
    let limits = [("LOBBY__SERVER__REQUEST_SECONDS", "1"), ("LOBBY__SERVER__UPLOAD_SECONDS", "3600")];
    lobby_with(&limits, async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let roles = format!("/workspaces/{workspace}/roles");
        for path in ["/projects", "/workspaces", roles.as_str(), "/images/../projects"] {
            let answer = unfinished(lobby, &owner, path, Duration::from_secs(60)).await;
            let answer = answer.unwrap_or_else(|| panic!("{path} is given an upload's time"));
            assert!(answer.starts_with("HTTP/1.1 503") || answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        }
        // What is an upload has it, or the others were refused for another reason.
        let project = owner.post("/projects", json!({ "workspace": workspace, "name": "Site" })).await.expect(201).id();
        for upload in [format!("/images?workspace={workspace}"), format!("/projects/{project}/operations")] {
            assert_eq!(unfinished(lobby, &owner, &upload, Duration::from_secs(3)).await, None, "{upload}");
        }
        let (admin, studio) = lobby.workspace("crafo").await;
        let workshop = json!({
            "workspace": studio, "title": "Paper", "starts_at": lobby.clock.now(), "timezone": "UTC",
            "ends_at": lobby.clock.now() + chrono::Duration::hours(2), "status": "published",
        });
        let workshop = admin.post("/workshops", workshop).await.expect(201).id();
        let photos = format!("/workshops/{workshop}/photos");
        assert_eq!(unfinished(lobby, &admin, &photos, Duration::from_secs(3)).await, None, "{photos}");
    });
}

#[test]
fn the_log_writes_durations_as_numbers() {
    crate::harness::run(async {
        let folder = tempfile::TempDir::new().unwrap();
        let database = crate::harness::Cluster::get().await.create().await;
        let mut process = tokio::process::Command::new(crate::harness::binary())
            .arg("serve")
            .env("LOBBY__DATA_DIR", folder.path())
            .env("LOBBY__DATABASE__URL", &database.url)
            .env("LOBBY__SERVER__LISTEN", "127.0.0.1:0")
            .env("LOBBY__LOG__FORMAT", "json")
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        // The line that says that it serves, and for how long it started.
        let line = loop {
            let line: Value = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();
            if line["message"] == "serving" {
                break line;
            }
        };
        assert!(line["milliseconds"].is_u64(), "{line}");
        let address = line["address"].as_str().unwrap();
        reqwest::get(format!("http://{address}/health")).await.unwrap();
        let line: Value = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();
        assert_eq!(line["path"], "/health");
        assert!(line["milliseconds"].is_u64(), "{line}");
        process.kill().await.unwrap();
        crate::harness::Cluster::get().await.remove(&database).await;
    });
}
