//! What a request is about: something to which its caller stands in a given relation.

mod money;
mod pictures;
mod workshops;

use money::{invoice, operation, subscription};
use pictures::{album, comment, image, photo, report, trashed};
use reqwest::Method;
use serde_json::{Value, json};
use workshops::{PICTURED, TODAY, UNREGISTERED, workshop};

use super::{
    expect::{Kind, Relation},
    table::Row,
    world::World,
};
use crate::harness::Client;

/// What the parameters of a path stand for.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// `{id}`
    pub id: String,
    /// `{user_id}`
    pub user: String,
    /// `{photo_id}`
    pub photo: String,
    /// What the workspace that `{id}` names is called.
    pub name: String,
}

impl Target {
    fn id(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// What a decision about it is about.
    pub fn resource(&self, kind: Kind) -> Option<(&'static str, &str)> {
        Some((kind.noun()?, if kind == Kind::Member { &self.user } else { &self.id }))
    }
}

/// What a request is about. What changes nothing, because it is refused or only looks, may be about the same thing as
/// others of its kind; what changes something gets a thing of its own.
pub async fn find(
    world: &World<'_>,
    row: &Row,
    (role, relation): (&str, Relation),
    actor: &Client,
    is_allowed: bool,
) -> Target {
    let kind = Kind::of(&row.path);
    let changes = is_allowed && row.method != Method::GET;
    if changes && row.path == "/projects" {
        empty_hands(world, role, actor).await;
    }
    if changes {
        let made = make(world, kind, (role, relation), actor, state_for(row)).await;
        if row.path.ends_with("/password-mail") {
            without_password(world, &made.user).await;
        }
        return made;
    }
    let key = (kind, relation, role.to_owned());
    let kept = world.kept.borrow().get(&key).cloned();
    if let Some(kept) = kept {
        return kept;
    }
    let state = if relation == Relation::Hidden { "draft" } else { "approved" };
    let target = make(world, kind, (role, relation), actor, state).await;
    world.kept.borrow_mut().insert(key, target.clone());
    target
}

/// Takes the caller's projects from them: some roles may own no more than one.
async fn empty_hands(world: &World<'_>, role: &str, actor: &Client) {
    let (owner, former) = (&world.owner.user, &actor.user);
    let sql = format!("UPDATE project.projects SET owner_id = '{owner}' WHERE owner_id = '{former}'");
    world.lobby.database.execute(&sql).await;
    world.kept.borrow_mut().remove(&(Kind::Project, Relation::Own, role.to_owned()));
}

/// Makes somebody one who has no password yet, and wasn't mailed about it.
async fn without_password(world: &World<'_>, user: &str) {
    world.lobby.database.execute(&format!("DELETE FROM accounts.proofs WHERE user_id = '{user}'")).await;
    let sql = format!("UPDATE accounts.users SET password_hash = NULL WHERE id = '{user}'");
    world.lobby.database.execute(&sql).await;
}

/// The state that an image must be in for the operation to be possible.
fn state_for(row: &Row) -> &'static str {
    match (row.method.as_str(), row.path.as_str()) {
        ("PUT" | "DELETE", "/images/{id}/approval") | ("POST", "/images/{id}/approval/claim") => "pending",
        ("POST", "/images/{id}/approval/appeal") => "rejected",
        ("POST", "/images/{id}/approval") => "draft",
        ("POST", "/workshops/{id}/attendees") => UNREGISTERED,
        ("POST", "/workshops/{id}/attendee-photos" | "/workshops/{id}/attendees/{user_id}/check-in") => TODAY,
        ("DELETE", "/workshops/{id}/photos" | "/workshops/{id}/photos/{photo_id}") => PICTURED,
        ("POST", "/invoices/{id}/finalise") => "draft",
        _ => "approved",
    }
}

async fn make(
    world: &World<'_>,
    kind: Kind,
    (role, relation): (&str, Relation),
    actor: &Client,
    state: &str,
) -> Target {
    match kind {
        Kind::Nothing | Kind::Mine => Target::default(),
        Kind::Feed => {
            let person = whom(world, relation, actor).await;
            notification(world, &person).await;
            Target { user: person.clone(), ..Target::id(person) }
        }
        Kind::Notification => {
            let person = whom(world, relation, actor).await;
            Target::id(notification(world, &person).await)
        }
        Kind::Workspace if relation == Relation::Own => own_workspace(world, actor).await,
        Kind::Workspace | Kind::Within => {
            Target { id: world.workspace.clone(), name: world.name.clone(), ..Target::default() }
        }
        Kind::Door => door(world, relation).await,
        Kind::Project => project(world, relation, actor).await,
        Kind::Operation => operation(world, relation, actor).await,
        Kind::Image => image(world, relation, actor, state).await,
        Kind::Workshop | Kind::Attendance => workshop(world, kind, relation, actor, state).await,
        Kind::Photo => photo(world, relation, actor).await,
        Kind::Trashed => trashed(world, relation, actor).await,
        Kind::Album => album(world, relation, actor).await,
        Kind::Comment => comment(world, relation, actor).await,
        Kind::Report => report(world, actor).await,
        Kind::User => {
            let person = whom(world, relation, actor).await;
            Target { user: person.clone(), ..Target::id(person) }
        }
        Kind::Token => {
            let whose = if relation == Relation::Own { actor } else { &world.owner };
            let body = json!({ "name": format!("Token {}", world.number()), "permissions": {} });
            Target::id(whose.post("/users/me/tokens", body).await.expect(201).id())
        }
        Kind::Member => {
            Target { id: world.workspace.clone(), user: whom(world, relation, actor).await, ..Target::default() }
        }
        Kind::Invitation | Kind::Waiting => {
            let whom = match relation {
                Relation::Own if kind == Kind::Waiting => actor.user.clone(),
                _ => world.account(None).await,
            };
            let body = json!({ "user_id": whom, "role": world.default_role });
            let path = format!("/workspaces/{}/invitations", world.workspace);
            let id = world.owner.post(&path, body).await.expect(201).id();
            // It may be sent again.
            let sql =
                format!("UPDATE workspace.invitations SET sent_at = sent_at - interval '1 hour' WHERE id = '{id}'");
            world.lobby.database.execute(&sql).await;
            Target::id(id)
        }
        Kind::Developer => Target::id(developer(world).await),
        Kind::Role => {
            let body = json!({ "name": format!("{role}-{}", world.number()), "permissions": {} });
            let path = format!("/workspaces/{}/roles", world.workspace);
            Target::id(world.owner.post(&path, body).await.expect(201).id())
        }
        Kind::Plan => {
            let code = format!("plan-{}", world.number());
            Target::id(super::requests::plan(world, &code).await)
        }
        Kind::Subscription => subscription(world, relation, actor).await,
        Kind::Invoice => invoice(world, relation, actor, state).await,
        Kind::Session => {
            let is_theirs = relation == Relation::Own;
            let whose = if is_theirs { actor } else { &world.owner };
            let sql = "INSERT INTO accounts.sessions (id, user_id, created_at, last_used_at, expires_at) VALUES";
            let id = uuid::Uuid::now_v7();
            let values = format!("('{id}', '{}', now(), now(), now() + interval '9 days')", whose.user);
            world.lobby.database.execute(&format!("{sql} {values}")).await;
            Target::id(id.to_string())
        }
    }
}

/// Something that somebody is told of in the workspace.
async fn notification(world: &World<'_>, user: &str) -> String {
    let id = uuid::Uuid::now_v7().to_string();
    let sql = format!(
        "WITH place AS (INSERT INTO activity.feeds AS feed VALUES ('{user}', 1) \
             ON CONFLICT (user_id) DO UPDATE SET last = feed.last + 1 RETURNING last) \
         INSERT INTO activity.notifications (id, workspace_id, user_id, seq, kind, cause, subject_kind, subject_id, title, \
             body, data, in_app, mail, created_at) \
         SELECT '{id}', '{}', '{user}', last, 'image_approved', '{id}', 'image', '{id}', 'Approved', '', '{{}}', true, false, \
             now() FROM place",
        world.workspace
    );
    world.lobby.database.execute(&sql).await;
    id
}

/// Somebody whose role is in the directory.
async fn developer(world: &World<'_>) -> String {
    let name = format!("listed-{}", world.number());
    let body = json!({ "name": name, "permissions": {}, "directory": "developers" });
    world.owner.post(&format!("/workspaces/{}/roles", world.workspace), body).await.expect(201);
    world.bystander(&name).await
}

/// The caller, or somebody else.
async fn whom(world: &World<'_>, relation: Relation, actor: &Client) -> String {
    match relation {
        Relation::Own | Relation::SuspendedOwn | Relation::FormerOwn => actor.user.clone(),
        _ => world.bystander(&world.default_role).await,
    }
}

/// A workspace that the caller owns, with somebody to hand it to.
async fn own_workspace(world: &World<'_>, actor: &Client) -> Target {
    let name = format!("Fresh {}", world.number());
    let body = json!({ "name": name, "blueprint": world.table.model });
    let id = actor.post("/workspaces", body).await.expect(201).id();
    world.lobby.seat(&id, &world.guest, "admin").await;
    Target { id, name, ..Target::default() }
}

/// A workspace to join: one that is open, or one that isn't.
async fn door(world: &World<'_>, relation: Relation) -> Target {
    let registration = if relation == Relation::Hidden { "invite" } else { "open" };
    let body = json!({ "name": format!("Door {}", world.number()), "registration": registration });
    Target::id(world.owner.post("/workspaces", body).await.expect(201).id())
}

/// A project with the partaker in it: public if it is simply somebody else's, otherwise private.
async fn project(world: &World<'_>, relation: Relation, actor: &Client) -> Target {
    let owner = if relation == Relation::Own { &actor.user } else { &world.owner.user };
    let is_public = !matches!(relation, Relation::Hidden | Relation::Assigned | Relation::Own);
    let body = json!({
        "workspace": world.workspace, "name": "Site", "owner_id": owner, "is_public": is_public,
        "key": format!("K{}", world.number()),
    });
    let id = world.owner.post("/projects", body).await.expect(201).id();
    let mut members: Vec<&String> = vec![&world.partaker];
    if relation == Relation::Assigned {
        members.push(&actor.user);
    }
    for member in members {
        let body: Value = json!({ "user_id": member });
        world.owner.post(&format!("/projects/{id}/members"), body).await.expect(201);
    }
    if relation.is_outsiders_own() {
        // Who is out can't be given anything; what they have is from before.
        let sql = format!("UPDATE project.projects SET owner_id = '{}' WHERE id = '{id}'", actor.user);
        world.lobby.database.execute(&sql).await;
    }
    Target { id, user: world.partaker.clone(), ..Target::default() }
}
