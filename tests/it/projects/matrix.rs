//! Who may do what to a project: every role, in every relation to it, at every door.

use reqwest::Method;
use serde_json::{Value, json};

use super::{create, include, state};
use crate::harness::{Answer, Client, Lobby, lobby};

/// The roles of the blueprint `lobby`.
const LOBBY: &str = "\
method,path,success,admin,user,client
GET,/projects,200,any,any,assigned
GET,/projects/{id},200,any,any,assigned
POST,/projects,201,any,-,-
PUT,/projects/{id},200,any,-,-
PATCH,/projects/{id},200,any,-,-
DELETE,/projects/{id},204,any,-,-
POST,/projects/{id}/activate,200,any,-,-
POST,/projects/{id}/deactivate,200,any,-,-
PUT,/projects/{id}/owner,200,any,-,-
GET,/projects/{id}/members,200,any,any,assigned
POST,/projects/{id}/members,201,any,-,-
PATCH,/projects/{id}/members/{user_id},200,any,-,-
DELETE,/projects/{id}/members/{user_id},204,any,-,-";

/// The roles of the blueprint `devhub`.
const DEVHUB: &str = "\
method,path,success,admin,verified_developer,developer,customer
GET,/projects,200,any,any,any,any
GET,/projects/{id},200,any,any,any,any
POST,/projects,201,any,any,any,-
PUT,/projects/{id},200,any,own,-,-
PATCH,/projects/{id},200,any,own,-,-
DELETE,/projects/{id},204,any,own,-,-
POST,/projects/{id}/activate,200,any,own,-,-
POST,/projects/{id}/deactivate,200,any,own,-,-
PUT,/projects/{id}/owner,200,any,own,-,-
GET,/projects/{id}/members,200,any,any,any,any
POST,/projects/{id}/members,201,any,own,-,-
PATCH,/projects/{id}/members/{user_id},200,any,own,-,-
DELETE,/projects/{id}/members/{user_id},204,any,own,-,-";

/// How a caller stands to a project, weakest first; `Hidden` is the private project of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Relation {
    Hidden,
    Other,
    Assigned,
    Own,
}

impl Relation {
    /// The weakest scope that reaches it.
    fn needs(self) -> &'static str {
        match self {
            Self::Hidden | Self::Other => "any",
            Self::Assigned => "assigned",
            Self::Own => "own",
        }
    }

    /// Whether a cell of the table reaches it.
    fn is_reached_by(self, cell: &str) -> bool {
        match cell {
            "any" => true,
            "assigned" => self >= Self::Assigned,
            "own" => self == Self::Own,
            _ => false,
        }
    }
}

/// One line of a table, for one role.
struct Rule {
    method: Method,
    path: &'static str,
    success: u16,
    cell: &'static str,
}

impl Rule {
    fn permission(&self) -> &'static str {
        match (self.method.as_str(), self.path) {
            ("GET", _) => "can_view_projects",
            ("POST", "/projects") => "can_create_projects",
            ("DELETE", "/projects/{id}") => "can_delete_projects",
            (_, path) if path.contains("/members") => "can_manage_project_members",
            _ => "can_edit_projects",
        }
    }

    /// The scope that the cell says the role holds.
    fn held(&self) -> &'static str {
        if self.cell == "-" { "none" } else { self.cell }
    }

    #[track_caller]
    fn refuses(&self, answer: Answer, role: &str, needed: &str) {
        let refusal = answer.problem(403, "permission_denied");
        for (member, told) in
            [("permission", self.permission()), ("held", self.held()), ("needed", needed), ("role", role)]
        {
            assert_eq!(refusal.json[member], told, "{member} of {}: {}", refusal.asked, refusal.json);
        }
    }
}

/// The columns of a table, role by role.
fn roles(table: &'static str) -> Vec<(&'static str, Vec<Rule>)> {
    let mut lines = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let rows: Vec<_> = lines.collect();
    let column = |at: usize| {
        let rule = |row: &Vec<&'static str>| Rule {
            method: row[0].parse().unwrap(),
            path: row[1],
            success: row[2].parse().unwrap(),
            cell: row[at],
        };
        (head[at], rows.iter().map(rule).collect())
    };
    (3..head.len()).map(column).collect()
}

/// What a request of the table sends.
fn body(rule: &Rule, workspace: &str, guest: &str) -> Option<Value> {
    match (rule.method.as_str(), rule.path) {
        ("POST", "/projects") => Some(json!({ "workspace": workspace, "name": "Made" })),
        ("PUT" | "PATCH", "/projects/{id}") => Some(json!({ "name": "Changed" })),
        ("PUT", "/projects/{id}/owner") | ("POST", "/projects/{id}/members") => Some(json!({ "user_id": guest })),
        ("PATCH", _) => Some(json!({ "is_active": false })),
        _ => None,
    }
}

/// A workspace with those whom the requests are about.
struct Stage<'a> {
    lobby: &'a Lobby,
    owner: Client,
    workspace: String,
    /// Takes part in every project.
    partaker: Client,
    /// Takes part in none.
    guest: Client,
}

impl Stage<'_> {
    /// A fresh project to which `caller` stands in `relation`.
    async fn project(&self, caller: &Client, relation: Relation) -> String {
        let owner = if relation == Relation::Own { &caller.user } else { &self.owner.user };
        let body = json!({ "name": "Site", "owner_id": owner, "is_public": relation == Relation::Other });
        let project = create(&self.owner, &self.workspace, body).await.id();
        include(&self.owner, &project, &self.partaker.user).await;
        if relation == Relation::Assigned {
            include(&self.owner, &project, &caller.user).await;
        }
        project
    }

    async fn ask(&self, caller: &Client, rule: &Rule, project: &str) -> Answer {
        let path = rule.path.replace("{id}", project).replace("{user_id}", &self.partaker.user);
        caller.call(rule.method.clone(), &path, body(rule, &self.workspace, &self.guest.user).as_ref()).await
    }

    async fn lists(&self, caller: &Client, project: &str) -> bool {
        let path = format!("/projects?workspace={}&limit=200", self.workspace);
        caller.get(&path).await.expect(200).each("id").contains(&project)
    }

    /// One role in one relation at every door of a project.
    async fn hold(&self, caller: &Client, role: &str, rules: &[Rule], relation: Relation) {
        let cell = |path: &str| rules.iter().find(|rule| rule.method == "GET" && rule.path == path).unwrap().cell;
        // Of the roles of the blueprints only the administrator sees what others keep private.
        let sees = |cell| relation.is_reached_by(cell) && (relation != Relation::Hidden || role == "admin");
        let mut project = self.project(caller, relation).await;
        assert_eq!(self.lists(caller, &project).await, sees(cell("/projects")), "{role} {relation:?}: the list");
        for rule in rules.iter().filter(|rule| rule.path.contains("{id}")) {
            let before = state(self.lobby).await;
            let answer = self.ask(caller, rule, &project).await;
            if !sees(cell("/projects/{id}")) {
                answer.problem(404, "not_found");
            } else if !relation.is_reached_by(rule.cell) {
                rule.refuses(answer, role, relation.needs());
            } else {
                answer.expect(rule.success);
                if rule.method != "GET" {
                    project = self.project(caller, relation).await;
                }
                continue;
            }
            let asked = format!("{role} {relation:?}: {} {}", rule.method, rule.path);
            assert_eq!(state(self.lobby).await, before, "a refusal changed something: {asked}");
        }
    }
}

/// Every role of a blueprint against its table.
async fn hold(lobby: &Lobby, blueprint: &str, table: &'static str) {
    let (owner, workspace) = lobby.workspace(blueprint).await;
    let partaker = lobby.member(&owner, &workspace, "admin").await;
    let guest = lobby.member(&owner, &workspace, "admin").await;
    let stage = Stage { lobby, owner, workspace, partaker, guest };
    for (role, rules) in roles(table) {
        let caller = lobby.member(&stage.owner, &stage.workspace, role).await;
        let creation = rules.iter().find(|rule| rule.method == "POST" && rule.path == "/projects").unwrap();
        let before = state(lobby).await;
        let answer = stage.ask(&caller, creation, "").await;
        if creation.cell == "any" {
            answer.expect(creation.success);
        } else {
            creation.refuses(answer, role, "any");
            assert_eq!(state(lobby).await, before, "{role}: a refused creation changed something");
        }
        for relation in [Relation::Hidden, Relation::Other, Relation::Assigned, Relation::Own] {
            stage.hold(&caller, role, &rules, relation).await;
        }
    }
}

#[test]
fn the_roles_of_a_team_do_exactly_what_their_table_says() {
    lobby(async |lobby| hold(lobby, "lobby", LOBBY).await);
}

#[test]
fn the_roles_of_a_developer_hub_do_exactly_what_their_table_says() {
    lobby(async |lobby| hold(lobby, "devhub", DEVHUB).await);
}
