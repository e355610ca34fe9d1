//! Builds a drawn world through the API; only what no request can do is done past it.

use std::{
    sync::atomic::{AtomicU8, Ordering},
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use serde_json::{Value, json};
use sqlx::Row as _;
use uuid::Uuid;

use super::{
    drawn::{PEOPLE, Seat, Standing, Workspace, World},
    lists::Row,
};
use crate::harness::{Client, Lobby, PASSWORD, picture};

/// The documents of the blueprint's own roles, which the founder and nobody else holds.
const ADMINISTRATOR: &str = r#"{"*": true}"#;

/// A session of one of the cast.
pub struct Session {
    pub person: usize,
    pub id: String,
    pub lives: bool,
}

/// Everyone who calls, the founder last, and their sessions: the same in all worlds.
pub struct Cast {
    pub people: Vec<Client>,
    pub sessions: Vec<Session>,
    administrator: Value,
}

impl Cast {
    pub async fn gather(lobby: &Lobby) -> Self {
        let mut people = Vec::new();
        for _ in 0..=PEOPLE {
            people.push(lobby.person().await);
        }
        let sessions = sessions(lobby, &people).await;
        Self { people, sessions, administrator: serde_json::from_str(ADMINISTRATOR).unwrap() }
    }

    fn founder(&self) -> &Client {
        &self.people[PEOPLE]
    }
}

/// Some people have further sessions: one that lives, one that was ended, one that expired.
async fn sessions(lobby: &Lobby, people: &[Client]) -> Vec<Session> {
    let mut sessions = Vec::new();
    for (person, client) in people.iter().enumerate() {
        sessions.push(Session { person, id: session_of(client).await, lives: true });
        let email = client.get("/users/me").await.expect(200).text("email");
        for fate in ["lives", "ended", "expired"].iter().take(if person < 3 { 3 } else { person % 2 }) {
            let id = session_of(&client.sign_in(&email, PASSWORD).await).await;
            match *fate {
                "ended" => {
                    client.delete(&format!("/auth/sessions/{id}")).await.expect(204);
                }
                "expired" => {
                    let sql = "UPDATE accounts.sessions SET expires_at = now() - interval '1 hour' WHERE id =";
                    lobby.database.execute(&format!("{sql} '{id}'")).await;
                }
                _ => {}
            }
            sessions.push(Session { person, id, lives: *fate == "lives" });
        }
    }
    sessions
}

async fn session_of(client: &Client) -> String {
    let sessions = client.get("/auth/sessions?limit=200").await.expect(200);
    let current = sessions.items().iter().find(|session| session["current"] == true).unwrap();
    current["id"].as_str().unwrap().to_owned()
}

/// A workspace as it is now.
pub struct Place {
    pub id: String,
    /// The drawn roles first, then the blueprint's.
    pub roles: Vec<String>,
    pub projects: Vec<String>,
    pub images: Vec<String>,
}

/// A world that can be asked.
pub struct Built<'a> {
    pub cast: &'a Cast,
    pub drawn: &'a World,
    pub workspaces: Vec<Place>,
    /// Who is entered in each project: workspace, project, accounts.
    pub parts: Vec<(usize, usize, Vec<String>)>,
}

impl<'a> Built<'a> {
    pub async fn build(lobby: &Lobby, cast: &'a Cast, drawn: &'a World) -> Self {
        let mut world = Built { cast, drawn, workspaces: Vec::new(), parts: Vec::new() };
        for workspace in &drawn.workspaces {
            let place = found(lobby, cast, workspace).await;
            world.workspaces.push(place);
        }
        lobby.services().settle().await.unwrap();
        for (number, place) in world.workspaces.iter().enumerate() {
            for (project, id) in place.projects.iter().enumerate() {
                let sql = format!("SELECT user_id FROM project.members WHERE project_id = '{id}'");
                let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
                    .fetch_all(&mut lobby.database.connect_to("project").await)
                    .await;
                let accounts = rows.unwrap().iter().map(|row| row.get::<Uuid, _>("user_id").to_string()).collect();
                world.parts.push((number, project, accounts));
            }
        }
        world.bend(lobby).await;
        world.known().await;
        // What ends by itself ends now, with all caches warm.
        lobby.clock.advance(chrono::Duration::minutes(2));
        world
    }

    /// What no request does: memberships that end by themselves, and the platform's roles.
    async fn bend(&self, lobby: &Lobby) {
        for (place, workspace) in self.workspaces.iter().zip(&self.drawn.workspaces) {
            for (person, seat) in self.cast.people.iter().zip(&workspace.seats) {
                let end = match seat.as_ref().map(|seat| seat.standing) {
                    Some(Standing::Expired) => lobby.clock.now() - chrono::Duration::hours(1),
                    Some(Standing::Ending) => lobby.clock.now() + chrono::Duration::minutes(1),
                    _ => continue,
                };
                let sql = format!(
                    "UPDATE workspace.members SET expires_at = '{}' WHERE workspace_id = '{}' AND user_id = '{}'",
                    end.to_rfc3339(),
                    place.id,
                    person.user
                );
                lobby.database.execute(&sql).await;
            }
        }
        for (person, document) in self.cast.people.iter().zip(&self.drawn.platform) {
            let Some(document) = document else { continue };
            let role = Uuid::now_v7();
            let sql = format!(
                "INSERT INTO workspace.roles (id, name, title, permissions, created_at, updated_at) \
                 VALUES ('{role}', 'platform-{role}', 'Platform', '{document}', now(), now()); \
                 INSERT INTO workspace.platform_members (user_id, role_id, created_at) \
                 VALUES ('{}', '{role}', now())",
                person.user
            );
            lobby.database.execute(&sql).await;
        }
    }

    /// Waits until the server knows what was done past it.
    async fn known(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        for (caller, client) in self.cast.people.iter().enumerate() {
            for (number, place) in self.workspaces.iter().enumerate() {
                let platform = self.platform_of(caller).is_some();
                let standing = self.seat(caller, number).map(|seat| seat.standing);
                let is_member = caller == PEOPLE || matches!(standing, Some(Standing::Active | Standing::Ending));
                loop {
                    let mine = client.get(&format!("/workspaces/{}/permissions", place.id)).await;
                    let is_known = if mine.status == 200 {
                        mine.json["platform_role"].is_string() == platform
                            && mine.json["role"].is_string() == is_member
                            && mine.json["expires_at"].is_string() == (standing == Some(Standing::Ending))
                    } else {
                        !platform && !is_member
                    };
                    if is_known {
                        break;
                    }
                    assert!(Instant::now() < deadline, "person {caller} in {number}: {}", mine.json);
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            }
        }
    }

    /// Deletes the world: of what was in it the next one must show nothing.
    pub async fn clear(self, lobby: &Lobby) {
        for place in &self.workspaces {
            let projects = place.projects.iter().map(|id| format!("/projects/{id}"));
            let images = place.images.iter().map(|id| format!("/images/{id}"));
            for path in projects.chain(images) {
                self.cast.founder().delete(&path).await.expect(204);
            }
            self.cast.founder().delete(&format!("/workspaces/{}?confirm=World", place.id)).await.expect(204);
        }
        lobby.database.execute("DELETE FROM workspace.platform_members").await;
    }

    pub fn client(&self, caller: usize) -> &Client {
        &self.cast.people[caller]
    }

    fn seat(&self, person: usize, workspace: usize) -> Option<&Seat> {
        self.drawn.workspaces[workspace].seats.get(person)?.as_ref()
    }

    /// Whether there is a row of the membership, whatever its state.
    pub fn has_seat(&self, person: usize, workspace: usize) -> bool {
        person == PEOPLE || self.seat(person, workspace).is_some_and(|seat| seat.standing != Standing::Gone)
    }

    /// The document of the role that a membership gives now.
    pub fn role_of(&self, person: usize, workspace: usize) -> Option<&Value> {
        if person == PEOPLE {
            return Some(&self.cast.administrator);
        }
        let seat = self.seat(person, workspace).filter(|seat| seat.standing == Standing::Active)?;
        Some(&self.drawn.workspaces[workspace].roles[seat.role])
    }

    pub fn platform_of(&self, person: usize) -> Option<&Value> {
        self.drawn.platform.get(person)?.as_ref()
    }

    /// How an answer names a row.
    pub fn key(&self, row: &Row) -> String {
        match row {
            Row::Workspace(workspace) => self.workspaces[*workspace].id.clone(),
            Row::Role(workspace, role) => self.workspaces[*workspace].roles[*role].clone(),
            Row::Member(_, person) | Row::Person(person) => self.cast.people[*person].user.clone(),
            Row::Project(workspace, number) => self.workspaces[*workspace].projects[*number].clone(),
            Row::Image(workspace, number) => self.workspaces[*workspace].images[*number].clone(),
            Row::Part(_, _, id) | Row::Session(_, id) => id.clone(),
            Row::Blueprint(name) => (*name).to_owned(),
        }
    }
}

/// Everyone who is to have belonged is an administrator while things are made, and gets their role after that.
async fn found(lobby: &Lobby, cast: &Cast, drawn: &Workspace) -> Place {
    let founder = cast.founder();
    let body = json!({ "name": "World", "blueprint": "lobby" });
    let id = founder.post("/workspaces", body).await.expect(201).id();
    let path = format!("/workspaces/{id}");
    for person in &cast.people[..PEOPLE] {
        lobby.seat(&id, &person.user, "admin").await;
    }
    let mut roles = Vec::new();
    for (number, document) in drawn.roles.iter().enumerate() {
        let body = json!({ "name": format!("drawn-{number}"), "permissions": document });
        roles.push(founder.post(&format!("{path}/roles"), body).await.expect(201).id());
    }
    let all = founder.get(&format!("{path}/roles?limit=200")).await.expect(200);
    let given: Vec<String> =
        all.each("id").into_iter().filter(|role| !roles.iter().any(|id| id == role)).map(str::to_owned).collect();
    roles.extend(given);
    let projects = projects(cast, &id, drawn).await;
    let images = images(cast, &id, drawn).await;
    for (person, seat) in cast.people.iter().zip(&drawn.seats) {
        let member = format!("{path}/members/{}", person.user);
        let standing = seat.as_ref().map_or(Standing::Gone, |seat| seat.standing);
        if let Some(seat) = seat {
            let role = json!({ "role": format!("drawn-{}", seat.role) });
            founder.put(&format!("{member}/role"), role).await.expect(200);
        }
        match standing {
            Standing::Suspended => {
                founder.act(&format!("{member}/deactivate")).await.expect(200);
            }
            Standing::Gone => {
                founder.delete(&member).await.expect(204);
            }
            Standing::Active | Standing::Expired | Standing::Ending => {}
        }
    }
    Place { id, roles, projects, images }
}

async fn projects(cast: &Cast, workspace: &str, drawn: &Workspace) -> Vec<String> {
    let founder = cast.founder();
    let mut ids = Vec::new();
    for project in &drawn.projects {
        let owner = &cast.people[project.owner].user;
        let body = json!({
            "workspace": workspace, "name": "Drawn", "is_public": project.is_public, "owner_id": owner,
        });
        let id = founder.post("/projects", body).await.expect(201).id();
        let people = cast.people.iter().zip(&project.parts);
        for (person, part) in people.filter(|(person, part)| person.user != *owner && **part > 0) {
            let path = format!("/projects/{id}/members");
            founder.post(&path, json!({ "user_id": person.user })).await.expect(201);
            if *part == 1 {
                let path = format!("{path}/{}", person.user);
                founder.patch(&path, json!({ "is_active": false })).await.expect(200);
            }
        }
        if !project.is_active {
            founder.act(&format!("/projects/{id}/deactivate")).await.expect(200);
        }
        ids.push(id);
    }
    ids
}

async fn images(cast: &Cast, workspace: &str, drawn: &Workspace) -> Vec<String> {
    static SEED: AtomicU8 = AtomicU8::new(0);
    let founder = cast.founder();
    let uploads = drawn.images.iter().map(|image| async {
        let bytes = picture(SEED.fetch_add(1, Ordering::Relaxed));
        let id = cast.people[image.uploader].upload(workspace, bytes, "drawn").await.expect(201).id();
        let path = format!("/images/{id}/approval");
        if image.status != "draft" {
            founder.act(&path).await.expect(201);
        }
        let decision = match image.status {
            "approved" => json!({ "decision": "approved" }),
            "rejected" => json!({ "decision": "rejected", "reason": "blurred" }),
            _ => return id,
        };
        founder.put(&path, decision).await.expect(200);
        id
    });
    join_all(uploads).await
}
