//! The edges of the guard: what it reads of a request's headers, which refusal it tells, and what it asks nobody.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Answer, Client, Lobby, lobby};

/// A role of the platform with this document, held by `person`, who meets the server for the first time after.
async fn platform_role(lobby: &Lobby, person: &Client, name: &str, document: Value) {
    let role = Uuid::now_v7();
    let sql = format!(
        "INSERT INTO workspace.roles (id, name, title, permissions, created_at, updated_at) \
         VALUES ('{role}', '{name}', 'Platform', '{document}', now(), now()); \
         INSERT INTO workspace.platform_members (user_id, role_id, created_at) VALUES ('{}', '{role}', now())",
        person.user
    );
    lobby.database.execute(&sql).await;
}

async fn with_header(
    client: &Client,
    method: Method,
    path: &str,
    header: (&str, &str),
    body: Option<&Value>,
) -> Answer {
    let request = client.request(method, path).header(header.0, header.1);
    client.send(if let Some(body) = body { request.json(body) } else { request }).await
}

#[test]
fn if_match_is_asked_of_writes_only() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let path = format!("/workspaces/{workspace}");
        let stale = ("If-Match", "\"another\"");
        let read = with_header(&owner, Method::GET, &path, stale, None).await.expect(200);
        let change = json!({ "description": "changed" });
        with_header(&owner, Method::PATCH, &path, stale, Some(&change)).await.problem(412, "precondition_failed");
        let current = ("If-Match", read.header("etag"));
        with_header(&owner, Method::PATCH, &path, current, Some(&change)).await.expect(200);
    });
}

#[test]
fn an_idempotency_key_belongs_to_one_path_and_to_post() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let person = lobby.member(&owner, &workspace, "client").await;
        let mut projects = Vec::new();
        for name in ["One", "Two"] {
            let body = json!({ "workspace": workspace, "name": name });
            projects.push(owner.post("/projects", body).await.expect(201).id());
        }
        let member = json!({ "user_id": person.user });
        for project in &projects {
            let answer = owner.post_once(&format!("/projects/{project}/members"), "key", &member).await.expect(201);
            assert_eq!(answer.header("idempotency-replayed"), "", "another path's answer");
        }
        // Repeating these does no harm by itself, so the header means nothing there, whatever it says.
        let path = format!("/projects/{}", projects[0]);
        for (key, name) in [("key", "A"), ("key", "B"), ("not a key", "C")] {
            let header = ("Idempotency-Key", key);
            let change = json!({ "name": name });
            let answer = with_header(&owner, Method::PATCH, &path, header, Some(&change)).await.expect(200);
            assert_eq!(answer.json["name"], name);
        }
    });
}

#[test]
fn an_idempotency_key_is_1_to_255_visible_characters() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let body = json!({ "workspace": workspace, "name": "Once" });
        for malformed in ["", "with space", "with\ttab", &"k".repeat(256)] {
            owner.post_once("/projects", malformed, &body).await.problem(400, "idempotency_key_malformed");
        }
        assert_eq!(lobby.database.number("SELECT count(*) FROM project.projects").await, 0);
        owner.post_once("/projects", &"k".repeat(255), &body).await.expect(201);
    });
}

#[test]
fn a_refused_key_is_free_for_the_next_request_at_once() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let body = |name: &str| json!({ "workspace": workspace, "name": name });
        let made = owner.post_once("/projects", "key", &body("Once")).await.expect(201).id();
        for _ in 0..40 {
            owner.post_once("/projects", "key", &body("Twice")).await.problem(422, "idempotency_key_reused");
            assert_eq!(owner.post_once("/projects", "key", &body("Once")).await.expect(201).id(), made);
        }
    });
}

#[test]
fn who_is_refused_by_membership_and_by_the_platform_is_told_of_the_membership() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let person = lobby.member(&owner, &workspace, "client").await;
        platform_role(lobby, &person, "looker", json!({ "can_view_workspace": true })).await;
        let stranger = lobby.person().await;
        platform_role(lobby, &stranger, "onlooker", json!({ "can_view_workspace": true })).await;
        let path = format!("/workspaces/{workspace}");
        let change = json!({ "description": "mine" });
        let refused = person.patch(&path, change.clone()).await.problem(403, "permission_denied");
        assert_eq!(refused.json["role"], "client");
        let refused = stranger.patch(&path, change).await.problem(403, "permission_denied");
        assert_eq!(refused.json["role"], "onlooker");
    });
}

#[test]
fn a_stranger_s_look_for_a_workspace_asks_the_database_nothing() {
    lobby(async |lobby| {
        let (_, workspace) = lobby.workspace("lobby").await;
        let (stranger, _) = lobby.workspace("lobby").await;
        let path = format!("/workspaces/{workspace}/members");
        let statements = lobby.statements().await;
        let (answer, seen) = statements.settled(0, async || stranger.get(&path).await).await;
        answer.problem(404, "not_found");
        assert!(seen.is_empty(), "{seen:#?}");
    });
}
