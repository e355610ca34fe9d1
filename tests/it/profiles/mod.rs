//! Profiles: who sees and edits which, what stays secret in them, avatars, phone numbers, and when one is onboarded.

mod authority;
mod avatars;
mod editing;
mod messages;
mod national_id;
mod onboarding;
mod phone;
mod phone_races;
mod redis;

use serde_json::{Value, json};

pub use self::{
    messages::{Messages, on_both, with_messages},
    redis::Redis,
};
use crate::harness::{Client, Lobby, PASSWORD};

/// A number of Switzerland's mobile plan.
pub const PHONE: &str = "+41791234567";
/// Another.
const OTHER_PHONE: &str = "+41791234568";
/// A national identity number, easy to find wherever it shouldn't be.
const NATIONAL_ID: &str = "756.9217.0769.85";

/// Where a client's own profile is.
pub fn profile_of(client: &Client) -> String {
    format!("/profiles/{}", client.user)
}

/// Everything that a profile and its account need to be complete, but the phone number.
pub async fn complete_profile(client: &Client, username: &str) {
    let account = json!({ "first_name": "Ada", "last_name": "Lovelace", "username": username });
    client.patch("/users/me", account).await.expect(200);
    let profile = json!({ "bio": "Counts.", "description": "With engines.", "national_id": NATIONAL_ID });
    client.patch(&profile_of(client), profile).await.expect(200);
}

/// Has a number confirmed.
pub async fn confirm(lobby: &Lobby, messages: &Messages, client: &Client, phone: &str) {
    client.post("/users/me/phone", json!({ "phone": phone })).await.expect(202);
    let code = messages.last_code(lobby, phone).await;
    client.post("/users/me/phone/verify", json!({ "code": code })).await.expect(200);
}

/// A code that is not `code`.
fn another(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

/// How many events of this kind someone has.
async fn events(lobby: &Lobby, action: &str, client: &Client) -> i64 {
    let sql = format!(
        "SELECT count(*) FROM accounts.outbox WHERE action = 'accounts.{action}' AND resource_id = '{}'",
        client.user
    );
    lobby.database.number(&sql).await
}

/// An account that a workspace's administrator made, signed in.
async fn made(lobby: &Lobby, owner: &Client, workspace: &str, email: &str, role: &str) -> Client {
    let body = json!({ "workspace": workspace, "email": email, "password": PASSWORD, "role": role });
    let user = owner.post("/users", body).await.expect(201).id();
    let mut person = lobby.anonymous().sign_in(email, PASSWORD).await;
    person.user = user;
    person
}

/// What is missing in someone's onboarding.
async fn missing(client: &Client) -> Vec<String> {
    let answer = client.get("/users/me/onboarding").await.expect(200);
    let missing: Vec<String> = serde_json::from_value(answer.json["missing"].clone()).unwrap();
    assert_eq!(answer.json["complete"], Value::Bool(missing.is_empty()));
    missing
}
