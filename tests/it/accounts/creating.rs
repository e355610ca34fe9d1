//! Accounts that an administrator makes.

use serde_json::json;

use super::{accounts, is_in, made, seats};
use crate::harness::{PASSWORD, lobby};

#[test]
fn an_administrator_makes_an_account_and_its_membership() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let body = json!({
            "workspace": workspace, "email": "new@example.org", "password": PASSWORD, "username": "new",
            "first_name": "New", "role": "creator",
        });
        let answer = owner.post("/users", body).await.expect(201);
        assert_eq!(answer.json["created_via"], workspace);
        assert_eq!(answer.header("location"), format!("/api/v1/users/{}", answer.id()));
        let same = owner.get(&format!("/{}", answer.header("location"))).await.expect(200);
        assert_eq!(same.json, answer.json);
        assert_eq!(same.header("etag"), answer.header("etag"));

        let member = owner.get(&format!("/workspaces/{workspace}/members/{}", answer.id())).await.expect(200);
        assert_eq!(member.json["role"], "creator");
        let person = owner.sign_in("NEW@example.org", PASSWORD).await;
        is_in(&person).await;
        assert_eq!(person.get("/workspaces").await.expect(200).each("id"), [workspace.as_str()]);
    });
}

#[test]
fn role_workspace_and_password_may_be_left_out() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let id = owner.post("/users", json!({ "email": "bare@example.org" })).await.expect(201).id();
        let member = owner.get(&format!("/workspaces/{workspace}/members/{id}")).await.expect(200);
        assert_eq!(member.json["role"], "assistant");
        let guess = json!({ "email": "bare@example.org", "password": "" });
        lobby.anonymous().post("/auth/login", guess).await.problem(401, "invalid_credentials");

        owner.post("/workspaces", json!({ "name": "Second" })).await.expect(201);
        owner.post("/users", json!({ "email": "unclear@example.org" })).await.faults(&["/workspace"]);
        lobby.person().await.post("/users", json!({ "email": "alone@example.org" })).await.faults(&["/workspace"]);
    });
}

#[test]
fn an_account_is_made_by_the_same_rules_as_one_signs_up() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        made(&owner, &workspace, "taken@example.org", "assistant").await;
        let before = accounts(lobby).await;
        let body = json!({ "workspace": workspace, "email": "Taken@Example.org" });
        owner.post("/users", body).await.problem(409, "email_taken");
        let body = json!({ "workspace": workspace, "email": "new@example.org", "password": "password" });
        owner.post("/users", body).await.faults(&["/password"]);
        let body = json!({ "workspace": workspace, "email": "new@example.org", "status": "disabled" });
        owner.post("/users", body).await.faults(&["/status"]);
        let body = json!({ "workspace": workspace, "email": "new@example.org", "role": "emperor" });
        let answer = owner.post("/users", body).await.faults(&["/role"]);
        assert!(answer.json["available"].as_array().unwrap().contains(&json!("creator")));
        let (stranger, _) = lobby.workspace("crafo").await;
        let before_stranger = accounts(lobby).await;
        let body = json!({ "workspace": workspace, "email": "new@example.org" });
        stranger.post("/users", body).await.problem(404, "not_found");
        assert_eq!(before_stranger, before + 1, "a refusal left an account");
        assert_eq!(accounts(lobby).await, before_stranger);
    });
}

#[test]
fn nobody_gives_a_new_account_what_they_do_not_hold() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let grants = json!({ "can_create_users": true, "can_view_users": true });
        let body = json!({ "name": "registrar", "title": "Registrar", "permissions": grants });
        owner.post(&format!("/workspaces/{workspace}/roles"), body).await.expect(201);
        let registrar = lobby.member(&owner, &workspace, "registrar").await;
        let before = accounts(lobby).await;
        for role in [json!("admin"), json!("creator"), json!("assistant"), json!(null)] {
            let body = json!({ "workspace": workspace, "email": "new@example.org", "role": role });
            let answer = registrar.post("/users", body).await.problem(403, "beyond_your_own");
            assert!(!answer.json["missing"].as_array().unwrap().is_empty());
        }
        assert_eq!(accounts(lobby).await, before, "a refusal left an account");
        let body = json!({ "workspace": workspace, "email": "new@example.org", "role": "registrar" });
        let id = registrar.post("/users", body).await.expect(201).id();
        assert_eq!(seats(lobby, &id).await, 1);

        let admin = lobby.member(&owner, &workspace, "admin").await;
        made(&admin, &workspace, "peer@example.org", "admin").await;
    });
}

#[test]
fn a_creation_that_is_repeated_with_its_key_makes_one_account() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let body = json!({ "workspace": workspace, "email": "once@example.org", "password": PASSWORD });
        let first = owner.post_once("/users", "key-1", &body).await.expect(201);
        let again = owner.post_once("/users", "key-1", &body).await.expect(201);
        assert_eq!(again.json, first.json);
        assert_eq!(again.header("idempotency-replayed"), "true");
        let other = json!({ "workspace": workspace, "email": "other@example.org" });
        owner.post_once("/users", "key-1", &other).await.problem(422, "idempotency_key_reused");
        assert_eq!(accounts(lobby).await, 2);
        assert_eq!(seats(lobby, &first.id()).await, 1);
    });
}
