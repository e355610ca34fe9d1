//! A role or a membership that changes acts on the very next request.

use serde_json::json;

use super::{assign, dismiss, include, project, role};
use crate::harness::lobby;

#[test]
fn another_role_acts_on_the_next_request() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let person = lobby.member(&owner, &workspace, "client").await;
        let id = project(&owner, &workspace, "Watched").await;
        let path = format!("/projects/{id}");
        for round in 0..20 {
            person.get(&path).await.problem(404, "not_found");
            assert!(person.get("/projects").await.expect(200).items().is_empty());
            assign(&owner, &workspace, &person.user, "admin").await;
            person.patch(&path, json!({ "name": format!("Round {round}") })).await.expect(200);
            assert_eq!(person.get("/projects").await.expect(200).items().len(), 1);
            assign(&owner, &workspace, &person.user, "client").await;
        }
        person.patch(&path, json!({ "name": "Late" })).await.problem(404, "not_found");
    });
}

#[test]
fn an_edited_role_acts_on_the_next_request() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let permissions = |edit: serde_json::Value| json!({ "can_view_projects": true, "can_edit_projects": edit });
        let role = role(&owner, &workspace, "editor", permissions(json!(false))).await;
        let person = lobby.member(&owner, &workspace, "editor").await;
        let id = project(&owner, &workspace, "Edited").await;
        include(&owner, &id, &person.user).await;
        let path = format!("/projects/{id}");
        let mut version = 0;
        for (edit, held) in
            [("none", false), ("own", false), ("assigned", true), ("own", false), ("any", true), ("none", false)]
        {
            let grant = match edit {
                "none" => json!(false),
                "any" => json!(true),
                narrower => json!(narrower),
            };
            owner.patch(&format!("/roles/{role}"), json!({ "permissions": permissions(grant) })).await.expect(200);
            version += 1;
            let answer = person.patch(&path, json!({ "name": format!("Version {version}") })).await;
            if held {
                answer.expect(200);
            } else {
                let refusal = answer.problem(403, "permission_denied");
                assert_eq!((&refusal.json["held"], &refusal.json["needed"]), (&json!(edit), &json!("assigned")));
            }
        }
    });
}

#[test]
fn an_ended_membership_acts_on_the_next_request() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let person = lobby.member(&owner, &workspace, "admin").await;
        let path = format!("/projects/{}", project(&owner, &workspace, "Left").await);
        for _ in 0..10 {
            person.get(&path).await.expect(200);
            dismiss(&owner, &workspace, &person.user).await;
            person.get(&path).await.problem(404, "not_found");
            lobby.seat(&workspace, &person.user, "admin").await;
        }
    });
}
