//! Making, changing and deleting roles.

use reqwest::Method;
use serde_json::{Value, json};

use super::{STATE, events, make_role, membership, role_id};
use crate::harness::lobby;

#[test]
fn a_role_is_made_below_the_workspace_or_beside_it() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let body =
            json!({ "name": "a", "title": "A", "permissions": { "can_view_roles": true }, "directory": "staff" });
        let made = owner.post(&format!("/workspaces/{workspace}/roles"), body).await.expect(201);
        let path = format!("/roles/{}", made.id());
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        assert_eq!(made.header("etag"), "\"1\"");
        assert_eq!(owner.get(&path).await.expect(200).json, made.json);
        assert_eq!((&made.json["is_default"], &made.json["is_administrator"]), (&json!(false), &json!(false)));

        // Who belongs to one workspace only needn't name it.
        let made = owner.post("/roles", json!({ "name": "b", "permissions": {} })).await.expect(201);
        assert_eq!((&made.json["workspace_id"], &made.json["title"]), (&json!(workspace), &json!("b")));
        owner
            .post("/roles", json!({ "workspace": workspace, "name": "b", "permissions": {} }))
            .await
            .problem(409, "role_name_taken");
        let other = owner.post("/workspaces", json!({ "name": "Other" })).await.expect(201);
        let refused = owner.post("/roles", json!({ "name": "c", "permissions": {} })).await.faults(&["/workspace"]);
        assert_eq!(refused.json["errors"][0]["code"], "workspace_required");
        let slug = other.text("slug");
        let made = owner.post("/roles", json!({ "workspace": slug, "name": "b", "permissions": {} })).await.expect(201);
        assert_eq!(made.json["workspace_id"], other.json["id"], "a name is unique in its workspace only");
        assert_eq!(events(lobby, "role_created").await, 3);
    });
}

#[test]
fn names_are_words_and_unknown_fields_are_refused() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let path = format!("/workspaces/{workspace}/roles");
        let before = lobby.database.number(STATE).await;
        for name in ["", "Admin", "1st", "a b", "ä", &"a".repeat(64)] {
            owner.post(&path, json!({ "name": name, "permissions": {} })).await.faults(&["/name"]);
        }
        owner.post(&path, json!({ "name": "a", "permissions": {}, "admin": true })).await.faults(&["/admin"]);
        assert_eq!(lobby.database.number(STATE).await, before);
    });
}

#[test]
fn put_replaces_and_patch_merges() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let permissions = json!({ "can_view_roles": true, "can_view_projects": "own", "max_projects": 2 });
        let body =
            json!({ "name": "a", "title": "A", "description": "d", "permissions": permissions, "directory": "x" });
        let role = owner.post(&format!("/workspaces/{workspace}/roles"), body).await.expect(201).id();
        let path = format!("/roles/{role}");

        let change = json!({ "title": "B", "directory": null, "permissions": { "can_view_roles": null, "can_view_projects": true } });
        let patched = owner.patch(&path, change).await.expect(200);
        assert_eq!(patched.json["permissions"], json!({ "can_view_projects": true, "max_projects": 2 }));
        assert_eq!((&patched.json["title"], &patched.json["description"]), (&json!("B"), &json!("d")));
        assert_eq!((&patched.json["directory"], &patched.json["version"]), (&Value::Null, &json!(2)));
        assert_eq!(patched.header("etag"), "\"2\"");

        let again = owner.patch(&path, json!({ "title": "B" })).await.expect(200);
        assert_eq!(again.json["version"], 2, "no change, no version");
        let put = owner.put(&path, json!({ "name": "c", "permissions": { "can_view_roles": true } })).await.expect(200);
        assert_eq!(put.json["permissions"], json!({ "can_view_roles": true }));
        assert_eq!((&put.json["title"], &put.json["description"]), (&json!("c"), &json!("")));
        assert_eq!(events(lobby, "role_updated").await, 2);
        let kept = "SELECT count(*) FROM workspace.role_versions WHERE title IN ('A', 'B')";
        assert_eq!(lobby.database.number(kept).await, 2, "former versions are kept");
        owner.patch(&path, json!({ "name": "client" })).await.problem(409, "role_name_taken");
    });
}

#[test]
fn a_role_that_was_changed_meanwhile_is_not_overwritten() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let path = format!("/roles/{}", make_role(&owner, &workspace, "a", json!({})).await);
        owner.patch(&path, json!({ "title": "B" })).await.expect(200);
        let before = lobby.database.number(STATE).await;
        let body = json!({ "name": "a", "permissions": {} });
        for (method, body) in [(Method::PUT, Some(&body)), (Method::PATCH, Some(&json!({}))), (Method::DELETE, None)] {
            let request = owner.request(method, &path).header("If-Match", "\"1\"");
            let request = match body {
                Some(body) => request.json(body),
                None => request,
            };
            owner.send(request).await.problem(412, "precondition_failed");
        }
        assert_eq!(lobby.database.number(STATE).await, before);
        owner.send(owner.request(Method::GET, &path).header("If-None-Match", "\"2\"")).await.expect(304);
        owner.send(owner.request(Method::DELETE, &path).header("If-Match", "\"2\"")).await.expect(204);
    });
}

#[test]
fn a_role_that_is_held_goes_only_when_its_holders_get_another() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (one, two) =
            (lobby.member(&owner, &workspace, "client").await, lobby.member(&owner, &workspace, "client").await);
        owner.act(&format!("{}/deactivate", membership(&workspace, &two))).await.expect(200);
        let path = format!("/roles/{}", role_id(&owner, &workspace, "client").await);
        let before = lobby.database.number(STATE).await;
        let refused = owner.delete(&path).await.problem(409, "role_in_use");
        assert_eq!((&refused.json["members"], &refused.json["is_default"]), (&json!(2), &json!(false)));
        let unknown = owner.delete(&format!("{path}?reassign_to=nobody")).await.faults(&["?reassign_to"]);
        assert_eq!(unknown.json["available"], json!(["admin", "user"]));
        owner.delete(&format!("{path}?reassign_to=client")).await.faults(&["?reassign_to"]);
        owner.delete(&format!("{path}?give_to=user")).await.expect(422);
        let elsewhere = lobby.workspace("lobby").await;
        let foreign = role_id(&elsewhere.0, &elsewhere.1, "user").await;
        owner.delete(&format!("{path}?reassign_to={foreign}")).await.faults(&["?reassign_to"]);
        let after = lobby.database.number(&STATE.replace("count(*) FROM workspace.outbox", "0")).await;
        assert_ne!(before, after, "the other workspace is new");

        owner.delete(&format!("{path}?reassign_to=user")).await.expect(204);
        owner.get(&path).await.problem(404, "not_found");
        for (person, status) in [(&one, "active"), (&two, "suspended")] {
            let member = owner.get(&membership(&workspace, person)).await.expect(200);
            assert_eq!((&member.json["role"], &member.json["status"]), (&json!("user"), &json!(status)));
        }
        one.get(&format!("/workspaces/{workspace}/members")).await.expect(200);
        assert_eq!(events(lobby, "member_role_changed").await, 2);
        assert_eq!(events(lobby, "role_deleted").await, 1);
    });
}

#[test]
fn the_role_of_those_who_join_goes_only_when_they_get_another() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("gallery").await;
        let default = role_id(&owner, &workspace, "company_user").await;
        let refused = owner.delete(&format!("/roles/{default}")).await.problem(409, "role_in_use");
        assert_eq!((&refused.json["members"], &refused.json["is_default"]), (&json!(0), &json!(true)));
        let to_admin = owner.delete(&format!("/roles/{default}?reassign_to=admin")).await.faults(&["?reassign_to"]);
        assert_eq!(to_admin.json["errors"][0]["code"], "unattended_authority");
        let heir = role_id(&owner, &workspace, "beta_player").await;
        owner.delete(&format!("/roles/{default}?reassign_to={heir}")).await.expect(204);
        let workspace_now = owner.get(&format!("/workspaces/{workspace}")).await.expect(200);
        assert_eq!(workspace_now.json["default_role"], "beta_player");
    });
}

#[test]
fn a_promotion_ends_with_the_role_it_leads_to_and_the_owners_role_never_does() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let verified = role_id(&owner, &workspace, "verified_developer").await;
        owner.delete(&format!("/roles/{verified}")).await.expect(204);
        let developer = format!("/roles/{}", role_id(&owner, &workspace, "developer").await);
        assert_eq!(owner.get(&developer).await.expect(200).json["promotes_to"], Value::Null);
        let admin = role_id(&owner, &workspace, "admin").await;
        let before = lobby.database.number(STATE).await;
        owner.delete(&format!("/roles/{admin}")).await.problem(409, "owner_role");
        owner.delete(&format!("/roles/{admin}?reassign_to=customer")).await.problem(409, "owner_role");
        assert_eq!(lobby.database.number(STATE).await, before);
    });
}

#[test]
fn a_role_is_not_deleted_under_a_member_who_gets_it_at_the_same_time() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let member = lobby.member(&owner, &workspace, "user").await;
        for round in 0..10 {
            let role = make_role(&owner, &workspace, &format!("r{round}"), json!({})).await;
            let path = format!("{}/role", membership(&workspace, &member));
            let gone = format!("/roles/{role}");
            let (given, deleted) =
                tokio::join!(owner.put(&path, json!({ "role": format!("r{round}") })), owner.delete(&gone));
            match (given.status.as_u16(), deleted.status.as_u16()) {
                (200, 409) => drop(deleted.problem(409, "role_in_use")),
                (422, 204) => drop(given.faults(&["/role"])),
                other => panic!("both happened, or neither: {other:?}"),
            }
        }
    });
}
