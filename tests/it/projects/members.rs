//! Who takes part in a project: added, switched off and on, removed, listed.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use super::{dismiss, include, project, state, suspend, until};
use crate::harness::{Client, Lobby, lobby};

/// A workspace with a project and a client who is no part of it.
async fn stage(lobby: &Lobby) -> (Client, String, Client, String) {
    let (owner, workspace) = lobby.workspace("lobby").await;
    let client = lobby.member(&owner, &workspace, "client").await;
    let id = project(&owner, &workspace, "Shared").await;
    (owner, workspace, client, format!("/projects/{id}"))
}

#[test]
fn taking_part_shows_the_project_on_the_very_next_request() {
    lobby(async |lobby| {
        let (owner, _, client, path) = stage(lobby).await;
        let (members, member) = (format!("{path}/members"), format!("{path}/members/{}", client.user));
        let sees = async |expected: bool| {
            client.get(&path).await.expect(if expected { 200 } else { 404 });
            assert_eq!(client.get("/projects").await.expect(200).items().len(), usize::from(expected));
        };
        sees(false).await;
        let added = owner.post(&members, json!({ "user_id": client.user })).await.expect(201);
        assert_eq!(added.header("location"), format!("/api/v1{member}"));
        assert_eq!((&added.json["is_active"], &added.json["is_owner"]), (&json!(true), &json!(false)));
        assert_eq!(added.text("added_by"), owner.user);
        sees(true).await;
        for round in 0..3 {
            let off = owner.patch(&member, json!({ "is_active": false })).await.expect(200);
            assert_eq!(off.json["version"], 2 + 2 * round);
            sees(false).await;
            owner.patch(&member, json!({ "is_active": true })).await.expect(200);
            sees(true).await;
        }
        owner.delete(&member).await.expect(204);
        sees(false).await;
        owner.delete(&member).await.problem(404, "not_found");
        owner.patch(&member, json!({ "is_active": true })).await.problem(404, "not_found");
    });
}

#[test]
fn adding_someone_again_is_a_conflict_unless_they_were_switched_off() {
    lobby(async |lobby| {
        let (owner, _, client, path) = stage(lobby).await;
        let (members, member) = (format!("{path}/members"), format!("{path}/members/{}", client.user));
        let whom = json!({ "user_id": client.user });
        let answers = join_all((0..10).map(|_| owner.post(&members, whom.clone()))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        for late in answers.into_iter().filter(|answer| answer.status != 201) {
            late.problem(409, "already_member");
        }
        owner.patch(&member, json!({ "is_active": false })).await.expect(200);
        let back = owner.post(&members, whom.clone()).await.expect(200);
        assert_eq!((&back.json["is_active"], &back.json["version"]), (&json!(true), &json!(3)));
        let before = state(lobby).await;
        owner.post(&members, whom).await.problem(409, "already_member");
        assert_eq!(owner.patch(&member, json!({})).await.expect(200).json, back.json);
        assert_eq!(owner.patch(&member, json!({ "is_active": true })).await.expect(200).json, back.json);
        owner.patch(&member, json!({ "is_active": null })).await.faults(&["/is_active"]);
        assert_eq!(state(lobby).await, before);
    });
}

#[test]
fn only_active_members_of_the_workspace_take_part() {
    lobby(async |lobby| {
        let (owner, workspace, client, path) = stage(lobby).await;
        let members = format!("{path}/members");
        include(&owner, path.rsplit('/').next().unwrap(), &client.user).await;
        owner.patch(&format!("{members}/{}", client.user), json!({ "is_active": false })).await.expect(200);
        suspend(&owner, &workspace, &client.user).await;
        let (stranger, _) = lobby.workspace("lobby").await;
        let before = state(lobby).await;
        for outsider in [stranger.user.clone(), client.user.clone(), uuid::Uuid::now_v7().to_string()] {
            let refusal = owner.post(&members, json!({ "user_id": outsider })).await.faults(&["/user_id"]);
            assert_eq!(refusal.json["errors"][0]["code"], "not_a_member");
        }
        let switched_on = owner.patch(&format!("{members}/{}", client.user), json!({ "is_active": true })).await;
        switched_on.faults(&["/is_active"]);
        owner.post(&members, json!({ "user_id": stranger.user, "role": "boss" })).await.faults(&["/role"]);
        assert_eq!(state(lobby).await, before);
    });
}

#[test]
fn the_owner_always_takes_part() {
    lobby(async |lobby| {
        let (owner, _, _, path) = stage(lobby).await;
        let member = format!("{path}/members/{}", owner.user);
        let before = state(lobby).await;
        owner.patch(&member, json!({ "is_active": false })).await.problem(409, "owner_takes_part");
        owner.delete(&member).await.problem(409, "owner_takes_part");
        owner.post(&format!("{path}/members"), json!({ "user_id": owner.user })).await.problem(409, "already_member");
        owner.delete(&format!("{path}/members/nobody")).await.problem(404, "not_found");
        assert_eq!(state(lobby).await, before);
    });
}

#[test]
fn a_members_entity_tag_is_their_own() {
    lobby(async |lobby| {
        let (owner, _, client, path) = stage(lobby).await;
        let member = format!("{path}/members/{}", client.user);
        owner.patch(&path, json!({ "name": "Another version" })).await.expect(200);
        let whom = json!({ "user_id": client.user });
        let added = owner.post(&format!("{path}/members"), whom).await.expect(201);
        let etag = added.header("etag").to_owned();
        assert_eq!(etag, "\"1\"");
        let off = super::patch_if(&owner, &member, &etag, &json!({ "is_active": false })).await.expect(200);
        let before = state(lobby).await;
        let late = super::patch_if(&owner, &member, &etag, &json!({ "is_active": true })).await;
        late.problem(412, "precondition_failed");
        let remove = |etag: &str| owner.send(owner.request(Method::DELETE, &member).header("If-Match", etag));
        remove(&etag).await.problem(412, "precondition_failed");
        assert_eq!(state(lobby).await, before);
        remove(off.header("etag")).await.expect(204);
        assert_eq!(
            owner.get(&path).await.expect(200).json["version"],
            2,
            "members don't count as changes of the project"
        );
    });
}

#[test]
fn members_are_listed_in_pages_with_their_names() {
    lobby(async |lobby| {
        let (owner, workspace, _, path) = stage(lobby).await;
        let id = path.rsplit('/').next().unwrap();
        let mut expected = vec![owner.user.clone()];
        for _ in 0..6 {
            let client = lobby.member(&owner, &workspace, "client").await;
            client.patch("/users/me", json!({ "first_name": "Mona" })).await.expect(200);
            include(&owner, id, &client.user).await;
            expected.push(client.user);
        }
        // Whoever was added in the same instant is told apart by id.
        lobby.database.execute("UPDATE project.members SET added_at = '2026-01-01T00:00:00Z' WHERE version = 1").await;
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = owner.get(&format!("{path}/members?limit=2{cursor}")).await.expect(200);
            seen.extend(page.each("user_id").into_iter().map(str::to_owned));
            assert!(page.items().iter().all(|item| item["is_owner"] == true || item["first_name"] == "Mona"));
            match page.json["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 7);
        seen.sort();
        expected.sort();
        assert_eq!(seen, expected);

        owner.patch(&format!("{path}/members/{}", seen[6]), json!({ "is_active": false })).await.expect(200);
        let on = owner.get(&format!("{path}/members?is_active=true")).await.expect(200);
        let off = owner.get(&format!("{path}/members?is_active=false")).await.expect(200);
        assert_eq!((on.items().len(), off.each("user_id")), (6, vec![seen[6].as_str()]));
        owner.get(&format!("{path}/members?workspace={workspace}")).await.faults(&["?workspace"]);
    });
}

#[test]
fn leaving_the_workspace_ends_every_part_in_its_projects() {
    lobby(async |lobby| {
        let (owner, workspace, client, path) = stage(lobby).await;
        let leaver = lobby.member(&owner, &workspace, "client").await;
        let second = format!("/projects/{}", project(&owner, &workspace, "Second").await);
        let (other, elsewhere) = lobby.workspace("lobby").await;
        let abroad = project(&other, &elsewhere, "Abroad").await;
        for person in [&client, &leaver] {
            for path in [&path, &second] {
                include(&owner, path.rsplit('/').next().unwrap(), &person.user).await;
            }
            other.bring(&elsewhere, person, "client").await;
            include(&other, &abroad, &person.user).await;
        }
        dismiss(&owner, &workspace, &client.user).await;
        leaver.delete(&format!("/workspaces/{workspace}/members/me")).await.expect(204);

        for person in [&client, &leaver] {
            let parts = format!("SELECT count(*) FROM project.members WHERE user_id = '{}'", person.user);
            until(lobby, &parts, 1).await;
            let told = format!(
                "SELECT count(*) FROM project.outbox WHERE action = 'project.member_removed' \
                 AND workspace_id = '{workspace}' AND changes = '{{\"user_id\": \"{}\"}}'",
                person.user
            );
            until(lobby, &told, 2).await;
            person.get(&format!("/projects/{abroad}")).await.expect(200);

            // Who comes back begins anew.
            owner.bring(&workspace, person, "client").await;
            person.get(&path).await.problem(404, "not_found");
        }
        assert_eq!(owner.get(&format!("{path}/members")).await.expect(200).each("user_id"), [owner.user.as_str()]);
    });
}
