//! Images and what belongs to them.

use reqwest::Method;
use serde_json::json;

use super::{
    super::{expect::Relation, world::World},
    Target,
};
use crate::harness::{Client, picture};

/// An image in a state.
pub async fn image(world: &World<'_>, relation: Relation, actor: &Client, state: &str) -> Target {
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
pub async fn photo(world: &World<'_>, relation: Relation, actor: &Client) -> Target {
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
pub async fn trashed(world: &World<'_>, relation: Relation, actor: &Client) -> Target {
    let made = image(world, relation, actor, "approved").await;
    let sql = format!(
        "UPDATE gallery.images SET deleted_at = now(), deleted_by = '{}' WHERE id = '{}'",
        world.owner.user, made.id
    );
    world.lobby.database.execute(&sql).await;
    made
}

/// An album with an image in it.
pub async fn album(world: &World<'_>, relation: Relation, actor: &Client) -> Target {
    let held = image(world, Relation::Other, actor, "approved").await;
    let body = json!({ "workspace": world.workspace, "title": format!("Album {}", world.number()) });
    let id = world.owner.post("/albums", body).await.expect(201).id();
    let body = json!({ "image_ids": [held.id] });
    world.owner.post(&format!("/albums/{id}/images"), body).await.expect(200);
    if relation == Relation::Own || relation.is_outsiders_own() {
        let sql = format!("UPDATE gallery.albums SET creator_id = '{}' WHERE id = '{id}'", actor.user);
        world.lobby.database.execute(&sql).await;
    }
    Target { photo: held.id, ..Target::id(id) }
}

/// What somebody said of an image; hidden with that.
pub async fn comment(world: &World<'_>, relation: Relation, actor: &Client) -> Target {
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
pub async fn report(world: &World<'_>, actor: &Client) -> Target {
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
