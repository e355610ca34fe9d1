//! What a request is about: something to which its caller stands in a given relation.

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    expect::{Kind, Relation},
    requests::sound_workshop,
    table::Row,
    world::World,
};
use crate::harness::{Client, picture};

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
        ("POST", "/workshops/{id}/attendee-photos") => TODAY,
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

/// Something recorded of a project, with a proof.
async fn operation(world: &World<'_>, relation: Relation, actor: &Client) -> Target {
    let project = project(world, relation, actor).await;
    let proof = reqwest::multipart::Part::bytes(picture(1)).file_name("receipt.jpg");
    let form = reqwest::multipart::Form::new().text("type", "deposit").text("amount", "700").part("proof", proof);
    let request = world.owner.request(Method::POST, &format!("/projects/{}/operations", project.id));
    let request = request.header("Idempotency-Key", format!("operation-{}", world.number()));
    Target::id(world.owner.send(request.multipart(form)).await.expect(201).id())
}

/// A subscription of the caller, or of somebody else.
async fn subscription(world: &World<'_>, relation: Relation, actor: &Client) -> Target {
    super::requests::plan(world, "free").await;
    let whose = whom(world, relation, actor).await;
    for user in [&whose, &world.owner.user] {
        super::requests::unsubscribe(world, user).await;
    }
    let body = json!({ "workspace": world.workspace, "plan": "free" });
    let id = world.owner.post("/subscriptions", body).await.expect(201).id();
    world
        .lobby
        .database
        .execute(&format!("UPDATE billing.subscriptions SET user_id = '{whose}' WHERE id = '{id}'"))
        .await;
    Target::id(id)
}

/// An invoice for the caller, or for somebody else.
async fn invoice(world: &World<'_>, relation: Relation, actor: &Client, state: &str) -> Target {
    let body = json!({
        "workspace": world.workspace, "user_id": whom(world, relation, actor).await, "currency": "EUR",
        "lines": [{ "description": "Prints", "amount": 700 }],
    });
    let id = world.owner.post("/invoices", body).await.expect(201).id();
    if state != "draft" {
        world.owner.act(&format!("/invoices/{id}/finalise")).await.expect(200);
    }
    Target::id(id)
}

/// Nobody can register who is.
const UNREGISTERED: &str = "unregistered";
/// It takes photos of those who attend on its days.
const TODAY: &str = "today";
/// It has a photo.
const PICTURED: &str = "pictured";

/// A published workshop, or a draft; with the partaker registered where it is about those who attend.
async fn workshop(world: &World<'_>, kind: Kind, relation: Relation, actor: &Client, state: &str) -> Target {
    let mut body = sound_workshop(world);
    body["workspace"] = world.workspace.as_str().into();
    if state == TODAY {
        body["starts_at"] = json!(world.lobby.clock.now());
    }
    body["status"] = if relation == Relation::Hidden { "draft" } else { "published" }.into();
    let id = world.owner.post("/workshops", body).await.expect(201).id();
    let mut attendees: Vec<&String> = Vec::new();
    if kind == Kind::Attendance {
        attendees.push(&world.partaker);
    }
    if relation == Relation::Assigned && state != UNREGISTERED {
        attendees.push(&actor.user);
    }
    for attendee in attendees {
        world.owner.post(&format!("/workshops/{id}/attendees"), json!({ "user_id": attendee })).await.expect(201);
    }
    if relation == Relation::Own || relation.is_outsiders_own() {
        // Whoever may not make one now, did when they had another role.
        let sql = format!("UPDATE workshop.workshops SET creator_id = '{}' WHERE id = '{id}'", actor.user);
        world.lobby.database.execute(&sql).await;
    }
    let photo = if state == PICTURED { photo_of(world, &id).await } else { uuid::Uuid::now_v7().to_string() };
    Target { id, user: world.partaker.clone(), photo, ..Target::default() }
}

/// A photo that describes a workshop.
async fn photo_of(world: &World<'_>, workshop: &str) -> String {
    let seed = u8::try_from(world.number() % 256).unwrap();
    let file = reqwest::multipart::Part::bytes(picture(seed)).file_name("a.jpg");
    let path = format!("/workshops/{workshop}/photos?allow_duplicate=true");
    let request =
        world.owner.request(Method::POST, &path).multipart(reqwest::multipart::Form::new().part("file", file));
    world.owner.send(request).await.expect(201).id()
}

/// An image in a state.
async fn image(world: &World<'_>, relation: Relation, actor: &Client, state: &str) -> Target {
    let seed = u8::try_from(world.number() % 256).unwrap();
    let form = reqwest::multipart::Form::new()
        .text("workspace", world.workspace.clone())
        .part("file", reqwest::multipart::Part::bytes(picture(seed)).file_name("a.jpg"));
    let request = world.owner.request(Method::POST, "/images?allow_duplicate=true");
    let id = world.owner.send(request.multipart(form)).await.expect(201).id();
    let approval = format!("/images/{id}/approval");
    // One's own, and what others keep to themselves, isn't approved unless an operation asks for a state.
    let state = match relation {
        Relation::Hidden | Relation::Own if state == "approved" => "draft",
        _ => state,
    };
    if state != "draft" {
        world.owner.act(&approval).await.expect(201);
    }
    if matches!(state, "approved" | "rejected") {
        world.owner.put(&approval, json!({ "decision": state, "reason_code": "so" })).await.expect(200);
    }
    if relation == Relation::Own || relation.is_outsiders_own() {
        // Whoever may not upload now, did when they had another role.
        let sql = format!("UPDATE gallery.images SET uploader_id = '{}' WHERE id = '{id}'", actor.user);
        world.lobby.database.execute(&sql).await;
    }
    Target::id(id)
}

/// A photo of somebody's workshop; hidden with it where that is a draft.
async fn photo(world: &World<'_>, relation: Relation, actor: &Client) -> Target {
    let made = image(world, Relation::Other, actor, "approved").await;
    let is_theirs = relation == Relation::Own || relation.is_outsiders_own();
    let steward = if is_theirs { &actor.user } else { &world.owner.user };
    let status = if relation == Relation::Hidden { "draft" } else { "approved" };
    let sql = format!(
        "UPDATE gallery.images SET workshop_id = '{}', part = 'attendee', steward_id = '{steward}', \
         status = '{status}', decided_at = NULL WHERE id = '{}'",
        uuid::Uuid::now_v7(),
        made.id
    );
    world.lobby.database.execute(&sql).await;
    made
}

/// An image in the trash.
async fn trashed(world: &World<'_>, relation: Relation, actor: &Client) -> Target {
    let made = image(world, relation, actor, "approved").await;
    let sql = format!(
        "UPDATE gallery.images SET deleted_at = now(), deleted_by = '{}' WHERE id = '{}'",
        world.owner.user, made.id
    );
    world.lobby.database.execute(&sql).await;
    made
}

/// What somebody said of an image; hidden with that.
async fn comment(world: &World<'_>, relation: Relation, actor: &Client) -> Target {
    let state = if relation == Relation::Hidden { "draft" } else { "approved" };
    let of = image(world, Relation::Other, actor, state).await;
    let is_theirs = relation == Relation::Own || relation.is_outsiders_own();
    let author = if is_theirs { &actor.user } else { &world.partaker };
    let id = uuid::Uuid::now_v7();
    let sql = format!(
        "INSERT INTO gallery.comments (id, workspace_id, image_id, author_id, body, created_at) \
         VALUES ('{id}', '{}', '{}', '{author}', 'Lovely', now())",
        world.workspace, of.id
    );
    world.lobby.database.execute(&sql).await;
    Target::id(id.to_string())
}

/// What somebody finds wrong with an image.
async fn report(world: &World<'_>, actor: &Client) -> Target {
    let of = image(world, Relation::Other, actor, "approved").await;
    let id = uuid::Uuid::now_v7();
    let sql = format!(
        "INSERT INTO gallery.reports (id, workspace_id, image_id, reporter_id, reason_code, status, created_at) \
         VALUES ('{id}', '{}', '{}', '{}', 'spam', 'open', now())",
        world.workspace, of.id, world.partaker
    );
    world.lobby.database.execute(&sql).await;
    Target::id(id.to_string())
}
