//! Those who don't belong, or no longer: whatever they once held or own, a project isn't there for them.

use reqwest::Method;
use serde_json::{Value, json};

use super::{create, dismiss, include, state, suspend};
use crate::harness::{Client, Lobby, lobby};

/// Every door of a project, with a sound body.
fn doors(project: &str, person: &str) -> Vec<(Method, String, Option<Value>)> {
    let (one, members) = (format!("/projects/{project}"), format!("/projects/{project}/members"));
    let member = format!("{members}/{person}");
    let whom = || Some(json!({ "user_id": person }));
    let renamed = || Some(json!({ "name": "Taken over" }));
    vec![
        (Method::GET, one.clone(), None),
        (Method::PUT, one.clone(), renamed()),
        (Method::PATCH, one.clone(), renamed()),
        (Method::DELETE, one.clone(), None),
        (Method::POST, format!("{one}/activate"), None),
        (Method::POST, format!("{one}/deactivate"), None),
        (Method::PUT, format!("{one}/owner"), whom()),
        (Method::GET, members.clone(), None),
        (Method::POST, members, whom()),
        (Method::PATCH, member.clone(), Some(json!({ "is_active": false }))),
        (Method::DELETE, member, None),
    ]
}

/// Asks at every door, in vain.
async fn finds_all_doors_shut(lobby: &Lobby, caller: &Client, workspace: &str, project: &str, status: u16, code: &str) {
    // What follows from an end of membership is to be done before the look.
    lobby.services().settle().await.unwrap();
    let before = state(lobby).await;
    let person = if caller.user.is_empty() { uuid::Uuid::now_v7().to_string() } else { caller.user.clone() };
    for (method, path, body) in doors(project, &person) {
        caller.call(method, &path, body.as_ref()).await.problem(status, code);
    }
    let stray = json!({ "workspace": workspace, "name": "Stray" });
    caller.post("/projects", stray).await.problem(status, code);
    caller.get(&format!("/projects?workspace={workspace}")).await.problem(status, code);
    assert_eq!(state(lobby).await, before, "a refusal changed something");
}

/// Someone who administered a workspace, owns a public project there, and takes part in one.
async fn insider(lobby: &Lobby, owner: &Client, workspace: &str) -> (Client, [String; 2]) {
    let person = lobby.member(owner, workspace, "admin").await;
    let owned = json!({ "name": "Theirs", "owner_id": person.user, "is_public": true });
    let owned = create(owner, workspace, owned).await.id();
    let shared = create(owner, workspace, json!({ "name": "Shared", "is_public": true })).await.id();
    include(owner, &shared, &person.user).await;
    for project in [&owned, &shared] {
        person.get(&format!("/projects/{project}")).await.expect(200);
    }
    (person, [owned, shared])
}

#[test]
fn a_member_of_another_workspace_finds_nothing() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (stranger, elsewhere) = lobby.workspace("lobby").await;
        let project = create(&owner, &workspace, json!({ "name": "Public", "is_public": true })).await.id();
        finds_all_doors_shut(lobby, &stranger, &workspace, &project, 404, "not_found").await;
        let own = create(&stranger, &elsewhere, json!({ "name": "Own" })).await.id();
        assert_eq!(stranger.get("/projects").await.expect(200).each("id"), [own]);
    });
}

#[test]
fn a_suspended_member_holds_nothing_though_they_own_and_take_part() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (person, projects) = insider(lobby, &owner, &workspace).await;
        suspend(&owner, &workspace, &person.user).await;
        for project in &projects {
            finds_all_doors_shut(lobby, &person, &workspace, project, 404, "not_found").await;
        }
        assert!(person.get("/projects").await.expect(200).items().is_empty());

        let active = json!({ "status": "active" });
        owner.patch(&format!("/workspaces/{workspace}/members/{}", person.user), active).await.expect(200);
        person.get(&format!("/projects/{}", projects[1])).await.expect(200);
        assert_eq!(person.get("/projects").await.expect(200).items().len(), 2, "who is back takes part still");
    });
}

#[test]
fn a_former_member_holds_nothing_though_they_own() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (person, projects) = insider(lobby, &owner, &workspace).await;
        dismiss(&owner, &workspace, &person.user).await;
        for project in &projects {
            finds_all_doors_shut(lobby, &person, &workspace, project, 404, "not_found").await;
        }
        assert!(person.get("/projects").await.expect(200).items().is_empty());
    });
}

#[test]
fn who_belongs_nowhere_sees_an_empty_list_and_can_create_nothing() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let project = create(&owner, &workspace, json!({ "name": "Public", "is_public": true })).await.id();
        let nobody = lobby.person().await;
        finds_all_doors_shut(lobby, &nobody, &workspace, &project, 404, "not_found").await;
        assert!(nobody.get("/projects").await.expect(200).items().is_empty());
        nobody.post("/projects", json!({ "name": "Where?" })).await.faults(&["/workspace"]);
    });
}

#[test]
fn without_a_token_every_door_asks_for_one() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let project = create(&owner, &workspace, json!({ "name": "Public", "is_public": true })).await.id();
        finds_all_doors_shut(lobby, &lobby.anonymous(), &workspace, &project, 401, "unauthenticated").await;
        lobby.anonymous().get("/projects").await.problem(401, "unauthenticated");
    });
}
