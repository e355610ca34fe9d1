//! What is recorded, subscribed to and invoiced.

use reqwest::Method;
use serde_json::json;

use super::{
    super::{expect::Relation, requests, world::World},
    Target, project, whom,
};
use crate::harness::{Client, picture};

/// Something recorded of a project, with a proof.
pub async fn operation(world: &World<'_>, relation: Relation, actor: &Client) -> Target {
    let project = project(world, relation, actor).await;
    let proof = reqwest::multipart::Part::bytes(picture(1)).file_name("receipt.jpg");
    let form = reqwest::multipart::Form::new().text("type", "deposit").text("amount", "700").part("proof", proof);
    let request = world.owner.request(Method::POST, &format!("/projects/{}/operations", project.id));
    let request = request.header("Idempotency-Key", format!("operation-{}", world.number()));
    Target::id(world.owner.send(request.multipart(form)).await.expect(201).id())
}

/// A subscription of the caller, or of somebody else.
pub async fn subscription(world: &World<'_>, relation: Relation, actor: &Client) -> Target {
    requests::plan(world, "free").await;
    let whose = whom(world, relation, actor).await;
    for user in [&whose, &world.owner.user] {
        requests::unsubscribe(world, user).await;
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
pub async fn invoice(world: &World<'_>, relation: Relation, actor: &Client, state: &str) -> Target {
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
