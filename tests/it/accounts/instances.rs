//! Two instances on one database: what one ends, the other refuses.

use std::time::{Duration, Instant};

use serde_json::json;

use super::is_in;
use crate::harness::{Client, Lobby, PASSWORD, lobby};

/// Waits until a client's access token is refused, for much longer than it may take.
async fn refused(client: &Client) {
    let began = Instant::now();
    while client.get("/users/me").await.status != 401 {
        assert!(began.elapsed() < Duration::from_secs(10), "an ended session lives on elsewhere");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Another instance on the same database and data folder, so that both have the same keys.
async fn beside(lobby: &Lobby) -> Lobby {
    let folder = lobby.folder.path().to_str().unwrap();
    Lobby::on(lobby.database.clone(), &[("LOBBY__DATA_DIR", folder)]).await
}

#[test]
fn a_token_of_one_instance_is_good_at_the_other_until_its_session_ends_anywhere() {
    lobby(async |one| {
        let other = beside(one).await;
        let here = one.person().await;
        let there = other.anonymous().with_token(here.token.as_ref().unwrap());
        is_in(&there).await;
        here.act("/auth/logout").await.expect(204);
        refused(&there).await;
        other.stop_serving().await;
    });
}

#[test]
fn every_way_to_end_a_session_is_heard_by_the_other_instance() {
    lobby(async |one| {
        let other = beside(one).await;
        let (owner, workspace) = one.workspace("crafo").await;
        let body = json!({ "workspace": workspace, "email": "member@example.org", "password": PASSWORD });
        let id = owner.post("/users", body).await.expect(201).id();

        let here = owner.sign_in("member@example.org", PASSWORD).await;
        let there = other.anonymous().sign_in("member@example.org", PASSWORD).await;
        is_in(&there).await;
        here.delete("/auth/sessions").await.expect(204);
        refused(&there).await;

        let there = other.anonymous().sign_in("member@example.org", PASSWORD).await;
        is_in(&there).await;
        let next = "another-fine-password-77";
        let change = json!({ "current_password": PASSWORD, "new_password": next });
        here.put("/users/me/password", change).await.expect(204);
        refused(&there).await;

        let there = other.anonymous().sign_in("member@example.org", next).await;
        is_in(&there).await;
        owner.patch(&format!("/users/{id}"), json!({ "status": "disabled" })).await.expect(200);
        refused(&there).await;

        owner.patch(&format!("/users/{id}"), json!({ "status": "active" })).await.expect(200);
        let there = other.anonymous().sign_in("member@example.org", next).await;
        is_in(&there).await;
        owner.delete(&format!("/users/{id}")).await.expect(204);
        refused(&there).await;
        other.stop_serving().await;
    });
}

#[test]
fn an_instance_that_starts_later_knows_which_sessions_ended_before() {
    lobby(async |one| {
        let person = one.person().await;
        person.act("/auth/logout").await.expect(204);
        let other = beside(one).await;
        let there = other.anonymous().with_token(person.token.as_ref().unwrap());
        there.get("/users/me").await.problem(401, "invalid_token");
        other.stop_serving().await;
    });
}

#[test]
fn both_instances_give_a_used_refresh_token_the_same_successor() {
    lobby(async |one| {
        let other = beside(one).await;
        let person = one.person().await;
        let body = json!({ "refresh_token": person.refresh });
        let here = one.anonymous().post("/auth/refresh", body.clone()).await.expect(200);
        let there = other.anonymous().post("/auth/refresh", body).await.expect(200);
        assert_eq!(here.text("refresh_token"), there.text("refresh_token"));
        is_in(&other.anonymous().holding(&here.json)).await;
        other.stop_serving().await;
    });
}
