//! People: signing up and in, tokens and sessions, and who may see, make, change and remove accounts.

mod braking;
mod creating;
mod editing;
mod instances;
mod joining;
mod listing;
mod logging_in;
mod passwords;
mod personal_tokens;
mod refreshing;
mod removing;
pub mod second_factors;
mod secrets;
mod sessions;
mod signing_up;
mod token_bounds;
mod tokens;
mod viewing;

use kernel::ids::UserId;
use serde_json::json;

use crate::harness::{Answer, Client, Lobby, PASSWORD};

/// An account that `administrator` makes in a workspace, with the usual password.
async fn made(administrator: &Client, workspace: &str, email: &str, role: &str) -> Answer {
    let body = json!({ "workspace": workspace, "email": email, "password": PASSWORD, "role": role });
    administrator.post("/users", body).await.expect(201)
}

/// The same, signed in.
async fn made_and_signed_in(administrator: &Client, workspace: &str, email: &str, role: &str) -> Client {
    let user = made(administrator, workspace, email, role).await.id();
    let mut person = administrator.sign_in(email, PASSWORD).await;
    person.user = user;
    person
}

/// Someone who administers the platform.
async fn platform_administrator(lobby: &Lobby) -> Client {
    let person = lobby.person().await;
    let user = UserId(person.user.parse().unwrap());
    lobby.services().provision().ensure_platform_admin(user).await.unwrap();
    person
}

/// How many memberships someone has.
async fn seats(lobby: &Lobby, user: &str) -> i64 {
    lobby.database.number(&format!("SELECT count(*) FROM workspace.members WHERE user_id = '{user}'")).await
}

/// How many accounts there are.
async fn accounts(lobby: &Lobby) -> i64 {
    lobby.database.number("SELECT count(*) FROM accounts.users").await
}

/// Expects that neither of a client's tokens is good any more.
async fn is_out(client: &Client) {
    client.get("/users/me").await.problem(401, "invalid_token");
    let body = json!({ "refresh_token": client.refresh });
    client.signed_out().post("/auth/refresh", body).await.problem(401, "invalid_refresh_token");
}

/// Expects that the access token is good.
async fn is_in(client: &Client) {
    client.get("/users/me").await.expect(200);
}
