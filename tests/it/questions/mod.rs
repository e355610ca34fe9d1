//! Questions of authority: what somebody may do, who may do something, what a change of a role would do.

mod checking;
mod history;
mod reversing;
mod simulating;

use serde_json::{Value, json};

use crate::harness::{Answer, Client};

/// Asks whether `who` (the caller if none) may do something to a resource.
async fn ask(
    by: &Client,
    workspace: &str,
    permission: &str,
    resource: Option<(&str, &str)>,
    who: Option<&Client>,
) -> Answer {
    let mut body = json!({ "permission": permission });
    if let Some((kind, id)) = resource {
        body["resource"] = json!({ "kind": kind, "id": id });
    }
    if let Some(who) = who {
        body["user_id"] = json!(who.user);
    }
    by.post(&format!("/workspaces/{workspace}/check"), body).await
}

/// Makes a role; answers its id.
async fn role(owner: &Client, workspace: &str, name: &str, permissions: Value) -> String {
    let body = json!({ "name": name, "permissions": permissions });
    owner.post(&format!("/workspaces/{workspace}/roles"), body).await.expect(201).id()
}

/// Makes a project; answers its id.
async fn project(owner: &Client, workspace: &str, name: &str, is_public: bool) -> String {
    let body = json!({ "workspace": workspace, "name": name, "is_public": is_public });
    owner.post("/projects", body).await.expect(201).id()
}
