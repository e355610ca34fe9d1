//! Every route that is mounted is either public by declaration or guarded, and each guarded one refuses strangers.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, Lobby, document, lobby};

/// The doors that are open to all. Whoever adds one adds it here, and says why in the review.
const PUBLIC: &[&str] = &[
    "GET /.well-known/jwks.json",
    "GET /api/v1/media",
    "GET /api/v1/plans",
    "GET /api/v1/plans/{id}",
    "GET /api/v1/workshops/feed/calendar.ics",
    "GET /health",
    "GET /ready",
    "POST /api/v1/auth/email/resend",
    "POST /api/v1/auth/email/undo",
    "POST /api/v1/auth/email/verify",
    "POST /api/v1/auth/login",
    "POST /api/v1/auth/mfa",
    "POST /api/v1/auth/password/check",
    "POST /api/v1/auth/password/forgot",
    "POST /api/v1/auth/password/reset",
    "POST /api/v1/auth/refresh",
    "POST /api/v1/auth/signup",
    "POST /api/v1/invitations/accept",
    "POST /api/v1/invitations/decline",
    "POST /api/v1/invitations/preview",
    "POST /api/v1/users/login",
];

/// What is about the caller's own, wherever they are a member: nobody is a stranger there.
const MINE: &[&str] =
    &["/api/v1/events", "/api/v1/notifications/mark-all-as-read", "/api/v1/notifications/unread-count"];

/// One operation of the OpenAPI document.
struct Operation {
    method: Method,
    path: String,
    permission: String,
}

fn operations() -> Vec<Operation> {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().filter(|(_, operation)| operation["responses"].is_object()).map(
            move |(method, operation)| Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                permission: operation["x-permission"].as_str().unwrap_or_default().to_owned(),
            },
        )
    });
    each.collect()
}

#[test]
fn exactly_these_doors_are_public() {
    let mut public: Vec<String> = operations()
        .iter()
        .filter(|operation| operation.permission == "public")
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect();
    public.sort();
    assert_eq!(public, PUBLIC);
}

#[test]
fn every_operation_names_its_permission_and_has_a_summary() {
    let document = document();
    for operation in operations() {
        let Operation { method, path, permission } = &operation;
        assert!(!permission.is_empty(), "{method} {path} names no permission");
        let documented = &document["paths"][path][method.as_str().to_lowercase()];
        assert!(documented["summary"].as_str().is_some_and(|text| !text.is_empty()), "{method} {path} has no summary");
        assert!(documented["operationId"].is_string(), "{method} {path} has no operationId");
    }
}

#[test]
fn every_guarded_door_asks_for_a_token() {
    lobby(async |lobby| {
        let anonymous = lobby.anonymous();
        let forged = anonymous.with_token("eyJhbGciOiJub25lIn0.e30.");
        for operation in operations().iter().filter(|operation| operation.permission != "public") {
            let path = filled(&operation.path, &uuid::Uuid::now_v7().to_string());
            call(&anonymous, &operation.method, &path, None).await.problem(401, "unauthenticated");
            call(&forged, &operation.method, &path, None).await.problem(401, "invalid_token");
        }
    });
}

/// A resource of each kind in somebody's workspace, by the start of the paths that lead to it.
async fn things(lobby: &Lobby) -> Vec<(&'static str, String)> {
    let (owner, workspace) = lobby.workspace("lobby").await;
    let project = owner.post("/projects", json!({ "workspace": workspace, "name": "Secret" })).await.expect(201).id();
    let path = format!("/projects/{project}/operations");
    let operation = owner.post_once(&path, "secret", &json!({ "type": "deposit", "amount": 1 })).await.expect(201).id();
    let image = owner.upload(&workspace, crate::harness::picture(1), "secret").await.expect(201).id();
    let album = json!({ "workspace": workspace, "title": "Secret" });
    let album = owner.post("/albums", album).await.expect(201).id();
    let comment = owner.post(&format!("/images/{image}/comments"), json!({ "body": "Secret" })).await.expect(201).id();
    let report = json!({ "reason_code": "spam" });
    let report = owner.post(&format!("/images/{image}/report"), report).await.expect(201).id();
    let guest = json!({ "email": "secret@example.org", "role": "user" });
    let invitation = owner.post(&format!("/workspaces/{workspace}/invitations"), guest).await.expect(201).id();
    let workshop = json!({
        "workspace": workspace, "title": "Secret", "starts_at": "2100-01-01T09:00:00Z", "ends_at": "2100-01-01T17:00:00Z",
        "timezone": "UTC", "status": "published",
    });
    let workshop = owner.post("/workshops", workshop).await.expect(201).id();
    let role = owner.get(&format!("/roles?workspace={workspace}")).await.expect(200).items()[0]["id"].clone();
    let body = json!({
        "workspace": workspace, "code": "secret", "name": "Secret", "price": 0, "currency": "EUR", "interval": "month",
    });
    let plan = owner.post("/plans", body).await.expect(201).id();
    let body = json!({ "workspace": workspace, "plan": "secret" });
    let subscription = owner.post("/subscriptions", body).await.expect(201).id();
    let body = json!({
        "workspace": workspace, "user_id": owner.user, "currency": "EUR",
        "lines": [{ "description": "Secret", "amount": 1 }],
    });
    let invoice = owner.post("/invoices", body).await.expect(201).id();
    let notification = uuid::Uuid::now_v7().to_string();
    let sql = format!(
        "INSERT INTO activity.notifications (id, workspace_id, user_id, seq, kind, cause, subject_kind, subject_id, title, body, \
         data, in_app, mail, created_at) VALUES ('{notification}', '{workspace}', '{user}', 1, 'image_approved', \
         '{notification}', 'image', '{notification}', 'Secret', '', '{{}}', true, false, now())",
        user = owner.user
    );
    lobby.database.execute(&sql).await;
    vec![
        ("/api/v1/plans/{id}", plan),
        ("/api/v1/subscriptions/{id}", subscription),
        ("/api/v1/invoices/{id}", invoice),
        ("/api/v1/workspaces/{id}", workspace),
        ("/api/v1/projects/{id}", project),
        ("/api/v1/operations/{id}", operation),
        ("/api/v1/workshops/{id}", workshop.clone()),
        ("/api/v1/notifications/workshops/{workshop_id}", workshop),
        ("/api/v1/images/{id}", image.clone()),
        ("/api/v1/photos/{id}", image),
        ("/api/v1/albums/{id}", album),
        ("/api/v1/comments/{id}", comment),
        ("/api/v1/reports/{id}", report),
        ("/api/v1/roles/{id}", role.as_str().unwrap().to_owned()),
        ("/api/v1/invitations/{id}", invitation),
        ("/api/v1/notifications/{id}", notification),
        ("/api/v1/notifications/{user_id}", owner.user.clone()),
        ("/api/v1/users/{id}", owner.user.clone()),
        ("/api/v1/profiles/{user_id}", owner.user.clone()),
    ]
}

#[test]
fn a_member_of_another_workspace_is_a_stranger_at_every_door() {
    lobby(async |lobby| {
        let things = things(lobby).await;
        let workspace = things.iter().find(|(path, _)| *path == "/api/v1/workspaces/{id}").unwrap().1.clone();
        let (stranger, _) = lobby.workspace("lobby").await;
        let before = lobby.database.number(SIZE_OF_EVERYTHING).await;
        for operation in operations() {
            let Operation { method, path, permission } = &operation;
            let is_ones_own = path.contains("/members/me") || path.contains("/auth/") || MINE.contains(&path.as_str());
            if permission == "public" || is_ones_own {
                continue;
            }
            let thing = things.iter().find(|(prefix, _)| path.starts_with(prefix));
            let answer = match thing {
                Some((_, id)) => {
                    let path = filled(path, id);
                    call(&stranger, method, &path, Some(&json!({}))).await
                }
                // Lists and creations name the workspace instead.
                None if permission != "signed_in" && *method == Method::GET => {
                    call(&stranger, method, &format!("{path}?workspace={workspace}"), None).await
                }
                None if permission != "signed_in" && path == "/api/v1/images" => {
                    stranger.upload(&workspace, crate::harness::picture(2), "mine").await
                }
                None if permission != "signed_in" => {
                    call(&stranger, method, path, Some(&creation(path, &workspace))).await
                }
                None => continue,
            };
            assert!(matches!(answer.status.as_u16(), 403 | 404), "{} answered {}", answer.asked, answer.status);
            assert!(!String::from_utf8_lossy(&answer.bytes).contains("Secret"), "{} tells", answer.asked);
        }
        assert_eq!(lobby.database.number(SIZE_OF_EVERYTHING).await, before, "a refusal changed something");
    });
}

/// A body with which each creation is sound, so that the answer is about authority and nothing else.
fn creation(path: &str, workspace: &str) -> Value {
    match path.trim_start_matches("/api/v1") {
        "/projects" => json!({ "workspace": workspace, "name": "Mine" }),
        "/workshops" => json!({
            "workspace": workspace, "title": "Mine", "starts_at": "2100-01-01T09:00:00Z",
            "ends_at": "2100-01-01T17:00:00Z", "timezone": "UTC",
        }),
        "/albums" => json!({ "workspace": workspace, "title": "Mine" }),
        "/tags/rename" => json!({ "workspace": workspace, "from": ["one"], "to": "other" }),
        "/roles" => json!({ "workspace": workspace, "name": "mine", "permissions": {} }),
        "/users" => {
            json!({ "workspace": workspace, "email": "mine@example.org", "password": crate::harness::PASSWORD })
        }
        "/plans" => json!({
            "workspace": workspace, "code": "mine", "name": "Mine", "price": 0, "currency": "EUR", "interval": "month",
        }),
        "/subscriptions" => json!({ "workspace": workspace, "plan": "free" }),
        "/invoices" => json!({
            "workspace": workspace, "user_id": uuid::Uuid::now_v7(), "currency": "EUR",
            "lines": [{ "description": "Mine", "amount": 1 }],
        }),
        "/platform/plans" => json!({
            "code": "mine", "name": "Mine", "price": 0, "currency": "EUR", "interval": "month",
        }),
        other => panic!("say here how {other} names its workspace"),
    }
}

/// Rows that a refused request must not change.
const SIZE_OF_EVERYTHING: &str = "SELECT (SELECT count(*) FROM project.projects) + (SELECT count(*) FROM gallery.images) \
     + (SELECT count(*) FROM workspace.members) + (SELECT count(*) FROM workspace.roles) \
     + (SELECT count(*) FROM workspace.workspaces) + (SELECT count(*) FROM accounts.users) \
     + (SELECT count(*) FROM gallery.likes) + (SELECT count(*) FROM gallery.comments) \
     + (SELECT count(*) FROM gallery.albums) + (SELECT count(*) FROM gallery.album_images) \
     + (SELECT count(*) FROM project.operations) + (SELECT count(*) FROM gallery.reports) \
     + (SELECT count(*) FROM billing.entries) + (SELECT count(*) FROM project.outbox) + (SELECT count(*) FROM gallery.outbox) \
     + (SELECT count(*) FROM workshop.workshops) + (SELECT count(*) FROM workshop.attendees) \
     + (SELECT count(*) FROM workshop.favorites) + (SELECT count(*) FROM workshop.broadcasts) \
     + (SELECT count(*) FROM workspace.outbox) + (SELECT count(*) FROM billing.outbox) \
     + (SELECT count(*) FROM activity.notifications WHERE read_at IS NULL) \
     + (SELECT sum(version) FROM billing.plans) + (SELECT sum(sequence) FROM billing.subscriptions)::bigint \
     + (SELECT sum(version) FROM billing.invoices)";

/// The path with its parameters filled in: the first with `id`, the others with something that is nothing.
fn filled(path: &str, id: &str) -> String {
    let mut steps = Vec::new();
    let mut first = true;
    for step in path.split('/') {
        match step.starts_with('{') {
            true if std::mem::take(&mut first) => steps.push(id.to_owned()),
            true => steps.push(uuid::Uuid::now_v7().to_string()),
            false => steps.push(step.to_owned()),
        }
    }
    steps.join("/")
}

async fn call(client: &Client, method: &Method, path: &str, body: Option<&Value>) -> crate::harness::Answer {
    let body = body.filter(|_| *method != Method::GET);
    client.call(method.clone(), &format!("/{path}"), body).await
}
