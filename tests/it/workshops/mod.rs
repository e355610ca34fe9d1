//! Workshops and those who attend them.

mod calendars;
mod departures;
mod editing;
mod held;
mod listing;
mod messages;
mod notices;
mod photo_races;
mod photos;
mod races;
mod registering;

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Lobby};

/// A workspace of the model in which workshops are given, with its administrator.
async fn studio(lobby: &Lobby) -> (Client, String) {
    lobby.workspace("crafo").await
}

/// What a workshop of tomorrow is like.
fn tomorrow(lobby: &Lobby) -> Value {
    let begins = lobby.clock.now() + Duration::days(1);
    json!({
        "title": "Bookbinding", "starts_at": begins, "ends_at": begins + Duration::hours(8),
        "timezone": "Europe/Berlin", "status": "published",
    })
}

/// Makes a workshop that is like this, and for the rest one of tomorrow.
async fn make(lobby: &Lobby, maker: &Client, workspace: &str, like: Value) -> Answer {
    let mut body = tomorrow(lobby);
    body["workspace"] = workspace.into();
    for (field, value) in like.as_object().unwrap() {
        body[field] = value.clone();
    }
    maker.post("/workshops", body).await.expect(201)
}

/// The same; answers its path.
async fn workshop(lobby: &Lobby, maker: &Client, workspace: &str, like: Value) -> String {
    format!("/workshops/{}", make(lobby, maker, workspace, like).await.id())
}

/// Registers somebody, who may be anybody, in the name of who may.
async fn enrol(manager: &Client, path: &str, user: &str) -> Answer {
    manager.post(&format!("{path}/attendees"), json!({ "user_id": user })).await.expect(201)
}

/// The status of those who are registered, in the order in which they registered.
async fn line(manager: &Client, path: &str) -> Vec<(String, String)> {
    let answer = manager.get(&format!("{path}/attendees?limit=200")).await.expect(200);
    let text = |item: &Value, member: &str| item[member].as_str().unwrap().to_owned();
    answer.items().iter().map(|item| (text(item, "user_id"), text(item, "status"))).collect()
}

/// Members with this role who never sign in, made past all that takes long.
async fn crowd(lobby: &Lobby, workspace: &str, role: &str, size: usize) -> Vec<String> {
    let users: Vec<String> = (0..size).map(|_| uuid::Uuid::now_v7().to_string()).collect();
    let listed = users.iter().map(|user| format!("('{user}'::uuid)")).collect::<Vec<_>>().join(",");
    let accounts = format!(
        "INSERT INTO accounts.users (id, email, email_key, created_at, updated_at) \
         SELECT id, id || '@example.org', id || '@example.org', now(), now() FROM (VALUES {listed}) AS v (id)"
    );
    lobby.database.execute(&accounts).await;
    let members = format!(
        "INSERT INTO workspace.members (workspace_id, user_id, role_id, status, joined_at, updated_at) \
         SELECT r.workspace_id, v.id, r.id, 'active', now(), now() FROM (VALUES {listed}) AS v (id), workspace.roles r \
         WHERE r.workspace_id = '{workspace}' AND r.name = '{role}'"
    );
    lobby.database.execute(&members).await;
    users
}

/// An instant as it is told.
fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}
