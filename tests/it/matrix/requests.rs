//! The requests of the tables: sound ones, so that the answer is about authority and nothing else.

use reqwest::{Method, RequestBuilder, multipart};
use serde_json::{Value, json};

use super::{
    expect::Kind,
    table::Row,
    targets::Target,
    world::{World, newcomer},
};
use crate::harness::{Client, PASSWORD, picture};

/// A request, before somebody sends it.
#[derive(Clone)]
pub struct Request {
    method: Method,
    path: String,
    body: Body,
}

#[derive(Clone)]
enum Body {
    Nothing,
    Json(Value),
    /// A picture of a person.
    Avatar(u8),
    /// A picture for a workspace.
    Picture(String, u8),
}

impl Request {
    /// The request of a row about a target.
    pub async fn of(world: &World<'_>, row: &Row, target: &Target, actor: &Client) -> Self {
        let beside = row.documented() == row.path;
        let path = row
            .path
            .replace("{id}", &target.id)
            .replace("{user_id}", &target.user)
            .replace("{workshop_id}", &target.id)
            .replace("{photo_id}", &target.photo)
            .replace("{image_id}", &target.photo);
        let mut path = path.replace("{month}", MONTH);
        if beside {
            path.insert(0, '/');
        }
        if row.method == Method::GET && Kind::of(&row.path) == Kind::Within {
            path.push_str(&format!("?workspace={}", world.workspace));
        }
        if row.path == "/events" {
            path.push_str("?after=0&follow=false");
        }
        if row.path.ends_with("/who-may") {
            path.push_str("?permission=can_view_workspace");
        }
        if row.method == Method::POST && matches!(row.path.as_str(), "/images" | "/images/{id}/restore") {
            path.push_str("?allow_duplicate=true");
        }
        if row.path == "/workshops/feed/calendar.ics" {
            let made = newcomer(world).await.0.act("/workshops/feed").await.expect(201).text("address");
            path.push_str(&made[made.find('?').unwrap()..]);
        }
        Self { method: row.method.clone(), path, body: body(world, row, target, actor).await }
    }

    /// The same list without a workspace: that of all of one's own.
    pub fn everywhere(mut self) -> Self {
        self.path.truncate(self.path.find('?').unwrap_or(self.path.len()));
        self
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    /// As this person sends it.
    pub fn by(&self, person: &Client) -> RequestBuilder {
        let mut request = person.request(self.method.clone(), &self.path);
        if self.path.ends_with("/operations") && self.method == Method::POST {
            request = request.header("Idempotency-Key", uuid::Uuid::now_v7().to_string());
        }
        match &self.body {
            Body::Nothing => request,
            Body::Json(body) => request.json(body),
            Body::Avatar(seed) => {
                let file = multipart::Part::bytes(picture(*seed)).file_name("me.jpg");
                request.multipart(multipart::Form::new().part("file", file))
            }
            Body::Picture(workspace, seed) => {
                let file = multipart::Part::bytes(picture(*seed)).file_name("mine.jpg");
                let form = multipart::Form::new().text("workspace", workspace.clone()).part("file", file);
                request.multipart(form)
            }
        }
    }
}

/// What is sent. A new operation that takes a body is told here what is a sound one.
async fn body(world: &World<'_>, row: &Row, target: &Target, actor: &Client) -> Body {
    let (workspace, number) = (&world.workspace, world.number());
    let steps: Vec<&str> = row.path.split('/').skip(1).collect();
    Body::Json(match (row.method.as_str(), steps.as_slice()) {
        ("POST", ["images"]) => return Body::Picture(workspace.clone(), u8::try_from(number % 256).unwrap()),
        ("PUT", ["images", _]) => json!({ "description": "Changed", "tags": ["changed"] }),
        ("PATCH", ["images", _]) => json!({ "description": "Changed" }),
        ("POST", ["images", _, "links"]) => json!({}),
        ("PATCH", ["images"]) => json!({ "ids": [workspace], "description": "Changed" }),
        ("DELETE", ["images"]) => json!({ "ids": [workspace] }),
        ("PUT", ["approvals"]) => json!({ "ids": [workspace], "decision": "approved" }),
        ("POST", ["albums"]) => json!({ "workspace": workspace, "title": "Made" }),
        ("PUT" | "PATCH", ["albums", _]) => json!({ "title": format!("Changed {number}") }),
        ("POST" | "DELETE", ["albums", _, "images"]) => json!({ "image_ids": [target.photo] }),
        ("PUT", ["albums", _, "images", _]) => json!({ "after": null }),
        ("POST", ["tags", "rename"]) => json!({ "workspace": workspace, "from": ["none"], "to": "some" }),
        ("POST", ["images", _, "approval", "appeal"]) => json!({ "reason": "It is sharp." }),
        ("POST", ["images" | "photos", _, "report"]) => json!({ "reason_code": "spam" }),
        ("POST", ["images" | "photos", _, "comments"]) => json!({ "body": "Lovely" }),
        ("PUT" | "PATCH", ["comments", _]) => json!({ "body": format!("Changed {number}") }),
        ("PUT", ["reports", _]) => json!({ "status": "dismissed" }),
        ("PUT", ["workspaces", _, "gallery"]) => json!({ "approval": "required" }),
        ("PUT", ["images", _, "approval"]) => json!({ "decision": "approved" }),

        ("POST", ["plans"]) => json!({
            "workspace": workspace, "code": format!("made-{number}"), "name": "Made", "price": 0, "currency": "EUR",
            "interval": "month",
        }),
        ("POST", ["platform", "plans"]) => json!({
            "code": format!("made-{number}"), "name": "Made", "price": 0, "currency": "EUR", "interval": "month",
        }),
        ("PUT", ["plans", _]) => {
            json!({ "name": format!("Changed {number}"), "price": 0, "currency": "EUR", "interval": "month" })
        }
        ("POST", ["subscriptions"]) => {
            plan(world, "free").await;
            unsubscribe(world, &actor.user).await;
            json!({ "workspace": workspace, "plan": "free" })
        }
        ("POST", ["subscriptions", _, "quote"]) => {
            plan(world, "other").await;
            json!({ "plan": "other" })
        }
        ("POST", ["subscriptions", _, "change"]) => {
            plan(world, "other").await;
            let path = format!("/subscriptions/{}/quote", target.id);
            let quote = world.owner.post(&path, json!({ "plan": "other" })).await;
            json!({ "plan": "other", "quote": quote.json["quote"].as_str().unwrap_or("none") })
        }
        ("POST", ["invoices"]) => json!({
            "workspace": workspace, "user_id": world.guest, "currency": "EUR",
            "lines": [{ "description": "Prints", "amount": number }],
        }),
        ("POST", ["workspaces", _, "test-clock"]) => json!({ "days": 1 }),

        ("POST", ["projects"]) => json!({ "workspace": workspace, "name": "Made" }),
        ("PUT" | "PATCH", ["projects", _]) => json!({ "name": "Changed" }),
        ("PUT", ["projects", _, "owner"]) | ("POST", ["projects", _, "members"]) => json!({ "user_id": world.guest }),
        ("PUT", ["projects", _, "billing"]) => json!({ "type": "hourly", "rate": number }),
        ("POST", ["projects", _, "operations"]) => json!({ "type": "deposit", "amount": number }),
        ("POST", ["workspaces", _, "periods", _, "reopen"]) => {
            close(world, &target.id).await;
            return Body::Nothing;
        }
        ("PATCH", ["projects", _, "members", _]) => json!({ "is_active": false }),

        ("POST", ["workshops"]) => {
            let mut workshop = sound_workshop(world);
            workshop["workspace"] = workspace.as_str().into();
            workshop
        }
        ("PUT", ["workshops", _]) => sound_workshop(world),
        ("PATCH", ["workshops", _]) => json!({ "title": format!("Changed {number}") }),
        ("POST", ["workshops", _, "attendees"]) => json!({}),
        ("POST", ["workshops", _, "photos" | "attendee-photos"]) => {
            return Body::Avatar(u8::try_from(number % 256).unwrap());
        }
        ("DELETE", ["workshops", _, "photos"]) => json!({ "photo_ids": [target.photo] }),
        ("POST", ["notifications", "workshops", _]) => json!({ "title": "Another room", "body": "Up the stairs" }),

        ("POST", ["workspaces"]) => json!({ "name": format!("Made {number}") }),
        ("PATCH", ["workspaces", _]) => json!({ "description": format!("Changed {number}") }),
        ("PUT", ["workspaces", _]) => json!({ "name": target.name, "description": format!("Changed {number}") }),
        ("DELETE", ["workspaces", _]) => json!({ "confirm": target.name }),
        ("PUT", ["workspaces", _, "owner"]) => json!({ "user_id": world.guest }),
        ("POST", ["workspaces", _, "join"]) => json!({}),
        ("POST", ["workspaces", _, "check"]) => json!({ "permission": "can_view_workspace" }),
        ("POST", ["workspaces", _, "members"]) => {
            json!({ "user_id": world.account(None).await, "role": world.default_role })
        }
        ("POST", ["workspaces", _, "invitations"]) => {
            json!({ "email": format!("invited{number}@example.org"), "role": world.default_role })
        }
        ("POST", ["invitations", "accept" | "decline" | "preview"]) => json!({ "token": "none" }),
        ("PATCH", ["workspaces", _, "members", _]) => json!({ "hour_rate": number }),
        ("PUT", ["workspaces", _, "members", _, "role"]) => json!({ "role": world.default_role }),
        ("POST", ["workspaces", _, "roles"]) | ("PUT", ["roles", _]) => {
            json!({ "name": format!("made-{number}"), "permissions": {} })
        }
        ("POST", ["roles"]) => json!({ "workspace": workspace, "name": format!("made-{number}"), "permissions": {} }),
        ("POST", ["roles", _, "simulate"]) => json!({ "permissions": {} }),
        ("POST", ["roles", _, "restore"]) => json!({ "version": 1 }),
        ("PATCH", ["roles", _]) => json!({ "title": format!("Changed {number}") }),

        ("PATCH", ["profiles", _]) => json!({ "bio": format!("Changed {number}") }),
        ("PUT", ["profiles", _, "avatar"]) => return Body::Avatar(u8::try_from(number % 256).unwrap()),
        ("POST", ["users", "me", "phone"]) => json!({ "phone": PHONE }),
        ("POST", ["users", "me", "phone", "verify"]) => json!({ "code": phone_code(world, actor).await }),
        ("POST", ["users", "me", "mfa", "totp"]) => json!({ "password": PASSWORD }),
        ("POST", ["users", "me", "mfa", "totp", "confirm"]) => json!({ "code": "123456" }),
        ("DELETE", ["users", "me", "mfa", "totp"]) | ("POST", ["users", "me", "mfa", "recovery-codes"]) => {
            json!({ "password": PASSWORD, "code": "123456" })
        }
        ("POST", ["auth", "mfa"]) => json!({ "mfa_token": "none", "code": "123456" }),
        ("POST", ["users", "me", "tokens"]) => json!({ "name": format!("Token {number}"), "permissions": {} }),

        ("PUT", ["notifications", "mark-all-as-read"]) => json!({}),
        ("PUT", ["notifications", "preferences"]) => json!({ "items": [] }),

        ("POST", ["users", "login"] | ["auth", "login"]) => newcomer(world).await.1,
        ("POST", ["users"]) => {
            json!({ "workspace": workspace, "email": format!("made{number}@example.org"), "password": PASSWORD })
        }
        ("PUT", ["users", "me", "password"]) => {
            json!({ "current_password": PASSWORD, "new_password": "another-horse-43-battery" })
        }
        ("PUT", ["users", "me", "email"]) => {
            json!({ "email": format!("next{number}@example.org"), "password": PASSWORD })
        }
        ("PUT" | "PATCH", ["users", _]) => json!({ "first_name": format!("Name {number}") }),
        ("POST", ["auth", "signup"]) => {
            json!({ "email": format!("signup{number}@example.org"), "password": PASSWORD })
        }
        ("POST", ["auth", "password", "forgot"] | ["auth", "email", "resend"]) => {
            json!({ "email": format!("nobody{number}@example.org") })
        }
        ("POST", ["auth", "password", "reset"]) => json!({ "token": "none", "password": "another-horse-43-battery" }),
        ("POST", ["auth", "password", "check"] | ["auth", "email", "verify" | "undo"]) => json!({ "token": "none" }),
        ("POST", ["auth", "refresh"]) => json!({ "refresh_token": actor_refresh(world, actor).await }),
        _ => return Body::Nothing,
    })
}

/// The plan of this code, which costs nothing.
pub async fn plan(world: &World<'_>, code: &str) -> String {
    let body = json!({
        "workspace": world.workspace, "code": code, "name": code, "price": 0, "currency": "EUR", "interval": "month",
    });
    let made = world.owner.post("/plans", body).await;
    if made.status == 201 { made.id() } else { code.to_owned() }
}

/// Ends what somebody subscribed to, as if that were long ago.
pub async fn unsubscribe(world: &World<'_>, user: &str) {
    if user.is_empty() {
        return;
    }
    let sql = "UPDATE billing.subscriptions SET status = 'canceled', in_force = false, due_at = NULL";
    let sql = format!("{sql} WHERE workspace_id = '{}' AND user_id = '{user}'", world.workspace);
    world.lobby.database.execute(&sql).await;
}

/// A workshop of tomorrow.
pub fn sound_workshop(world: &World<'_>) -> Value {
    let tomorrow = world.lobby.clock.now() + chrono::Duration::days(1);
    json!({
        "title": format!("Workshop {}", world.number()), "starts_at": tomorrow,
        "ends_at": tomorrow + chrono::Duration::hours(8), "timezone": "Europe/Berlin", "capacity": 50,
    })
}

/// A refresh token that is good, whoever presents it.
async fn actor_refresh(world: &World<'_>, actor: &Client) -> Option<String> {
    let signed_in = newcomer(world).await.0;
    assert_ne!(signed_in.user, actor.user);
    signed_in.refresh
}

/// A month in which nothing else is dated.
const MONTH: &str = "2001-01";

/// Closes the month, so that it can be reopened.
async fn close(world: &World<'_>, workspace: &str) {
    let sql = format!(
        "INSERT INTO project.periods (id, workspace_id, month, is_closed, changed_at, changed_by) \
         VALUES (gen_random_uuid(), '{workspace}', '{MONTH}-01', true, now(), gen_random_uuid()) \
         ON CONFLICT (workspace_id, month) DO UPDATE SET is_closed = true"
    );
    world.lobby.database.execute(&sql).await;
}

/// A number of Switzerland's for examples.
const PHONE: &str = "+41446681800";

/// The code that the caller's phone was sent; none for who can't ask for one.
async fn phone_code(world: &World<'_>, actor: &Client) -> String {
    if actor.token.is_none() {
        return "123456".to_owned();
    }
    // So that the last code is a fresh one, whoever asked before.
    let sql = format!("DELETE FROM accounts.phone_codes WHERE user_id = '{}'", actor.user);
    world.lobby.database.execute(&sql).await;
    match actor.post("/users/me/phone", json!({ "phone": PHONE })).await.status.as_u16() {
        202 => world.messages.last_code(world.lobby, PHONE).await,
        _ => "123456".to_owned(),
    }
}
