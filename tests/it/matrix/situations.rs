//! Situations that the tables name by `case:`: where what a role allows is refused for another reason.

use reqwest::Method;
use serde_json::json;

use super::{
    expect::{Expected, OWNER_ROLE},
    play::{is_as, unchanged},
    table::Row,
    world::{World, newcomer},
};
use crate::harness::{Answer, Client};

/// Whose column a situation is reported in.
pub fn column(world: &World<'_>, name: &str) -> usize {
    let role = if name == "second_project" { "developer" } else { OWNER_ROLE };
    world.table.roles.iter().position(|one| one == role).unwrap()
}

/// Brings a situation about, sends the row's request in it, and compares.
pub async fn meet(world: &World<'_>, row: &Row, name: &str, expected: &Expected) -> Result<(), String> {
    match name {
        "last_administrator" => last_administrator(world, row, expected).await,
        "held_role" => held_role(world, row, expected).await,
        "made_elsewhere" => made_elsewhere(world, row, expected).await,
        "second_project" => second_project(world, row, expected).await,
        other => panic!("say in situations.rs what the case `{other}` is"),
    }
}

/// A workspace's only administrator, who by that is its owner, turns against their own membership.
async fn last_administrator(world: &World<'_>, row: &Row, expected: &Expected) -> Result<(), String> {
    let (person, _) = newcomer(world).await;
    let body = json!({ "name": "Alone", "blueprint": world.table.model });
    let workspace = person.post("/workspaces", body).await.expect(201).id();
    let path = match row.path.starts_with("/users/") {
        true => row.path.replace("{id}", &person.user),
        false => row.path.replace("{id}", &workspace).replace("{user_id}", &person.user),
    };
    let body = match row.method {
        Method::PUT => Some(json!({ "role": world.default_role })),
        Method::PATCH => Some(json!({ "status": "suspended" })),
        _ => None,
    };
    refused(world, &person, (&row.method, &path, body), expected).await
}

/// A role that a member has is deleted.
async fn held_role(world: &World<'_>, row: &Row, expected: &Expected) -> Result<(), String> {
    let name = format!("held-{}", world.number());
    let body = json!({ "name": name, "permissions": {} });
    let role = world.owner.post(&format!("/workspaces/{}/roles", world.workspace), body).await.expect(201).id();
    world.bystander(&name).await;
    refused(world, &world.owner, (&row.method, &row.path.replace("{id}", &role), None), expected).await
}

/// A member's account that the workspace didn't make is edited.
async fn made_elsewhere(world: &World<'_>, row: &Row, expected: &Expected) -> Result<(), String> {
    let user = world.account(None).await;
    world.enrol(&world.workspace, &user, &world.default_role).await;
    let body = json!({ "first_name": "Changed" });
    refused(world, &world.owner, (&row.method, &row.path.replace("{id}", &user), Some(body)), expected).await
}

/// A developer who owns a project wants another.
async fn second_project(world: &World<'_>, row: &Row, expected: &Expected) -> Result<(), String> {
    let developer = &world.cast["developer"].active;
    let first = json!({
        "workspace": world.workspace, "name": "First", "owner_id": developer.user, "key": format!("K{}", world.number()),
    });
    world.owner.post("/projects", first).await.expect(201);
    let second = json!({ "workspace": world.workspace, "name": "Second" });
    refused(world, developer, (&row.method, &row.path, Some(second)), expected).await
}

async fn refused(
    world: &World<'_>,
    person: &Client,
    (method, path, body): (&Method, &str, Option<serde_json::Value>),
    expected: &Expected,
) -> Result<(), String> {
    let before = world.digest.lock().await.settled(world.lobby).await;
    let answer: Answer = person.call(method.clone(), path, body.as_ref()).await;
    is_as(&answer, expected)?;
    unchanged(world, &before).await
}
