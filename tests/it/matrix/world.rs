//! One world per role model: a workspace with someone of each role in every state, and another workspace beside it.

use std::{cell::Cell as Counter, cell::RefCell, collections::HashMap, sync::Arc};

use chrono::Duration;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::{
    digest::Digest,
    expect::{Kind, Relation},
    table::{COMMON, Table},
    targets::Target,
};
use crate::{
    harness::{Client, Lobby, PASSWORD},
    profiles::Messages,
};

/// The people of one role.
pub struct Cast {
    pub active: Client,
    /// The same person with a token whose time is over.
    pub expired: Client,
    pub suspended: Client,
    pub former: Client,
    /// Has the role in another workspace.
    pub stranger: Client,
}

/// A workspace and those who try things in it.
pub struct World<'l> {
    pub lobby: &'l Lobby,
    /// What its people's phones are sent.
    pub messages: &'l Messages,
    pub table: Arc<Table>,
    /// Made everything that is somebody else's.
    pub owner: Client,
    pub workspace: String,
    /// Makes workspaces to own, and belongs to no other.
    pub founder: Client,
    /// What the workspace is called, to confirm its deletion with.
    pub name: String,
    pub default_role: String,
    /// By role.
    pub cast: HashMap<String, Cast>,
    /// A member who takes part in every project.
    pub partaker: String,
    /// A member who takes part in nothing.
    pub guest: String,
    pub digest: Mutex<Digest>,
    /// What requests that are refused were about: they leave it as it was.
    pub kept: RefCell<HashMap<(Kind, Relation, String), Target>>,
    made: Counter<u32>,
}

impl<'l> World<'l> {
    pub async fn build(lobby: &'l Lobby, messages: &'l Messages, table: &Arc<Table>) -> Self {
        let blueprint = if table.model == COMMON { "lobby" } else { table.model };
        let (mut owner, workspace) = lobby.workspace(blueprint).await;
        let (mut neighbour, elsewhere) = lobby.workspace(blueprint).await;
        let settings = owner.get(&format!("/workspaces/{workspace}")).await.expect(200);
        let mut founder = lobby.person().await;
        let mut cast = HashMap::new();
        for role in &table.roles {
            let people = match table.model {
                COMMON => Cast::of_nobody(lobby).await,
                _ => Cast::of(lobby, role, (&owner, &workspace), (&neighbour, &elsewhere)).await,
            };
            cast.insert(role.clone(), people);
        }
        // Time goes by: the first tokens of all are no longer good, and the refreshed ones are.
        lobby.clock.advance(Duration::minutes(16));
        renew(&mut owner).await;
        renew(&mut neighbour).await;
        renew(&mut founder).await;
        for people in cast.values_mut() {
            people.renew().await;
        }
        let world = Self {
            lobby,
            messages,
            table: Arc::clone(table),
            owner,
            workspace,
            founder,
            name: settings.text("name"),
            default_role: settings.text("default_role"),
            cast,
            partaker: String::new(),
            guest: String::new(),
            digest: Mutex::new(Digest::of(lobby).await),
            kept: RefCell::default(),
            made: Counter::new(0),
        };
        let (partaker, guest) = (world.bystander("admin").await, world.bystander("admin").await);
        Self { partaker, guest, ..world }
    }

    /// Another number every time.
    pub fn number(&self) -> u32 {
        self.made.set(self.made.get() + 1);
        self.made.get()
    }

    /// Whoever asks, by the role that a column stands for.
    pub fn actor(&self, kind: Kind, role: &str, relation: Relation) -> Client {
        let people = &self.cast[role];
        match relation {
            Relation::Own if kind == Kind::Workspace => self.founder.clone(),
            Relation::Stranger => people.stranger.clone(),
            Relation::Suspended | Relation::SuspendedOwn => people.suspended.clone(),
            Relation::Former | Relation::FormerOwn => people.former.clone(),
            Relation::Expired => people.expired.clone(),
            Relation::Anonymous => self.lobby.anonymous(),
            _ => people.active.clone(),
        }
    }

    /// A member with this role who never signs in, of an account that the workspace made.
    pub async fn bystander(&self, role: &str) -> String {
        let user = self.account(Some(&self.workspace)).await;
        self.enrol(&self.workspace, &user, role).await;
        user
    }

    /// Makes someone a member.
    pub async fn enrol(&self, workspace: &str, user: &str, role: &str) {
        self.lobby.seat(workspace, user, role).await;
    }

    /// An account of someone who never signs in; costs no hashing.
    pub async fn account(&self, made_by: Option<&str>) -> String {
        let id = Uuid::now_v7();
        let made_by = made_by.map_or("NULL".to_owned(), |workspace| format!("'{workspace}'"));
        let sql = "INSERT INTO accounts.users (id, email, email_key, created_via, created_at, updated_at) VALUES";
        let mail = format!("{id}@example.org");
        self.lobby.database.execute(&format!("{sql} ('{id}', '{mail}', '{mail}', {made_by}, now(), now())")).await;
        let profile = format!("INSERT INTO accounts.profiles (user_id, updated_at) VALUES ('{id}', now())");
        self.lobby.database.execute(&profile).await;
        id.to_string()
    }

    /// Gives a member back what a request that was allowed may have taken from them: membership, status and role.
    pub async fn restore(&self, role: &str) {
        let user = &self.cast[role].active.user;
        let path = format!("/workspaces/{}/members/{user}", self.workspace);
        let membership = self.owner.get(&path).await;
        if membership.status == 404 {
            self.enrol(&self.workspace, user, role).await;
            return;
        }
        let membership = membership.expect(200);
        if membership.json["status"] != "active" {
            self.owner.act(&format!("{path}/activate")).await.expect(200);
        }
        if membership.json["role"] != *role {
            self.owner.put(&format!("{path}/role"), json!({ "role": role })).await.expect(200);
        }
    }
}

impl Cast {
    async fn of(lobby: &Lobby, role: &str, here: (&Client, &str), elsewhere: (&Client, &str)) -> Self {
        let (owner, workspace) = here;
        let suspended = lobby.member(owner, workspace, role).await;
        owner.act(&format!("/workspaces/{workspace}/members/{}/deactivate", suspended.user)).await.expect(200);
        let former = lobby.member(owner, workspace, role).await;
        owner.delete(&format!("/workspaces/{workspace}/members/{}", former.user)).await.expect(204);
        let active = lobby.member(owner, workspace, role).await;
        let stranger = lobby.member(elsewhere.0, elsewhere.1, role).await;
        Self { expired: active.clone(), active, suspended, former, stranger }
    }

    /// Where no role counts there is only one who is signed in.
    async fn of_nobody(lobby: &Lobby) -> Self {
        let active = lobby.person().await;
        let all = || active.clone();
        Self { expired: all(), suspended: all(), former: all(), stranger: all(), active }
    }

    async fn renew(&mut self) {
        for person in [&mut self.active, &mut self.suspended, &mut self.former, &mut self.stranger] {
            renew(person).await;
        }
    }
}

async fn renew(person: &mut Client) {
    let body = json!({ "refresh_token": person.refresh });
    *person = person.holding(&person.signed_out().post("/auth/refresh", body).await.expect(200).json);
}

/// Someone who signs up for one request, because it uses them up.
pub async fn newcomer(world: &World<'_>) -> (Client, Value) {
    let email = format!("newcomer{}@example.org", world.number());
    let credentials = json!({ "email": email, "password": PASSWORD });
    (world.lobby.sign_up(credentials.clone()).await, credentials)
}
