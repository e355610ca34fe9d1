//! Signing up into a workspace: whom it takes, with which role, and that the membership is there.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{accounts, seats};
use crate::harness::{Client, Lobby, PASSWORD, lobby};

/// An open workspace, in which people may become a `developer` or, if they name nothing, a `customer`.
async fn open(lobby: &Lobby) -> (Client, String) {
    lobby.workspace("devhub").await
}

fn joining(email: &str, workspace: &str, role: Option<&str>) -> Value {
    let mut body = json!({ "email": email, "password": PASSWORD, "workspace": workspace });
    if let Some(role) = role {
        body["role"] = json!(role);
    }
    body
}

#[test]
fn who_signs_up_into_an_open_workspace_is_a_member_with_the_role_asked_for_or_the_default() {
    lobby(async |lobby| {
        let (owner, workspace) = open(lobby).await;
        for (email, asked, given) in
            [("a@example.org", Some("developer"), "developer"), ("b@example.org", None, "customer")]
        {
            let person = lobby.sign_up(joining(email, &workspace, asked)).await;
            let theirs = person.get("/workspaces").await.expect(200);
            assert_eq!(theirs.each("id"), [workspace.as_str()], "no member right after the answer");
            let member = owner.get(&format!("/workspaces/{workspace}/members/{}", person.user)).await.expect(200);
            assert_eq!(member.json["role"], given);
            assert_eq!(member.json["status"], "active");
            let created_via = &person.get("/users/me").await.expect(200).json["created_via"];
            assert!(created_via.is_null(), "the workspace did not make who signed up");
        }
    });
}

#[test]
fn everyone_of_a_crowd_is_a_member_right_after_the_answer() {
    lobby(async |lobby| {
        let (_, workspace) = open(lobby).await;
        let anonymous = lobby.anonymous();
        let crowd = (0..24).map(async |number| {
            let body = joining(&format!("crowd{number}@example.org"), &workspace, None);
            let answer = anonymous.post("/auth/signup", body).await.expect(201);
            let theirs = anonymous.holding(&answer.json["tokens"]).get("/workspaces").await.expect(200);
            theirs.items().len()
        });
        assert_eq!(join_all(crowd).await, [1; 24]);
    });
}

#[test]
fn a_role_that_is_not_for_the_taking_is_refused_with_those_that_are() {
    lobby(async |lobby| {
        let (_, workspace) = open(lobby).await;
        let before = accounts(lobby).await;
        for role in ["admin", "verified_developer", "emperor"] {
            let body = joining("greedy@example.org", &workspace, Some(role));
            let answer = lobby.anonymous().post("/auth/signup", body).await.faults(&["/role"]);
            assert_eq!(answer.json["errors"][0]["code"], "role_not_self_assignable");
            let mut available: Vec<_> = answer.json["available"].as_array().unwrap().clone();
            available.sort_by_key(ToString::to_string);
            assert_eq!(available, ["customer", "developer"]);
        }
        let nowhere = json!({ "email": "greedy@example.org", "password": PASSWORD, "role": "customer" });
        lobby.anonymous().post("/auth/signup", nowhere).await.faults(&["/workspace"]);
        assert_eq!(accounts(lobby).await, before, "a refused sign-up left an account");
    });
}

#[test]
fn a_workspace_that_is_not_open_or_not_there_takes_nobody() {
    lobby(async |lobby| {
        let (owner, workspace) = open(lobby).await;
        let before = accounts(lobby).await;
        let anonymous = lobby.anonymous();
        for registration in ["invite", "closed"] {
            let body = json!({ "registration": registration });
            owner.patch(&format!("/workspaces/{workspace}"), body).await.expect(200);
            let body = joining("late@example.org", &workspace, None);
            anonymous.post("/auth/signup", body).await.problem(404, "not_found");
        }
        for unknown in [uuid::Uuid::now_v7().to_string(), "nowhere".to_owned()] {
            let body = joining("lost@example.org", &unknown, None);
            anonymous.post("/auth/signup", body).await.problem(404, "not_found");
        }
        assert_eq!(accounts(lobby).await, before, "a refused sign-up left an account");
    });
}

#[test]
fn an_event_that_comes_again_makes_no_second_membership_and_undoes_nothing() {
    lobby(async |lobby| {
        let (owner, workspace) = open(lobby).await;
        let person = lobby.sign_up(joining("twice@example.org", &workspace, Some("developer"))).await;
        let member = format!("/workspaces/{workspace}/members/{}", person.user);
        owner.put(&format!("{member}/role"), json!({ "role": "customer" })).await.expect(200);
        owner.patch(&member, json!({ "status": "suspended" })).await.expect(200);
        let before = owner.get(&member).await.expect(200);

        let again = "UPDATE accounts.outbox SET told_at = NULL, next_try_at = at WHERE action = 'accounts.signed_up'";
        lobby.database.execute(again).await;
        lobby.services().settle().await.unwrap();
        let waiting = "SELECT count(*) FROM accounts.outbox WHERE told_at IS NULL";
        assert_eq!(lobby.database.number(waiting).await, 0, "it was not told again");

        assert_eq!(seats(lobby, &person.user).await, 1);
        let after = owner.get(&member).await.expect(200);
        assert_eq!(after.json, before.json);
        assert_eq!(after.header("etag"), before.header("etag"));
    });
}
