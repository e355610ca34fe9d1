//! Who may do what: every operation × every role × every state, and everyone who is no member.

use reqwest::{Method, multipart::Form};
use serde_json::{Value, json};

use super::{Gallery, STATES, file, objects, pictures, post_form};
use crate::harness::{Answer, Client, Lobby, lobby};

/// One operation on an image: who edits may do it in these states, and who looks if `looking` on what is approved.
struct Operation {
    method: Method,
    path: &'static str,
    success: u16,
    looking: bool,
    states: &'static [&'static str],
}

const fn on(
    method: Method,
    path: &'static str,
    success: u16,
    looking: bool,
    states: &'static [&'static str],
) -> Operation {
    Operation { method, path, success, looking, states }
}

const OPERATIONS: [Operation; 9] = [
    on(Method::GET, "", 200, true, STATES),
    on(Method::PUT, "", 200, false, STATES),
    on(Method::PATCH, "", 200, false, STATES),
    on(Method::DELETE, "", 204, false, STATES),
    on(Method::GET, "/content", 200, true, STATES),
    on(Method::POST, "/approval", 201, false, &["draft", "rejected"]),
    on(Method::GET, "/approval", 200, false, STATES),
    on(Method::PUT, "/approval", 200, false, &["pending"]),
    on(Method::DELETE, "/approval", 204, false, &["pending", "approved", "rejected"]),
];

impl Operation {
    async fn ask(&self, client: &Client, id: &str) -> Answer {
        client.call(self.method.clone(), &format!("/images/{id}{}", self.path), self.body().as_ref()).await
    }

    /// A sound body, so that the answer is about authority and nothing else.
    fn body(&self) -> Option<Value> {
        match (self.method.as_str(), self.path) {
            ("PUT", "") => Some(json!({ "description": "new", "tags": ["new"] })),
            ("PATCH", _) => Some(json!({ "description": "new" })),
            ("PUT", _) => Some(json!({ "decision": "approved" })),
            _ => None,
        }
    }
}

/// All that a refused request must not change.
async fn fingerprint(lobby: &Lobby) -> (i64, usize) {
    let sql = "SELECT hashtextextended(concat( \
                   (SELECT string_agg(image::text, ';' ORDER BY image.id) FROM gallery.images image), \
                   (SELECT string_agg(step::text, ';' ORDER BY step.id) FROM gallery.approval_events step), \
                   (SELECT count(*) FROM gallery.outbox)), 0)";
    (lobby.database.number(sql).await, objects(lobby))
}

/// People who are not members: a member of another workspace, a suspended one, and someone who isn't signed in.
async fn outsiders(lobby: &Lobby, gallery: &Gallery) -> [(Client, u16, &'static str); 3] {
    let (stranger, _) = lobby.workspace("gallery").await;
    let suspended = lobby.member(&gallery.admin, &gallery.workspace, "beta_player").await;
    let member = format!("/workspaces/{}/members/{}", gallery.workspace, suspended.user);
    gallery.admin.act(&format!("{member}/deactivate")).await.expect(200);
    [(stranger, 404, "not_found"), (suspended, 404, "not_found"), (lobby.anonymous(), 401, "unauthenticated")]
}

#[test]
fn who_runs_the_gallery_does_everything_where_its_state_allows() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        for operation in &OPERATIONS {
            for state in STATES {
                for client in [&gallery.admin, &gallery.player] {
                    let id = gallery.image(state).await;
                    let answer = operation.ask(client, &id).await;
                    if operation.states.contains(state) {
                        answer.expect(operation.success);
                    } else {
                        let answer = answer.problem(409, "wrong_state");
                        assert_eq!(answer.json["state"], *state);
                        let now = client.get(&format!("/images/{id}")).await.expect(200);
                        assert_eq!(now.text("status"), *state);
                    }
                }
            }
        }
    });
}

#[test]
fn who_looks_sees_what_is_approved_and_changes_nothing() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        for state in STATES {
            let id = gallery.image(state).await;
            let before = fingerprint(lobby).await;
            for operation in &OPERATIONS {
                for client in [&gallery.company, &gallery.subscriber] {
                    let answer = operation.ask(client, &id).await;
                    match (*state, operation.looking) {
                        ("approved", true) => answer.expect(operation.success),
                        ("approved", false) => answer.problem(403, "permission_denied"),
                        _ => answer.problem(404, "not_found"),
                    };
                    assert_eq!(fingerprint(lobby).await, before, "a refusal changed something");
                }
            }
        }
    });
}

#[test]
fn who_is_no_member_finds_no_image_in_any_state() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let outsiders = outsiders(lobby, &gallery).await;
        for state in STATES {
            let id = gallery.image(state).await;
            let before = fingerprint(lobby).await;
            for operation in &OPERATIONS {
                for (client, status, code) in &outsiders {
                    operation.ask(client, &id).await.problem(*status, code);
                    assert_eq!(fingerprint(lobby).await, before, "a refusal changed something");
                }
            }
        }
    });
}

#[test]
fn uploading_and_listing_are_for_those_whose_role_grants_them() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let shown = gallery.image("approved").await;
        let waiting = gallery.image("pending").await;
        let workspace = &gallery.workspace;
        let (images, queue) = (format!("/images?workspace={workspace}"), format!("/approvals?workspace={workspace}"));

        for client in [&gallery.admin, &gallery.player] {
            assert_eq!(client.get(&images).await.expect(200).each("id"), [&*waiting, &*shown]);
            assert_eq!(client.get(&queue).await.expect(200).each("id"), [&*waiting]);
        }
        let before = fingerprint(lobby).await;
        for client in [&gallery.company, &gallery.subscriber] {
            assert_eq!(client.get(&images).await.expect(200).each("id"), [&*shown]);
            client.get(&queue).await.problem(403, "permission_denied");
            let denied = client.upload(workspace, pictures::fresh(), "mine").await.problem(403, "permission_denied");
            assert_eq!(denied.json["permission"], "can_upload_images");
        }
        for (client, status, code) in outsiders(lobby, &gallery).await {
            client.get(&images).await.problem(status, code);
            client.get(&queue).await.problem(status, code);
            client.upload(workspace, pictures::fresh(), "mine").await.problem(status, code);
            // Wherever the workspace is named: in the query, before the file or after it.
            let query = format!("?workspace={workspace}");
            let form = Form::new().part("file", file(pictures::fresh(), "a.png"));
            post_form(&client, &query, form).await.problem(status, code);
            let form = Form::new().part("file", file(pictures::fresh(), "a.png")).text("workspace", workspace.clone());
            post_form(&client, "", form).await.problem(status, code);
        }
        assert_eq!(fingerprint(lobby).await, before, "a refusal changed something");
        assert_eq!(super::spooled(lobby), 0);
        gallery.admin.upload(workspace, pictures::fresh(), "mine").await.expect(201);
        gallery.player.upload(workspace, pictures::fresh(), "mine").await.expect(201);
    });
}

#[test]
fn a_demotion_counts_on_the_next_request() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let other = gallery.admin.upload(&gallery.workspace, pictures::fresh(), "theirs").await.expect(201).id();
        gallery.player.get(&format!("/images/{other}/content")).await.expect(200);
        let mine = gallery.player.upload(&gallery.workspace, pictures::fresh(), "mine").await.expect(201).id();
        let role = format!("/workspaces/{}/members/{}/role", gallery.workspace, gallery.player.user);
        gallery.admin.put(&role, json!({ "role": "company_user" })).await.expect(200);
        let player = &gallery.player;
        player.get(&format!("/images/{other}/content")).await.problem(404, "not_found");
        player.get(&format!("/images/{mine}")).await.expect(200);
        player.get(&format!("/images/{mine}/content?variant=original")).await.problem(403, "permission_denied");
        player.delete(&format!("/images/{mine}")).await.problem(403, "permission_denied");
        player.upload(&gallery.workspace, pictures::fresh(), "again").await.problem(403, "permission_denied");
    });
}
