//! The access matrix: every operation on workspaces, members and roles, by everybody who could try.

use std::cell::Cell;

use reqwest::Method;
use serde_json::{Value, json};

use super::{STATE, accounts, make_role, membership};
use crate::harness::{Answer, Client, Lobby, lobby};

/// The columns: the owner, another administrator, who sees members and roles, who sees neither.
#[derive(Clone, Copy)]
enum Kind {
    Owner,
    Administrator,
    Viewer,
    Plain,
}

/// Method, path, and the status for each kind. What is refused with 404 may not be known, with 403 may be.
const ROWS: &[(Method, &str, [u16; 4])] = &[
    (Method::GET, "/workspaces/{workspace}", [200, 200, 200, 200]),
    (Method::PATCH, "/workspaces/{workspace}", [200, 200, 403, 403]),
    (Method::PUT, "/workspaces/{workspace}", [200, 200, 403, 403]),
    (Method::GET, "/workspaces/{workspace}/permissions", [200, 200, 200, 200]),
    (Method::GET, "/workspaces/{workspace}/members", [200, 200, 200, 403]),
    (Method::POST, "/workspaces/{workspace}/members", [201, 201, 403, 403]),
    (Method::GET, "/workspaces/{workspace}/members/{member}", [200, 200, 200, 404]),
    (Method::PATCH, "/workspaces/{workspace}/members/{member}", [200, 200, 403, 404]),
    (Method::POST, "/workspaces/{workspace}/members/{member}/deactivate", [200, 200, 403, 404]),
    (Method::POST, "/workspaces/{workspace}/members/{member}/activate", [200, 200, 403, 404]),
    (Method::PUT, "/workspaces/{workspace}/members/{member}/role", [200, 200, 403, 404]),
    (Method::DELETE, "/workspaces/{workspace}/members/{member}", [204, 204, 403, 404]),
    (Method::GET, "/workspaces/{workspace}/roles", [200, 200, 200, 403]),
    (Method::GET, "/roles?workspace={workspace}", [200, 200, 200, 403]),
    (Method::GET, "/roles/{role}", [200, 200, 200, 404]),
    (Method::POST, "/workspaces/{workspace}/roles", [201, 201, 403, 403]),
    (Method::POST, "/roles", [201, 201, 403, 403]),
    (Method::PATCH, "/roles/{role}", [200, 200, 403, 404]),
    (Method::PUT, "/roles/{role}", [200, 200, 403, 404]),
    (Method::DELETE, "/roles/{role}", [204, 204, 403, 404]),
    (Method::PUT, "/workspaces/{workspace}/owner", [200, 403, 403, 403]),
    // Last: nothing is left after it.
    (Method::DELETE, "/workspaces/{workspace}", [204, 403, 403, 403]),
];

struct Stage<'l> {
    lobby: &'l Lobby,
    owner: Client,
    workspace: String,
    default_role: String,
    members: Vec<(Kind, Client)>,
    /// Whoever is no member: for them there is nothing.
    strangers: Vec<Client>,
    made: Cell<usize>,
}

impl<'l> Stage<'l> {
    async fn set(lobby: &'l Lobby, blueprint: &str, roles: &[(&str, Kind)]) -> Self {
        let (owner, workspace) = lobby.workspace(blueprint).await;
        let mut members = vec![(Kind::Owner, owner.clone())];
        for (role, kind) in [("admin", Kind::Administrator)].iter().chain(roles) {
            members.push((*kind, lobby.member(&owner, &workspace, role).await));
        }
        let suspended = lobby.member(&owner, &workspace, "admin").await;
        owner.act(&format!("{}/deactivate", membership(&workspace, &suspended))).await.expect(200);
        let former = lobby.member(&owner, &workspace, "admin").await;
        owner.delete(&membership(&workspace, &former)).await.expect(204);
        let (elsewhere, _) = lobby.workspace(blueprint).await;
        let default_role = owner.get(&format!("/workspaces/{workspace}")).await.expect(200).text("default_role");
        let strangers = vec![elsewhere, suspended, former, lobby.person().await];
        Self { lobby, owner, workspace, default_role, members, strangers, made: Cell::new(0) }
    }

    /// A path on things of its own, as far as it names any.
    async fn path(&self, template: &str) -> String {
        let mut path = template.replace("{workspace}", &self.workspace);
        if path.contains("{member}") {
            let member = accounts(&self.lobby.database, 1).await.remove(0);
            self.lobby.seat(&self.workspace, &member, &self.default_role).await;
            path = path.replace("{member}", &member);
        }
        if path.contains("{role}") {
            path = path.replace("{role}", &make_role(&self.owner, &self.workspace, &self.name(), json!({})).await);
        }
        path
    }

    fn name(&self) -> String {
        self.made.set(self.made.get() + 1);
        format!("role-{}", self.made.get())
    }

    /// A body with which the operation is sound, so that the answer is about authority and nothing else.
    async fn body(&self, method: &Method, template: &str) -> Option<Value> {
        let steps: Vec<&str> = template.split('/').skip(1).collect();
        Some(match (method.as_str(), steps.as_slice()) {
            ("PATCH", ["workspaces", _]) => json!({ "description": self.name() }),
            ("PUT", ["workspaces", _]) => json!({ "name": "Renamed" }),
            ("DELETE", ["workspaces", _]) => json!({ "confirm": "Renamed" }),
            ("PUT", ["workspaces", _, "owner"]) => json!({ "user_id": self.owner.user }),
            ("POST", ["workspaces", _, "members"]) => {
                json!({ "user_id": accounts(&self.lobby.database, 1).await[0], "role": self.default_role })
            }
            ("PATCH", ["workspaces", _, "members", _]) => json!({ "hour_rate": 4200 }),
            ("PUT", ["workspaces", _, "members", _, "role"]) => json!({ "role": self.default_role }),
            ("POST", ["workspaces", _, "roles"]) | ("PUT", ["roles", _]) => {
                json!({ "name": self.name(), "permissions": {} })
            }
            ("POST", ["roles"]) => json!({ "workspace": self.workspace, "name": self.name(), "permissions": {} }),
            ("PATCH", ["roles", _]) => json!({ "title": self.name() }),
            _ => return None,
        })
    }

    /// A refusal says what the matrix says, and changes nothing.
    async fn refuse(&self, caller: &Client, request: (&Method, &str, Option<&Value>), status: u16) {
        let before = self.lobby.database.number(STATE).await;
        let (method, path, body) = request;
        let answer = caller.call(method.clone(), path, body).await;
        let asked = answer.asked.clone();
        let code = match status {
            401 => "unauthenticated",
            403 => "permission_denied",
            _ => "not_found",
        };
        answer.problem(status, code);
        assert_eq!(self.lobby.database.number(STATE).await, before, "{asked} was refused and changed something");
    }

    async fn play(&self) {
        for (method, template, statuses) in ROWS {
            let (path, body) = (self.path(template).await, self.body(method, template).await);
            let request = (method, path.as_str(), body.as_ref());
            for stranger in &self.strangers {
                self.refuse(stranger, request, 404).await;
            }
            self.refuse(&self.lobby.anonymous(), request, 401).await;
            for (kind, member) in &self.members {
                let status = statuses[*kind as usize];
                if status >= 400 {
                    self.refuse(member, request, status).await;
                }
            }
            for (kind, member) in &self.members {
                let status = statuses[*kind as usize];
                if status < 400 {
                    self.allow(member, method, template, status).await;
                }
            }
        }
    }

    async fn allow(&self, caller: &Client, method: &Method, template: &str, status: u16) -> Answer {
        let (path, body) = (self.path(template).await, self.body(method, template).await);
        caller.call(method.clone(), &path, body.as_ref()).await.expect(status)
    }
}

fn holds(blueprint: &str, roles: &[(&str, Kind)]) {
    lobby(async |lobby| Stage::set(lobby, blueprint, roles).await.play().await);
}

#[test]
fn the_lobby_answers_as_its_matrix_says() {
    holds("lobby", &[("user", Kind::Viewer), ("client", Kind::Plain)]);
}

#[test]
fn the_workshops_answer_as_their_matrix_says() {
    holds("crafo", &[("creator", Kind::Plain), ("assistant", Kind::Plain)]);
}

#[test]
fn the_gallery_answers_as_its_matrix_says() {
    let roles = ["beta_player", "company_user", "growth_plan_subscriber"].map(|role| (role, Kind::Plain));
    holds("gallery", &roles);
}

#[test]
fn the_developer_hub_answers_as_its_matrix_says() {
    let roles = ["verified_developer", "developer", "customer"].map(|role| (role, Kind::Plain));
    holds("devhub", &roles);
}

#[test]
fn whoever_is_signed_in_makes_workspaces_and_sees_their_own() {
    lobby(async |lobby| {
        let stage = Stage::set(lobby, "lobby", &[("user", Kind::Viewer), ("client", Kind::Plain)]).await;
        for (_, member) in &stage.members {
            assert_eq!(member.get("/workspaces").await.expect(200).each("id"), [&stage.workspace]);
        }
        let everybody = stage.members.iter().map(|(_, member)| member).chain(&stage.strangers);
        for person in everybody {
            let own = person.post("/workspaces", json!({ "name": "Own" })).await.expect(201);
            assert_eq!(own.json["my_role"], "admin");
            assert!(person.get("/workspaces").await.expect(200).each("id").contains(&own.id().as_str()));
        }
        for stranger in &stage.strangers {
            assert!(!stranger.get("/workspaces").await.expect(200).each("id").contains(&stage.workspace.as_str()));
        }
        let anonymous = lobby.anonymous();
        anonymous.post("/workspaces", json!({ "name": "Own" })).await.problem(401, "unauthenticated");
        anonymous.get("/workspaces").await.problem(401, "unauthenticated");
    });
}
