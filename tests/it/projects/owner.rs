//! Handing a project over.

use serde_json::json;

use super::{assign, create, include, project, role, state, suspend};
use crate::harness::lobby;

#[test]
fn the_new_owner_owns_and_the_former_one_takes_part_still() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let from = lobby.member(&owner, &workspace, "verified_developer").await;
        let to = lobby.member(&owner, &workspace, "verified_developer").await;
        let id = project(&from, &workspace, "Handed over").await;
        let path = format!("/projects/{id}");
        to.get(&path).await.problem(404, "not_found");

        let handed = from.put(&format!("{path}/owner"), json!({ "user_id": to.user })).await.expect(200);
        assert_eq!((handed.text("owner_id"), &handed.json["version"]), (to.user.clone(), &json!(2)));
        to.patch(&path, json!({ "name": "Mine now" })).await.expect(200);
        let refusal = from.patch(&path, json!({ "name": "Still mine" })).await.problem(403, "permission_denied");
        assert_eq!((&refusal.json["held"], &refusal.json["needed"]), (&json!("own"), &json!("assigned")));
        from.get(&path).await.expect(200);
        let members = to.get(&format!("{path}/members")).await.expect(200);
        for member in members.items() {
            assert_eq!(member["is_owner"] == true, member["user_id"] == to.user.as_str());
        }
        assert_eq!(members.items().len(), 2);

        let before = state(lobby).await;
        let same = to.put(&format!("{path}/owner"), json!({ "user_id": to.user })).await.expect(200);
        assert_eq!(same.json["version"], 3);
        assert_eq!(state(lobby).await, before, "handing over to the owner changed something");
    });
}

#[test]
fn those_who_edit_because_they_take_part_cannot_take_the_project() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let editor = json!({ "can_view_projects": true, "can_edit_projects": "assigned" });
        role(&owner, &workspace, "editor", editor).await;
        let editor = lobby.member(&owner, &workspace, "editor").await;
        let id = project(&owner, &workspace, "Not yours").await;
        include(&owner, &id, &editor.user).await;
        let path = format!("/projects/{id}");
        editor.patch(&path, json!({ "name": "Edited" })).await.expect(200);
        let before = state(lobby).await;
        let take = json!({ "user_id": editor.user });
        let refusal = editor.put(&format!("{path}/owner"), take).await.problem(403, "permission_denied");
        assert_eq!((&refusal.json["held"], &refusal.json["needed"]), (&json!("assigned"), &json!("any")));
        assert_eq!(state(lobby).await, before);

        let own = create(&owner, &workspace, json!({ "name": "Own", "owner_id": editor.user })).await.id();
        let give = json!({ "user_id": owner.user });
        editor.put(&format!("/projects/{own}/owner"), give).await.expect(200);
    });
}

#[test]
fn a_project_is_handed_to_active_members_of_its_workspace_only() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (stranger, _) = lobby.workspace("lobby").await;
        let suspended = lobby.member(&owner, &workspace, "admin").await;
        suspend(&owner, &workspace, &suspended.user).await;
        let path = format!("/projects/{}/owner", project(&owner, &workspace, "Kept").await);
        let before = state(lobby).await;
        for outsider in [stranger.user, suspended.user, uuid::Uuid::now_v7().to_string()] {
            let refusal = owner.put(&path, json!({ "user_id": outsider })).await.faults(&["/user_id"]);
            assert_eq!(refusal.json["errors"][0]["code"], "not_a_member");
        }
        owner.put(&path, json!({})).await.faults(&["/user_id"]);
        assert_eq!(state(lobby).await, before);
    });
}

#[test]
fn the_limit_of_the_new_owner_does_not_refuse_what_they_are_given() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let developer = lobby.member(&owner, &workspace, "developer").await;
        project(&developer, &workspace, "Their one").await;
        let second = project(&owner, &workspace, "A gift").await;
        let gift = json!({ "user_id": developer.user });
        owner.put(&format!("/projects/{second}/owner"), gift).await.expect(200);
        assert_eq!(developer.get(&format!("/projects?owner={}", developer.user)).await.expect(200).items().len(), 2);
        // It is theirs, but their role edits nothing; a better role does, at once.
        let path = format!("/projects/{second}");
        let refusal = developer.patch(&path, json!({ "name": "Mine" })).await.problem(403, "permission_denied");
        assert_eq!((&refusal.json["held"], &refusal.json["needed"]), (&json!("none"), &json!("own")));
        assign(&owner, &workspace, &developer.user, "verified_developer").await;
        developer.patch(&path, json!({ "name": "Mine" })).await.expect(200);
    });
}

#[test]
fn a_switched_off_participant_who_becomes_the_owner_takes_part_again() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let client = lobby.member(&owner, &workspace, "client").await;
        let path = format!("/projects/{}", project(&owner, &workspace, "Back").await);
        let member = format!("{path}/members/{}", client.user);
        owner.post(&format!("{path}/members"), json!({ "user_id": client.user })).await.expect(201);
        owner.patch(&member, json!({ "is_active": false })).await.expect(200);
        owner.put(&format!("{path}/owner"), json!({ "user_id": client.user })).await.expect(200);
        let members = client.get(&format!("{path}/members?is_active=true")).await.expect(200);
        assert!(members.each("user_id").contains(&client.user.as_str()));
    });
}
