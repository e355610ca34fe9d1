//! Bad input: each kind gets a clear 4xx problem, and leaves nothing behind.

use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::harness::{Client, lobby};

async fn post_raw(client: &Client, path: &str, kind: &str, body: impl Into<reqwest::Body>) -> crate::harness::Answer {
    client.send(client.request(Method::POST, path).header("Content-Type", kind).body(body)).await
}

#[test]
fn bodies_that_are_not_what_they_should_be() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let count = "SELECT count(*) FROM project.projects";
        let json_type = "application/json";

        post_raw(&owner, "/projects", json_type, "{\"name\": ").await.problem(400, "malformed_json");
        post_raw(&owner, "/projects", json_type, b"{\"name\": \"\xff\xfe\"}".to_vec())
            .await
            .problem(400, "malformed_json");
        post_raw(&owner, "/projects", json_type, "").await.problem(400, "malformed_json");
        post_raw(&owner, "/projects", "text/plain", "{}").await.problem(415, "unsupported_media_type");
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        post_raw(&owner, "/projects", json_type, deep).await.problem(400, "malformed_json");
        let long = format!("{{\"name\": \"{}\"}}", "x".repeat(300 * 1024));
        post_raw(&owner, "/projects", json_type, long).await.problem(413, "body_too_large");

        let many: Map<String, Value> = (0..10_000).map(|number| (format!("field{number}"), json!(number))).collect();
        owner.post("/projects", Value::Object(many)).await.expect(422);
        let unknown = json!({ "workspace": workspace, "name": "x", "colour": "red" });
        owner.post("/projects", unknown).await.faults(&["/colour"]);
        let nul = json!({ "workspace": workspace, "name": "nul\0l" });
        owner.post("/projects", nul).await.faults(&["/name"]);
        let mistyped = json!({ "workspace": workspace, "name": 7 });
        owner.post("/projects", mistyped).await.faults(&["/name"]);
        owner.post("/projects", json!({ "workspace": workspace })).await.faults(&["/name"]);

        owner.get("/projects?search=%00").await.faults(&["?search"]);
        owner.get("/projects?limit=0").await.faults(&["?limit"]);
        owner.get("/projects?limit=201").await.faults(&["?limit"]);
        owner.get("/projects?sort=password").await.faults(&["?sort"]);
        owner.get("/projects?colour=red").await.faults(&["?colour"]);
        owner.get("/projects?is_public=perhaps").await.faults(&["?is_public"]);
        owner.get("/projects?cursor=AAAA").await.faults(&["?cursor"]);
        owner.get("/projects/not-an-id").await.problem(404, "not_found");
        owner.get("/projects/%00").await.problem(404, "not_found");
        owner.get("/projects/%ff").await.expect(404);

        assert_eq!(lobby.database.number(count).await, 0);
    });
}

#[test]
fn a_problem_never_repeats_a_password() {
    lobby(async |lobby| {
        let anonymous = lobby.anonymous();
        let password = "shortpw";
        let body = json!({ "email": "a@example.org", "password": password });
        let answer = anonymous.post("/auth/signup", body).await.faults(&["/password"]);
        assert!(!answer.json.to_string().contains(password));
        let wrong_type = json!({ "email": "a@example.org", "password": [password] });
        let answer = anonymous.post("/auth/signup", wrong_type).await.expect(422);
        assert!(!answer.json.to_string().contains(password));
    });
}
