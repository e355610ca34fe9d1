//! Workspaces, members and roles from outside: who may do what, and what holds whatever happens at once.

mod administrators;
mod creating;
mod delegation;
mod deleting;
mod developers;
mod escalation;
mod instances;
mod invitations;
mod joining;
mod letters;
mod lists;
mod mail;
mod members;
mod onslaught;
mod owners;
mod platform;
mod promotion;
mod role_documents;
mod roles;
mod settings;
mod smtp_sink;
mod standing;
mod vocabulary;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Client, Database, Lobby, eventually};

/// The four role models that come with the program, as they are written.
const BLUEPRINTS: [&str; 4] = [
    include_str!("../../../config/blueprints/crafo.json"),
    include_str!("../../../config/blueprints/devhub.json"),
    include_str!("../../../config/blueprints/gallery.json"),
    include_str!("../../../config/blueprints/lobby.json"),
];

/// All that this domain stores, as one number: another one after the least change.
const STATE: &str = "SELECT hashtextextended(concat_ws('|', \
     (SELECT string_agg(w::text, ';' ORDER BY w.id) FROM workspace.workspaces w), \
     (SELECT string_agg(r::text, ';' ORDER BY r.id) FROM workspace.roles r), \
     (SELECT string_agg(m::text, ';' ORDER BY m.workspace_id, m.user_id) FROM workspace.members m), \
     (SELECT string_agg(p::text, ';' ORDER BY p.user_id) FROM workspace.platform_members p), \
     (SELECT string_agg(i::text, ';' ORDER BY i.id) FROM workspace.invitations i), \
     (SELECT count(*) FROM workspace.role_versions), \
     (SELECT count(*) FROM workspace.outbox), \
     (SELECT count(*) FROM workspace.idempotency)), 0)";

/// The id of a workspace's role.
async fn role_id(owner: &Client, workspace: &str, name: &str) -> String {
    let roles = owner.get(&format!("/workspaces/{workspace}/roles?limit=200")).await.expect(200);
    let role = roles.items().iter().find(|role| role["name"] == name).unwrap_or_else(|| panic!("no role {name}"));
    role["id"].as_str().unwrap().to_owned()
}

/// A new role; answers its id.
async fn make_role(owner: &Client, workspace: &str, name: &str, permissions: Value) -> String {
    let body = json!({ "name": name, "permissions": permissions });
    owner.post(&format!("/workspaces/{workspace}/roles"), body).await.expect(201).id()
}

/// The path of a membership.
fn membership(workspace: &str, person: &Client) -> String {
    format!("/workspaces/{workspace}/members/{}", person.user)
}

/// Accounts of people who never sign in; costs no hashing.
async fn accounts(database: &Database, count: usize) -> Vec<String> {
    let ids: Vec<String> = (0..count).map(|_| Uuid::now_v7().to_string()).collect();
    let row = |id: &String| format!("('{id}', '{id}@example.org', '{id}@example.org', now(), now())");
    let rows: Vec<String> = ids.iter().map(row).collect();
    let sql = "INSERT INTO accounts.users (id, email, email_key, created_at, updated_at) VALUES";
    database.execute(&format!("{sql} {}", rows.join(","))).await;
    ids
}

/// How many events of this kind are in the log.
async fn events(lobby: &Lobby, action: &str) -> i64 {
    lobby.database.number(&format!("SELECT count(*) FROM workspace.outbox WHERE action = 'workspace.{action}'")).await
}
