//! Projects and who takes part in them.

mod create;
mod edit;
mod events;
mod exporting;
mod limit;
mod list;
mod members;
mod outsiders;
mod owner;
mod paging;
mod private;
mod races;
mod revocation;
mod search;
mod switch;

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Lobby};

/// Every row of the domain and how many events and kept replies it has, in one number: what a refusal must not change.
const STATE: &str = "SELECT ('x' || substr(md5(concat_ws('#', \
     (SELECT string_agg(p::text, '|' ORDER BY p.id) FROM project.projects p), \
     (SELECT string_agg(m::text, '|' ORDER BY m.project_id, m.user_id) FROM project.members m), \
     (SELECT count(*) FROM project.outbox), (SELECT count(*) FROM project.idempotency))), 1, 15))::bit(60)::bigint";

async fn state(lobby: &Lobby) -> i64 {
    lobby.database.number(STATE).await
}

/// A project of this name in a workspace.
async fn project(client: &Client, workspace: &str, name: &str) -> String {
    create(client, workspace, json!({ "name": name })).await.id()
}

/// A project with this content in a workspace.
async fn create(client: &Client, workspace: &str, mut body: Value) -> Answer {
    body["workspace"] = workspace.into();
    client.post("/projects", body).await.expect(201)
}

/// Lets someone take part in a project.
async fn include(client: &Client, project: &str, user: &str) {
    client.post(&format!("/projects/{project}/members"), json!({ "user_id": user })).await.expect(201);
}

/// A role of a workspace.
async fn role(owner: &Client, workspace: &str, name: &str, permissions: Value) -> String {
    let body = json!({ "name": name, "permissions": permissions });
    owner.post(&format!("/workspaces/{workspace}/roles"), body).await.expect(201).id()
}

/// Gives a member another role.
async fn assign(owner: &Client, workspace: &str, user: &str, role: &str) {
    let path = format!("/workspaces/{workspace}/members/{user}/role");
    owner.put(&path, json!({ "role": role })).await.expect(200);
}

/// Suspends a member.
async fn suspend(owner: &Client, workspace: &str, user: &str) {
    let path = format!("/workspaces/{workspace}/members/{user}");
    owner.patch(&path, json!({ "status": "suspended" })).await.expect(200);
}

/// Ends a membership.
async fn dismiss(owner: &Client, workspace: &str, user: &str) {
    owner.delete(&format!("/workspaces/{workspace}/members/{user}")).await.expect(204);
}

/// A PATCH that holds only for one version.
async fn patch_if(client: &Client, path: &str, etag: &str, body: &Value) -> Answer {
    client.send(client.request(Method::PATCH, path).header("If-Match", etag).json(body)).await
}

/// Waits until a query answers this number.
#[track_caller]
fn until<'a>(lobby: &'a Lobby, sql: &'a str, wanted: i64) -> impl Future<Output = ()> + 'a {
    let place = std::panic::Location::caller();
    async move {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let found = lobby.database.number(sql).await;
            if found == wanted {
                return;
            }
            assert!(Instant::now() < deadline, "{place}: {sql} answers {found}, not {wanted}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
