//! Where the program's own word on a decision is held against what it then does.
//!
//! For every request of a member on something of their workspace the harness knows the question that the request
//! answers: may this person, by this permission, do this to that? [`foretold`] puts the question to the program before
//! the request is made; the harness fails where the word was another than the deed.

use serde_json::json;

use super::world::World;

/// Where a workspace answers such questions. As long as the program has no such route nothing is foretold.
const ROUTE: &str = "/api/v1/workspaces/{id}/check";
/// The kinds of things that can be asked about.
const KINDS: [&str; 2] = ["project", "image"];

/// The question that a request answers.
#[derive(Debug)]
pub struct Question<'a> {
    /// Where.
    pub workspace: &'a str,
    /// Who.
    pub actor: &'a str,
    /// By which permission: the route's `x-permission`.
    pub permission: &'a str,
    /// To what, if it is more than the workspace: kind and id.
    pub resource: Option<(&'static str, &'a str)>,
}

/// What the program says before the request is made: whether it will be allowed. `None` where it doesn't say.
pub async fn foretold(world: &World<'_>, question: &Question<'_>) -> Option<bool> {
    let Question { workspace, actor, permission, resource } = *question;
    if !world.lobby.contract.document["paths"][ROUTE]["post"].is_object() {
        return None;
    }
    let mut body = json!({ "permission": permission, "user_id": actor });
    if let Some((kind, id)) = resource {
        if !KINDS.contains(&kind) {
            return None;
        }
        body["resource"] = json!({ "kind": kind, "id": id });
    }
    let asks = if workspace == world.workspace { &world.owner } else { &world.founder };
    asks.post(&format!("/workspaces/{workspace}/check"), body).await.expect(200).json["allowed"].as_bool()
}
