//! Sessions: seen, ended one by one or together, and refused from that moment.

use serde_json::json;

use super::{is_in, is_out, made_and_signed_in};
use crate::harness::{Client, Lobby, PASSWORD, lobby};

/// A person with three sessions.
async fn three_sessions(lobby: &Lobby) -> [Client; 3] {
    let first = lobby.person().await;
    let second = first.sign_in("person0@example.org", PASSWORD).await;
    let third = first.sign_in("person0@example.org", PASSWORD).await;
    [first, second, third]
}

/// The id of the session that a client is in.
async fn session_of(client: &Client) -> String {
    let sessions = client.get("/auth/sessions").await.expect(200);
    let current = sessions.items().iter().find(|session| session["current"] == true).unwrap();
    current["id"].as_str().unwrap().to_owned()
}

#[test]
fn signing_out_ends_this_session_at_once_and_no_other() {
    lobby(async |lobby| {
        let [first, second, _] = three_sessions(lobby).await;
        first.act("/auth/logout").await.expect(204);
        is_out(&first).await;
        first.act("/auth/logout").await.problem(401, "invalid_token");
        is_in(&second).await;
        assert_eq!(second.get("/auth/sessions").await.expect(200).items().len(), 2);
    });
}

#[test]
fn people_see_their_own_sessions_page_by_page() {
    lobby(async |lobby| {
        let [first, ..] = three_sessions(lobby).await;
        let stranger = lobby.person().await;
        assert_eq!(stranger.get("/auth/sessions").await.expect(200).items().len(), 1);

        let agent = first.request(reqwest::Method::POST, "/auth/login").header("User-Agent", "a tin can");
        let body = json!({ "email": "person0@example.org", "password": PASSWORD });
        first.send(agent.json(&body)).await.expect(200);

        let whole = first.get("/auth/sessions").await.expect(200);
        let current: Vec<bool> = whole.items().iter().map(|session| session["current"] == true).collect();
        assert_eq!(current, [true, false, false, false]);
        assert_eq!(whole.items()[3]["user_agent"], "a tin can");
        assert_eq!(whole.items()[3]["address"], "127.0.0.1");

        let mut seen = Vec::new();
        let mut path = "/auth/sessions?limit=1".to_owned();
        loop {
            let page = first.get(&path).await.expect(200);
            assert_eq!(page.items().len(), 1);
            seen.push(page.items()[0]["id"].as_str().unwrap().to_owned());
            let Some(next) = page.json["next"].as_str() else { break };
            path = format!("/auth/sessions?limit=1&cursor={next}");
        }
        assert_eq!(seen, whole.each("id"));
    });
}

#[test]
fn one_session_can_be_ended_from_another() {
    lobby(async |lobby| {
        let [first, second, third] = three_sessions(lobby).await;
        let path = format!("/auth/sessions/{}", session_of(&second).await);
        // Known to the cache as good, so that the refusal comes from the revocation.
        is_in(&second).await;
        first.delete(&path).await.expect(204);
        is_out(&second).await;
        is_in(&first).await;
        is_in(&third).await;
        first.delete(&path).await.problem(404, "not_found");
        let own = format!("/auth/sessions/{}", session_of(&first).await);
        first.delete(&own).await.expect(204);
        is_out(&first).await;
    });
}

#[test]
fn nobody_ends_the_session_of_another() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let member = made_and_signed_in(&owner, &workspace, "member@example.org", "assistant").await;
        let session = session_of(&member).await;
        owner.delete(&format!("/auth/sessions/{session}")).await.problem(404, "not_found");
        owner.delete("/auth/sessions/nonsense").await.problem(404, "not_found");
        is_in(&member).await;
    });
}

#[test]
fn all_other_sessions_can_be_ended_together() {
    lobby(async |lobby| {
        let [first, second, third] = three_sessions(lobby).await;
        let stranger = lobby.person().await;
        second.delete("/auth/sessions").await.expect(204);
        is_out(&first).await;
        is_out(&third).await;
        is_in(&second).await;
        is_in(&stranger).await;
        assert_eq!(second.get("/auth/sessions").await.expect(200).items().len(), 1);
        second.delete("/auth/sessions").await.expect(204);
        is_in(&second).await;
    });
}

#[test]
fn disabling_an_account_ends_its_sessions_and_enabling_lets_it_in_again() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let member = made_and_signed_in(&owner, &workspace, "member@example.org", "assistant").await;
        let path = format!("/users/{}", member.user);
        owner.patch(&path, json!({ "status": "disabled" })).await.expect(200);
        is_out(&member).await;
        let body = json!({ "email": "member@example.org", "password": PASSWORD });
        member.signed_out().post("/auth/login", body).await.problem(401, "invalid_credentials");
        owner.patch(&path, json!({ "status": "active" })).await.expect(200);
        is_out(&member).await;
        is_in(&member.sign_in("member@example.org", PASSWORD).await).await;
    });
}
