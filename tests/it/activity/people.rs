//! What somebody did: told to themselves, and to others as far as their right reaches.

use serde_json::json;

use super::{actions, entries, project};
use crate::harness::{PASSWORD, lobby};

#[test]
fn people_see_what_they_did_everywhere_and_nothing_of_what_others_did() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (other, elsewhere) = lobby.workspace("lobby").await;
        lobby.seat(&workspace, &other.user, "admin").await;
        project(&owner, &workspace, "By the owner").await;
        let id = project(&other, &workspace, "By the other").await;
        project(&other, &elsewhere, "Elsewhere").await;
        other.patch(&format!("/projects/{id}"), json!({ "name": "New", "description": "Told" })).await.expect(200);
        other.patch("/users/me", json!({ "first_name": "Ada" })).await.expect(200);

        let path = format!("/users/{}/activity", other.user);
        let told = entries(lobby, &other, &path).await;
        let expected = [
            "accounts.user_updated",
            "project.updated",
            "project.created",
            "project.created",
            "workspace.member_added",
            "workspace.created",
            "accounts.signed_up",
        ];
        let shown: Vec<&str> = actions(&told).into_iter().filter(|action| *action != "accounts.signed_in").collect();
        assert_eq!(shown, expected);
        let updated = &told[1];
        assert_eq!(updated["fields"], json!(["description", "name"]));
        assert!(updated.get("changes").is_none() && updated.get("facts").is_none(), "{updated}");
        assert_eq!((&updated["workspace_id"], &updated["resource_id"]), (&json!(workspace), &json!(id)));

        // An administrator of one of the workspaces sees what was done there.
        let told = entries(lobby, &owner, &path).await;
        assert_eq!(actions(&told), ["project.updated", "project.created"]);
        assert!(told.iter().all(|entry| entry["workspace_id"] == workspace.as_str()));
        // To read one's own takes a session: a program that may do nothing else learns nothing of it.
        let made = other.post("/users/me/tokens", json!({ "name": "none", "permissions": {} })).await.expect(201);
        other.with_token(&made.text("token")).get(&path).await.problem(403, "token_not_allowed");
    });
}

#[test]
fn what_others_did_is_for_whoever_may_see_it_there() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let creator = lobby.member(&owner, &workspace, "creator").await;
        let assistant = lobby.member(&owner, &workspace, "assistant").await;
        let (stranger, _) = lobby.workspace("crafo").await;
        let path = format!("/users/{}/activity", assistant.user);
        assistant.get(&path).await.expect(200);
        owner.get(&path).await.expect(200);
        creator.get(&path).await.problem(404, "not_found");
        stranger.get(&path).await.problem(404, "not_found");
        owner.get(&format!("/users/{}/activity", uuid::Uuid::now_v7())).await.problem(404, "not_found");
        owner.get("/users/nobody/activity").await.problem(404, "not_found");

        // Whoever may look at people and not at what they do, is told so.
        let body =
            json!({ "name": "looker", "permissions": { "can_view_profiles": true, "can_view_activity": "own" } });
        owner.post(&format!("/workspaces/{workspace}/roles"), body).await.expect(201);
        let looker = lobby.member(&owner, &workspace, "looker").await;
        let refusal = looker.get(&path).await.problem(403, "permission_denied");
        assert_eq!((&refusal.json["permission"], &refusal.json["held"]), (&json!("can_view_activity"), &json!("own")));
    });
}

#[test]
fn of_an_erased_person_the_log_keeps_an_id_that_nothing_resolves() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let body =
            json!({ "workspace": workspace, "email": "erased@example.org", "password": PASSWORD, "role": "admin" });
        let id = owner.post("/users", body).await.expect(201).id();
        let person = owner.sign_in("erased@example.org", PASSWORD).await;
        person.patch("/users/me", json!({ "username": "remembrance", "first_name": "Remember" })).await.expect(200);
        project(&person, &workspace, "Left behind").await;
        owner.delete(&format!("/users/{id}")).await.expect(204);

        let told = entries(lobby, &owner, &format!("/workspaces/{workspace}/audit?actor={id}")).await;
        assert_eq!(actions(&told), ["project.created"]);
        let everything = "SELECT count(*) FROM activity.events e WHERE e::text ~* 'remembr|erased@|\"Remember\"'";
        assert_eq!(lobby.database.number(everything).await, 0);
        assert_eq!(lobby.database.number("SELECT count(*) FROM accounts.users WHERE email LIKE 'erased%'").await, 0);
        owner.get(&format!("/users/{id}/activity")).await.problem(404, "not_found");
        assert_eq!(lobby.services().verifier().verify(None, &[]).await.unwrap().faults, []);
    });
}
