//! Workshops.

use reqwest::Method;
use serde_json::json;

use super::{
    super::{
        expect::{Kind, Relation},
        requests::sound_workshop,
        world::World,
    },
    Target,
};
use crate::harness::{Client, picture};

/// Nobody can register who is.
pub const UNREGISTERED: &str = "unregistered";
/// It takes photos of those who attend on its days.
pub const TODAY: &str = "today";
/// It has a photo.
pub const PICTURED: &str = "pictured";

/// A published workshop, or a draft; with the partaker registered where it is about those who attend.
pub async fn workshop(world: &World<'_>, kind: Kind, relation: Relation, actor: &Client, state: &str) -> Target {
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
