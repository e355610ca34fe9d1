//! What nginx is responsible for: TLS, sizes, rates, addresses, files; and what it leaves to Lobby.

use std::{collections::BTreeMap, path::Path, process::Stdio, time::Duration};

use reqwest::multipart;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    process::Command,
};

use super::{Front, Supervisor, eventually, nginx};
use crate::harness::{Cluster, PASSWORD, picture, run};

/// Runs a test with nginx before a real Lobby.
fn behind_nginx(test: impl AsyncFnOnce(&Front, &Supervisor)) {
    let Some(nginx) = nginx() else { return };
    run(async {
        let cluster = Cluster::get().await;
        let database = cluster.create().await;
        let supervisor = Supervisor::open(&database, &[]);
        let serving = supervisor.start().await;
        let front = Front::of(nginx, &supervisor.socket, &[]).await;
        test(&front, &supervisor).await;
        serving.stop().await;
        drop(front);
        cluster.remove(&database).await;
    });
}

async fn sign_up(front: &Front, http: &reqwest::Client) -> String {
    let body = json!({ "email": "someone@example.org", "password": PASSWORD });
    let request = http.post(front.url("/api/v1/auth/signup")).header("X-Forwarded-For", "198.51.100.66").json(&body);
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    answer["tokens"]["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

async fn problem(answer: reqwest::Response, status: u16, code: &str) -> reqwest::header::HeaderMap {
    assert_eq!(answer.status().as_u16(), status);
    let headers = answer.headers().clone();
    assert_eq!(headers["content-type"], "application/problem+json");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert!(headers["strict-transport-security"].to_str().unwrap().starts_with("max-age=63072000"));
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["code"], code);
    assert_eq!(body["status"], status);
    headers
}

#[test]
fn what_a_link_carries_is_in_no_log() {
    behind_nginx(async |front, _| {
        let http = Front::client();
        for path in ["/api/v1/media?key=carried", "/api/v1/workshops/feed/calendar.ics?token=carried"] {
            problem(http.get(front.url(path)).send().await.unwrap(), 404, "not_found").await;
        }
        // It writes them down when they are over, which is after the answer.
        eventually("both are in the log", async || {
            let log = front.log();
            log.contains("/api/v1/media") && log.contains("calendar.ics")
        })
        .await;
        assert!(!front.log().contains("carried"), "{}", front.log());
    });
}

#[test]
fn pages_and_people_come_through_as_they_are() {
    behind_nginx(async |front, _| {
        let http = Front::client();
        let page = http.get(front.url("/api/docs/")).send().await.unwrap();
        assert_eq!(page.status(), 200);
        assert!(page.headers().contains_key("strict-transport-security"));
        assert!(page.text().await.unwrap().contains("swagger-ui"));
        assert_eq!(http.get(front.url("/ready")).send().await.unwrap().status(), 200);

        // One request id from end to end, and one of each security header.
        let refused = http.get(front.url("/api/v1/projects")).send().await.unwrap();
        for name in ["x-request-id", "x-content-type-options", "content-security-policy", "strict-transport-security"] {
            assert_eq!(refused.headers().get_all(name).iter().count(), 1, "{name}");
        }
        assert!(!refused.headers()["server"].to_str().unwrap().contains('/'), "the version is nobody's business");
        problem(refused, 401, "unauthenticated").await;

        // The address that is kept is nginx's word, not the caller's.
        let token = sign_up(front, &http).await;
        let sessions = http.get(front.url("/api/v1/auth/sessions")).bearer_auth(&token);
        let sessions: Value = sessions.send().await.unwrap().json().await.unwrap();
        assert_eq!(sessions["items"][0]["address"], "127.0.0.1", "{sessions}");

        let plain = http.get(format!("http://localhost:{}/api/v1/projects?a=b", front.plain_port));
        let elsewhere = plain.send().await.unwrap();
        assert_eq!(elsewhere.status(), 308);
        assert_eq!(elsewhere.headers()["location"], "https://lobby.example.com/api/v1/projects?a=b");
    });
}

#[test]
fn http_2_is_spoken_and_a_name_that_is_not_served_gets_no_handshake() {
    if std::process::Command::new("curl").arg("--version").output().is_err() {
        println!("!!! SKIPPED: WITHOUT CURL NOBODY ASKS FOR HTTP/2 !!!");
        return;
    }
    behind_nginx(async |front, _| {
        let ask = async |arguments: &[&str]| {
            let mut command = Command::new("curl");
            command.args(["-sk", "--http2", "-o", "/dev/null", "-w", "%{http_version} %{http_code}"]);
            let output = command.args(arguments).stdin(Stdio::null()).output().await.unwrap();
            (output.status.success(), String::from_utf8(output.stdout).unwrap())
        };
        assert_eq!(ask(&[&front.url("/ready")]).await, (true, "2 200".to_owned()));
        assert_eq!(ask(&["--tls-max", "1.2", &front.url("/ready")]).await, (true, "2 200".to_owned()));
        assert!(!ask(&["--tlsv1.0", "--tls-max", "1.1", &front.url("/ready")]).await.0, "TLS 1.1 is over");
        let resolved = format!("other.example:{}:127.0.0.1", front.port);
        let other = format!("https://other.example:{}/ready", front.port);
        assert!(!ask(&["--resolve", &resolved, &other]).await.0);
    });
}

#[test]
fn what_is_too_large_is_refused_before_it_is_sent_and_a_picture_goes_through() {
    behind_nginx(async |front, _| {
        let http = Front::client();
        let token = sign_up(front, &http).await;
        let gallery = json!({ "name": "Pictures", "slug": "pictures", "blueprint": "gallery" });
        let made = http.post(front.url("/api/v1/workspaces")).bearer_auth(&token).json(&gallery).send().await.unwrap();
        assert_eq!(made.status(), 201);
        let upload = |bytes: Vec<u8>| {
            let file = multipart::Part::bytes(bytes).file_name("picture.jpg");
            let form = multipart::Form::new().text("workspace", "pictures").text("description", "p").part("file", file);
            http.post(front.url("/api/v1/images")).bearer_auth(&token).multipart(form)
        };
        let accepted = upload(picture(1)).send().await.unwrap();
        assert_eq!(accepted.status(), 201);
        // More than a JSON body may be, and still an upload: Lobby hears it, and says what it thinks of it.
        let heard = upload(vec![0; 3 << 20]).send().await.unwrap();
        assert_eq!(heard.status().as_u16() / 100, 4);
        assert!([415, 422].contains(&heard.status().as_u16()), "{}", heard.text().await.unwrap());

        problem(upload(vec![7; 100 << 20]).send().await.unwrap(), 413, "too_large").await;
        let long = json!({ "email": "a".repeat(2 << 20), "password": "x" });
        let json = http.post(front.url("/api/v1/workspaces")).bearer_auth(&token).json(&long);
        problem(json.send().await.unwrap(), 413, "too_large").await;
    });
}

#[test]
fn a_flood_from_one_address_is_told_to_slow_down() {
    behind_nginx(async |front, _| {
        let http = Front::client();
        let body = json!({ "email": "nobody@example.org", "password": "wrong and long" });
        let tries = (0..60).map(|_| http.post(front.url("/api/v1/auth/login")).json(&body).send());
        let answers = futures_util::future::join_all(tries).await;
        let mut by_nginx = 0;
        for answer in answers.into_iter().map(Result::unwrap) {
            // Lobby's own brake also answers 429, with the seconds that it is about.
            if answer.status() == 429 && answer.headers()["retry-after"] == "1" {
                problem(answer, 429, "slow_down").await;
                by_nginx += 1;
            }
        }
        assert!(by_nginx > 0, "60 at once are more than the 20 and some that are let through");
        // Elsewhere the same caller goes on.
        assert_eq!(http.get(front.url("/ready")).send().await.unwrap().status(), 200);
    });
}

#[test]
fn a_flood_from_a_network_of_ipv6_is_one_from_one_address() {
    let Some(nginx) = nginx() else { return };
    run(async {
        let folder = TempDir::new().unwrap();
        let told = "limit_req_status 429; set_real_ip_from 127.0.0.1; real_ip_header X-Address;";
        let front = Front::of(nginx, &folder.path().join("nobody.sock"), &[("limit_req_status 429;", told)]).await;
        let http = Front::client();
        let refused = async |address: &dyn Fn(u8) -> String| {
            let tries = (0..60)
                .map(|number| http.post(front.url("/api/v1/auth/login")).header("X-Address", address(number)).send());
            let answers = futures_util::future::join_all(tries).await;
            answers.into_iter().filter(|answer| answer.as_ref().unwrap().status() == 429).count()
        };
        assert_eq!(refused(&|number| format!("192.0.2.{number}")).await, 0);
        assert_eq!(refused(&|number| format!("2001:db8:0:{number:x}::1")).await, 0);
        assert!(refused(&|number| format!("2001:db8:1:2:{number:x}::1")).await > 0);
        assert!(refused(&|number| format!("2001:db8::{number:x}")).await > 0);
        assert!(refused(&|_| "192.0.2.200".to_owned()).await > 0);
    });
}

#[test]
fn while_lobby_is_away_the_answer_says_so_and_when_to_come_back() {
    let Some(nginx) = nginx() else { return };
    run(async {
        let folder = TempDir::new().unwrap();
        let front = Front::of(nginx, &folder.path().join("nobody.sock"), &[]).await;
        let http = Front::client();
        let answer = http.get(front.url("/api/v1/projects")).send().await.unwrap();
        let headers = problem(answer, 503, "server_unavailable").await;
        assert_eq!(headers["retry-after"], "2");
        assert!(headers.contains_key("x-request-id"));
    });
}

/// Somebody in Lobby's place who tells what they were asked, and answers what the test wants.
fn stand_in(socket: &Path) {
    let listener = UnixListener::bind(socket).unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
}

async fn answer(stream: UnixStream) {
    let (from, mut to) = stream.into_split();
    let mut lines = BufReader::new(from).lines();
    let mut asked = Vec::new();
    while let Ok(Some(line)) = lines.next_line().await {
        if line.is_empty() {
            break;
        }
        asked.push(line);
    }
    let first = asked.first().cloned().unwrap_or_default();
    if first.contains("/content") {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nETag: \"by-content\"\r\nCache-Control: private, no-cache\r\n\
                    X-Accel-Redirect: /protected-media/gallery/ab/abcd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        to.write_all(head.as_bytes()).await.unwrap();
    } else if first.contains("/events") {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: first\n\n";
        to.write_all(head.as_bytes()).await.unwrap();
        // The second event never comes: what a client has, it has because nothing was held back.
        tokio::time::sleep(Duration::from_secs(60)).await;
    } else {
        let body = asked.join("\n");
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
        to.write_all(head.as_bytes()).await.unwrap();
    }
}

#[test]
fn files_are_sent_where_lobby_says_so_and_to_nobody_who_asks_for_them() {
    let Some(nginx) = nginx() else { return };
    run(async {
        let folder = TempDir::new().unwrap();
        let socket = folder.path().join("stand-in.sock");
        stand_in(&socket);
        let front = Front::of(nginx, &socket, &[]).await;
        std::fs::create_dir_all(front.media().join("gallery/ab")).unwrap();
        std::fs::write(front.media().join("gallery/ab/abcd"), "0123456789").unwrap();
        let http = Front::client();

        let content = front.url("/api/v1/images/1/content");
        let whole = http.get(&content).send().await.unwrap();
        assert_eq!(whole.status(), 200);
        for (name, value) in [
            ("content-type", "image/jpeg"),
            ("etag", "\"by-content\""),
            ("cache-control", "private, no-cache"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ] {
            assert_eq!(whole.headers()[name], value, "{name}");
        }
        assert!(!whole.headers().contains_key("last-modified") && !whole.headers().contains_key("x-accel-redirect"));
        assert_eq!(whole.text().await.unwrap(), "0123456789");
        let part = http.get(&content).header("Range", "bytes=2-4").send().await.unwrap();
        assert_eq!(part.status(), 206);
        assert_eq!(part.headers()["content-range"], "bytes 2-4/10");
        assert_eq!(part.text().await.unwrap(), "234");

        let asked_for = http.get(front.url("/protected-media/gallery/ab/abcd")).send().await.unwrap();
        assert_eq!(asked_for.status(), 404);
    });
}

#[test]
fn events_are_not_held_back_and_requests_come_through_without_what_callers_made_up() {
    let Some(nginx) = nginx() else { return };
    run(async {
        let folder = TempDir::new().unwrap();
        let socket = folder.path().join("stand-in.sock");
        stand_in(&socket);
        let front = Front::of(nginx, &socket, &[]).await;
        let http = Front::client();
        let mut events = http.get(front.url("/api/v1/events?workspace=x")).send().await.unwrap();
        let first = tokio::time::timeout(Duration::from_secs(30), events.chunk()).await.unwrap().unwrap().unwrap();
        assert_eq!(&first[..], b"data: first\n\n");

        let request = http.get(front.url("/api/v1/anything")).header("Range", "bytes=0-1").header("If-Range", "\"x\"");
        let request = request.header("X-Forwarded-For", "198.51.100.66").header("Forwarded", "for=198.51.100.66");
        let told = request.header("X-Request-Id", "mine").send().await.unwrap().text().await.unwrap();
        let headers: BTreeMap<String, &str> = told
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
            .collect();
        assert_eq!(headers["range"], "bytes=0-1");
        assert_eq!(headers["if-range"], "\"x\"");
        assert_eq!(headers["x-forwarded-for"], "127.0.0.1");
        assert_eq!(headers["x-forwarded-proto"], "https");
        assert_eq!(headers["host"], "localhost");
        assert!(!headers.contains_key("forwarded"));
        assert_eq!(headers["x-request-id"].len(), 32, "nginx names the request: {}", headers["x-request-id"]);
    });
}

#[test]
fn an_upload_is_streamed_while_it_comes() {
    let Some(nginx) = nginx() else { return };
    run(async {
        let folder = TempDir::new().unwrap();
        let socket = folder.path().join("stand-in.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let front = Front::of(nginx, &socket, &[]).await;
        // The body's end never comes, and still Lobby gets to see its beginning.
        let (half, body) = (bytes_of(64 * 1024), futures_util::stream::pending());
        let body = futures_util::StreamExt::chain(
            futures_util::stream::once(async move { Ok::<_, std::io::Error>(half) }),
            body,
        );
        let request = Front::client().post(front.url("/api/v1/images")).header("Content-Length", "1000000");
        let sending = tokio::spawn(request.body(reqwest::Body::wrap_stream(body)).send());
        let (mut stream, _) = tokio::time::timeout(Duration::from_secs(30), listener.accept()).await.unwrap().unwrap();
        let mut seen = 0;
        while seen < 64 * 1024 {
            let mut bytes = vec![0; 16 * 1024];
            let read = tokio::time::timeout(Duration::from_secs(30), stream.read(&mut bytes)).await.unwrap().unwrap();
            assert!(read > 0);
            seen += read;
        }
        sending.abort();
    });
}

fn bytes_of(length: usize) -> Vec<u8> {
    vec![b'x'; length]
}
