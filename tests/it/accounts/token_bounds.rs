//! What a personal access token may do: never more than its permissions say, nor than its owner holds, and nothing with
//! the account itself. No way around is open to a token of someone who owns everything.

use reqwest::Method;
use serde_json::{Value, json};

use super::{accounts, made, personal_tokens::token_of, platform_administrator};
use crate::harness::{Client, Lobby, PASSWORD, document, lobby, picture};

/// A token of this person with these permissions.
async fn with(person: &Client, permissions: Value) -> Client {
    token_of(person, json!({ "name": "x", "permissions": permissions })).await.0
}

/// The personal doors that take a token. Whoever adds one says in the review why a token should get in.
const WELCOME: &[&str] = &[
    "GET /api/v1/blueprints",
    "GET /api/v1/permissions",
    "GET /api/v1/users/me",
    "GET /api/v1/workspaces",
    "POST /api/v1/workspaces/{id}/check",
    "GET /api/v1/workspaces/{id}/permissions",
];

/// Method and path of every operation that needs nothing but being signed in, and whether it takes tokens.
fn personal_doors() -> Vec<(Method, String, bool)> {
    let document = document();
    let mut doors = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation["x-permission"] == "signed_in" {
                let takes_tokens = operation["x-personal-access-tokens"] == true;
                doors.push((method.to_uppercase().parse().unwrap(), path.clone(), takes_tokens));
            }
        }
    }
    doors
}

#[test]
fn exactly_these_personal_doors_take_a_token() {
    let doors = personal_doors();
    let welcome: Vec<String> =
        doors.iter().filter(|(_, _, takes)| *takes).map(|(method, path, _)| format!("{method} {path}")).collect();
    assert_eq!(welcome, WELCOME);
    assert!(doors.len() > WELCOME.len() + 10);
}

#[test]
fn a_token_manages_nothing_of_its_owners_account() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let held = owner.get(&format!("/workspaces/{workspace}/permissions")).await.expect(200);
        let everything: serde_json::Map<String, Value> = held.json["grants"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(key, grant)| {
                let scope = if grant["scope"] == "any" { json!(true) } else { grant["scope"].clone() };
                (key.clone(), scope)
            })
            .collect();
        let (token, made) = token_of(&owner, json!({ "name": "all", "permissions": everything })).await;
        let before = state(lobby).await;
        for (method, path, takes_tokens) in personal_doors() {
            let id = if path.contains("tokens") { made.id() } else { workspace.clone() };
            let path = path.replace("{id}", &id);
            let body = if path.ends_with("/check") { json!({ "permission": "can_view_workspace" }) } else { json!({}) };
            let answer =
                token.call(method.clone(), &format!("/{path}"), (method != Method::GET).then_some(&body)).await;
            if takes_tokens {
                answer.expect(200);
            } else {
                answer.problem(403, "token_not_allowed");
            }
        }
        // The same through the account's own id, where the permissions would allow it for others.
        let own = format!("/users/{}", owner.user);
        token.get(&own).await.expect(200);
        token.patch(&own, json!({ "first_name": "Eve" })).await.problem(403, "token_not_allowed");
        token.put(&own, json!({ "first_name": "Eve" })).await.problem(403, "token_not_allowed");
        token.delete(&own).await.problem(403, "token_not_allowed");
        assert_eq!(state(lobby).await, before);
    });
}

/// What must not change when a token is refused.
async fn state(lobby: &Lobby) -> i64 {
    let sql = "SELECT (SELECT count(*) FROM accounts.users) + (SELECT count(*) FROM accounts.outbox) \
        + (SELECT count(*) FROM accounts.personal_tokens) + (SELECT count(*) FROM accounts.sessions WHERE revoked_at IS NULL) \
        + (SELECT count(*) FROM workspace.members) + (SELECT count(*) FROM workspace.roles) \
        + (SELECT count(*) FROM workspace.workspaces) + (SELECT count(*) FROM workspace.outbox)";
    lobby.database.number(sql).await
}

#[test]
fn a_token_does_what_it_says_and_nothing_else() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let other = lobby.member(&owner, &workspace, "admin").await;
        let project = |name: &str| json!({ "workspace": workspace, "name": name });
        let mine = owner.post("/projects", project("Mine")).await.expect(201).id();
        let theirs = other.post("/projects", project("Theirs")).await.expect(201).id();
        let image = owner.upload(&workspace, picture(1), "a picture").await.expect(201).id();

        let reader = with(&owner, json!({ "can_view_projects": "own" })).await;
        assert_eq!(reader.get("/projects").await.expect(200).each("id"), [mine.as_str()]);
        reader.get(&format!("/projects/{mine}")).await.expect(200);
        reader.get(&format!("/projects/{theirs}")).await.expect(404);
        let refused = reader.patch(&format!("/projects/{mine}"), json!({ "name": "x" })).await;
        let refused = refused.problem(403, "permission_denied");
        assert_eq!((&refused.json["held"], &refused.json["needed"]), (&json!("none"), &json!("own")));
        reader.post("/projects", project("More")).await.problem(403, "permission_denied");
        reader.get(&format!("/images/{image}")).await.expect(404);
        for path in ["/images", "/users", "/roles"] {
            reader.get(path).await.problem(403, "permission_denied");
        }
        reader.get(&format!("/workspaces/{workspace}/members")).await.problem(403, "permission_denied");
        assert!(reader.get("/workspaces").await.expect(200).items().is_empty());

        let mine_only = reader.get(&format!("/workspaces/{workspace}/permissions")).await.expect(200);
        let grants = mine_only.json["grants"].as_object().unwrap();
        assert_eq!(grants.keys().collect::<Vec<_>>(), ["can_view_projects"]);
        assert_eq!(grants["can_view_projects"]["scope"], "own");

        let permissions = json!({
            "can_view_projects": true, "can_view_private_projects": true, "can_edit_projects": "own",
        });
        let editor = with(&owner, permissions).await;
        editor.patch(&format!("/projects/{mine}"), json!({ "name": "Edited" })).await.expect(200);
        editor
            .patch(&format!("/projects/{theirs}"), json!({ "name": "Edited" }))
            .await
            .problem(403, "permission_denied");
        assert_eq!(editor.get("/projects").await.expect(200).items().len(), 2);
    });
}

#[test]
fn a_token_that_asks_what_may_be_done_is_told_what_it_may_do_itself() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let token = with(&owner, json!({ "can_view_projects": true })).await;
        let ask = async |by: &Client, permission: &str| {
            let body = json!({ "permission": permission });
            let answer = by.post(&format!("/workspaces/{workspace}/check"), body).await.expect(200);
            answer.json["allowed"].clone()
        };
        for (permission, through_the_token) in [("can_view_projects", true), ("can_create_projects", false)] {
            assert_eq!(ask(&owner, permission).await, json!(true), "{permission}");
            assert_eq!(ask(&token, permission).await, json!(through_the_token), "{permission}");
        }
    });
}

#[test]
fn a_token_that_bounds_a_number_is_bound_by_it() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let permissions = json!({ "can_create_projects": true, "max_projects": 1 });
        let token = with(&owner, permissions).await;
        let project = |name: &str| json!({ "workspace": workspace, "name": name });
        token.post("/projects", project("One")).await.expect(201);
        token.post("/projects", project("Two")).await.problem(403, "limit_reached");
        owner.post("/projects", project("Two")).await.expect(201);
    });
}

#[test]
fn a_token_loses_what_its_owner_loses_at_once_and_gets_it_back_with_them() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let admin = lobby.member(&owner, &workspace, "admin").await;
        let token = with(&admin, json!({ "can_view_roles": true, "can_view_users": true })).await;
        token.get("/roles").await.expect(200);
        let membership = format!("/workspaces/{workspace}/members/{}", admin.user);
        let role = |role: &str| json!({ "role": role });
        owner.put(&format!("{membership}/role"), role("client")).await.expect(200);
        token.get("/roles").await.problem(403, "permission_denied");
        token.get("/users").await.problem(403, "permission_denied");
        owner.put(&format!("{membership}/role"), role("admin")).await.expect(200);
        token.get("/roles").await.expect(200);
        owner.post(&format!("{membership}/deactivate"), json!({})).await.expect(200);
        assert!(token.get("/roles").await.expect(200).items().is_empty());
        token.get(&format!("/roles?workspace={workspace}")).await.problem(404, "not_found");
    });
}

#[test]
fn a_token_of_one_workspace_is_a_stranger_in_every_other() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let elsewhere = owner.post("/workspaces", json!({ "name": "Elsewhere" })).await.expect(201).id();
        let here = owner.post("/projects", json!({ "workspace": workspace, "name": "Here" })).await.expect(201).id();
        let there = owner.post("/projects", json!({ "workspace": elsewhere, "name": "There" })).await.expect(201).id();
        let permissions = json!({ "can_view_projects": true, "can_create_projects": true, "can_view_workspace": true });
        let body = json!({ "name": "x", "workspace": workspace, "permissions": permissions });
        let (token, _) = token_of(&owner, body).await;
        assert_eq!(token.get("/projects").await.expect(200).each("id"), [here.as_str()]);
        assert_eq!(token.get("/workspaces?count=true").await.expect(200).each("id"), [workspace.as_str()]);
        assert_eq!(token.get("/workspaces?count=true").await.expect(200).json["count"], 1);
        token.get(&format!("/projects/{there}")).await.problem(404, "not_found");
        token.get(&format!("/projects?workspace={elsewhere}")).await.problem(404, "not_found");
        token.get(&format!("/workspaces/{elsewhere}")).await.problem(404, "not_found");
        token.get(&format!("/workspaces/{elsewhere}/permissions")).await.problem(404, "not_found");
        token.post("/projects", json!({ "workspace": elsewhere, "name": "x" })).await.problem(404, "not_found");
        // It belongs to exactly one, so it needn't name it.
        token.post("/projects", json!({ "name": "Unnamed" })).await.expect(201);
        let wide = with(&owner, permissions).await;
        assert_eq!(wide.get("/projects").await.expect(200).items().len(), 3);
        assert_eq!(wide.get("/workspaces").await.expect(200).items().len(), 2);
    });
}

/// What a token that manages people and roles holds, and nothing else.
fn managing() -> Value {
    json!({
        "can_view_workspace": true, "can_view_members": true, "can_manage_members": true, "can_view_roles": true,
        "can_manage_roles": true, "can_create_users": true, "can_delete_users": true, "can_view_users": true,
        "can_edit_workspace": true, "can_transfer_workspace": "own",
    })
}

#[test]
fn not_even_the_owners_token_hands_out_more_than_it_holds() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let member = lobby.member(&owner, &workspace, "client").await;
        let peer = lobby.member(&owner, &workspace, "admin").await;
        let narrow = json!({ "can_view_members": true, "can_manage_members": true });
        let path = |rest: &str| format!("/workspaces/{workspace}{rest}");
        let token = with(&owner, managing()).await;

        let roles = owner.get(&format!("/roles?workspace={workspace}")).await.expect(200);
        let id = |name: &str| {
            let role = roles.items().iter().find(|role| role["name"] == name).unwrap();
            role["id"].as_str().unwrap().to_owned()
        };
        let stranger = lobby.person().await;
        let before = state(lobby).await;
        let member_role = path(&format!("/members/{}/role", member.user));

        let attempts = [
            (Method::POST, path("/roles"), json!({ "name": "x", "permissions": { "*": true } })),
            (Method::POST, path("/roles"), json!({ "name": "x", "permissions": { "can_delete_projects": true } })),
            (
                Method::POST,
                "/roles".to_owned(),
                json!({ "workspace": workspace, "name": "x", "permissions": { "can_edit_projects": "own" } }),
            ),
            (Method::PATCH, format!("/roles/{}", id("client")), json!({ "title": "x" })),
            (Method::PATCH, format!("/roles/{}", id("admin")), json!({ "title": "x" })),
            (Method::DELETE, format!("/roles/{}?reassign_to=client", id("user")), Value::Null),
            (Method::PUT, member_role.clone(), json!({ "role": "admin" })),
            (Method::PUT, member_role, json!({ "role": "user" })),
            (Method::POST, path("/members"), json!({ "user_id": stranger.user, "role": "admin" })),
            (Method::POST, path("/members"), json!({ "user_id": stranger.user, "role": "client" })),
            (Method::DELETE, path(&format!("/members/{}", peer.user)), Value::Null),
            (Method::PUT, path(&format!("/members/{}/role", owner.user)), json!({ "role": "client" })),
            (Method::PATCH, path(""), json!({ "default_role": "client" })),
            (Method::PUT, path("/owner"), json!({ "user_id": peer.user })),
            (
                Method::POST,
                "/users".to_owned(),
                json!({ "workspace": workspace, "email": "new@example.org", "password": PASSWORD, "role": "admin" }),
            ),
            (
                Method::POST,
                "/users".to_owned(),
                json!({ "workspace": workspace, "email": "new@example.org", "password": PASSWORD }),
            ),
            (Method::DELETE, format!("/users/{}", peer.user), Value::Null),
        ];
        for (method, path, body) in attempts {
            let refused = token.call(method, &path, (!body.is_null()).then_some(&body)).await;
            refused.problem(403, "beyond_your_own");
        }
        assert_eq!(state(lobby).await, before, "a refusal changed something");

        // What it does hold, it may hand out.
        let body = json!({ "name": "registrar", "permissions": narrow });
        token.post(&path("/roles"), body).await.expect(201);
        let body = json!({ "user_id": stranger.user, "role": "registrar" });
        token.post(&path("/members"), body).await.expect(201);
        lobby.seat(&workspace, &stranger.user, "registrar").await;
        token.delete(&path(&format!("/members/{}", stranger.user))).await.expect(204);
        let body =
            json!({ "workspace": workspace, "email": "new@example.org", "password": PASSWORD, "role": "registrar" });
        let count = accounts(lobby).await;
        let id = token.post("/users", body).await.expect(201).id();
        token.delete(&format!("/users/{id}")).await.expect(204);
        assert_eq!(accounts(lobby).await, count);
    });
}

#[test]
fn a_platform_administrators_token_is_bounded_everywhere() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let person = made(&owner, &workspace, "ada@example.org", "client").await;
        let project = owner
            .post("/projects", json!({ "workspace": workspace, "name": "Here", "is_public": true }))
            .await
            .expect(201)
            .id();
        let platform = platform_administrator(lobby).await;
        let token = with(&platform, json!({ "can_view_projects": true, "can_view_profiles": true })).await;
        token.get(&format!("/projects?workspace={workspace}")).await.expect(200);
        token.patch(&format!("/projects/{project}"), json!({ "name": "x" })).await.problem(403, "permission_denied");
        token.get(&format!("/workspaces/{workspace}")).await.problem(403, "permission_denied");
        let path = format!("/users/{}", person.id());
        assert!(token.get(&path).await.expect(200).json["email"].is_null(), "it lists no e-mail addresses");
        assert_eq!(platform.get(&path).await.expect(200).json["email"], "ada@example.org");
        token.delete(&path).await.problem(403, "permission_denied");
        let grants = token.get(&format!("/workspaces/{workspace}/permissions")).await.expect(200);
        assert_eq!(grants.json["grants"].as_object().unwrap().len(), 2);

        let manager = with(&platform, json!({ "can_delete_users": true, "can_view_users": true })).await;
        manager.delete(&path).await.problem(403, "beyond_your_own");
    });
}

#[test]
fn a_token_gets_no_reply_that_its_owner_got() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let token = with(&owner, json!({ "can_create_projects": true })).await;
        let body = json!({ "workspace": workspace, "name": "Once" });
        let first = owner.post_once("/projects", "key-1", &body).await.expect(201);
        let second = token.post_once("/projects", "key-1", &body).await.expect(201);
        assert_ne!(first.id(), second.id());
        assert_eq!(second.header("idempotency-replayed"), "");
    });
}
