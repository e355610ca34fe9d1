//! Where the program's own word on a decision is held against what it then does.
//!
//! For every request of a member on something of their workspace the harness knows the question that the request
//! answers: may this person, by this permission, do this to that? [`foretold`] puts the question to the program before
//! the request is made; the harness fails where the word was another than the deed.

use serde_json::json;

use super::world::World;

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
    /// Whether it asks for a list: then it is enough to hold the permission for some of it.
    pub is_list: bool,
}

/// What the program says before the request is made: whether it will be allowed.
pub async fn foretold(world: &World<'_>, question: &Question<'_>) -> bool {
    let Question { workspace, actor, permission, resource, is_list } = *question;
    let mut body = json!({ "permission": permission, "user_id": actor });
    if let Some((kind, id)) = resource {
        body["resource"] = json!({ "kind": kind, "id": id });
    }
    let asks = if workspace == world.workspace { &world.owner } else { &world.founder };
    let answer = asks.post(&format!("/workspaces/{workspace}/check"), body).await.expect(200).json;
    if is_list { answer["held"] != "none" } else { answer["allowed"] == true }
}
