//! `POST /roles/{id}/simulate`: what it foretells is what happens, and nothing happens by it.

use serde_json::{Value, json};

use super::{project, role};
use crate::harness::{Client, lobby};

async fn simulate(by: &Client, role: &str, permissions: Value) -> Value {
    by.post(&format!("/roles/{role}/simulate"), json!({ "permissions": permissions })).await.expect(200).json
}

#[test]
fn gains_losses_and_resources_are_foretold_and_nothing_changes() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let grants =
            json!({ "can_view_projects": "assigned", "can_create_projects": true, "can_edit_projects": "own" });
        let maker = role(&owner, &workspace, "maker", grants.clone()).await;
        let (one, two) =
            (lobby.member(&owner, &workspace, "maker").await, lobby.member(&owner, &workspace, "maker").await);
        let gone = lobby.member(&owner, &workspace, "maker").await;
        owner.act(&format!("/workspaces/{workspace}/members/{}/deactivate", gone.user)).await.expect(200);
        // Of four projects each makes one; the first of the owner's has one of the two as a member.
        project(&one, &workspace, "One", true).await;
        project(&two, &workspace, "Two", true).await;
        let first = project(&owner, &workspace, "First", true).await;
        project(&owner, &workspace, "Second", true).await;
        owner.post(&format!("/projects/{first}/members"), json!({ "user_id": one.user })).await.expect(201);

        let before = lobby.database.number("SELECT count(*) FROM workspace.role_versions").await;
        let after = json!({ "can_view_projects": true, "can_edit_projects": "assigned", "can_view_members": true, "max_projects": 3 });
        let told = simulate(&owner, &maker, after.clone()).await;
        assert_eq!(told["members"], 2, "the suspended one holds nothing");
        let change = |key: &str| {
            let changes = told["changes"].as_array().unwrap();
            changes.iter().find(|change| change["permission"] == key).unwrap_or_else(|| panic!("{key}: {told}")).clone()
        };
        let expected = |key: &str, from: &str, to: &str, kind: Value, resources: Value| {
            let wanted = json!({ "permission": key, "from": from, "to": to, "kind": kind, "resources": resources });
            assert_eq!(change(key), wanted);
        };
        // Newly seen: by each the other's, by both the second; the first by the one who takes no part in it.
        expected("can_view_projects", "assigned", "any", json!("project"), json!(4));
        expected("can_edit_projects", "own", "assigned", json!("project"), json!(1));
        expected("can_create_projects", "any", "none", json!(null), json!(null));
        expected("can_view_members", "none", "any", json!("member"), json!(4));
        assert_eq!(told["changes"].as_array().unwrap().len(), 4);
        assert_eq!(told["limits"], json!([{ "limit": "max_projects", "from": null, "to": 3 }]));
        assert_eq!(told["resources"]["project"], 4);
        assert_eq!(told["refusal"], json!(null));
        let affected: Vec<_> =
            told["affected"].as_array().unwrap().iter().map(|one| one["user_id"].as_str().unwrap()).collect();
        assert_eq!(affected, [one.user.as_str(), &two.user]);
        for member in told["affected"].as_array().unwrap() {
            assert_eq!(member["gains"], json!(["can_view_members", "can_view_projects", "can_edit_projects"]));
            assert_eq!(member["losses"], json!(["can_create_projects"]));
        }

        assert_eq!(lobby.database.number("SELECT count(*) FROM workspace.role_versions").await, before);
        assert_eq!(owner.get(&format!("/roles/{maker}")).await.expect(200).json["permissions"], grants);
        let list = format!("/projects?workspace={workspace}");
        assert_eq!(two.get(&list).await.expect(200).items().len(), 1);
        owner.patch(&format!("/roles/{maker}"), json!({ "permissions": after })).await.expect(200);
        assert_eq!(two.get(&list).await.expect(200).items().len(), 4, "what was foretold has come");
    });
}

#[test]
fn a_change_touches_as_many_projects_as_a_count_one_by_one_finds() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let maker = role(&owner, &workspace, "maker", json!({ "can_create_projects": true })).await;
        let mut makers = Vec::new();
        for _ in 0..3 {
            makers.push(lobby.member(&owner, &workspace, "maker").await);
        }
        // Every mixture of an owner and of makers who take part, an owner among them included.
        for owning in makers.iter().chain([&owner]) {
            for part in 0..8 {
                let name = format!("{part} of {}", owning.user);
                let id = project(owning, &workspace, &name, part % 2 == 0).await;
                for (number, one) in makers.iter().enumerate().filter(|(number, _)| part >> number & 1 == 1) {
                    lobby
                        .database
                        .execute(&format!(
                            "INSERT INTO project.members (project_id, workspace_id, user_id, is_active, added_at, updated_at) \
                             VALUES ('{id}', '{workspace}', '{}', {}, now(), now()) \
                             ON CONFLICT (project_id, user_id) DO UPDATE SET is_active = excluded.is_active",
                            one.user,
                            number != 2 || part == 4
                        ))
                        .await;
                }
            }
        }
        let users = makers.iter().map(|one| format!("'{}'", one.user)).collect::<Vec<_>>().join(",");
        let count = async |own: bool, assigned: bool, other: bool| {
            let sql = format!(
                "SELECT count(*) FROM project.projects p WHERE p.workspace_id = '{workspace}' AND EXISTS ( \
                 SELECT 1 FROM unnest(ARRAY[{users}]::uuid[]) AS u (id) WHERE CASE WHEN p.owner_id = u.id THEN {own} \
                 WHEN EXISTS (SELECT 1 FROM project.members m WHERE m.project_id = p.id AND m.user_id = u.id \
                 AND m.is_active) THEN {assigned} ELSE {other} END)"
            );
            lobby.database.number(&sql).await
        };
        let scopes = [json!(false), json!("own"), json!("assigned"), json!(true)];
        for (from, narrow) in scopes.iter().enumerate() {
            let now = json!({ "can_create_projects": true, "can_edit_projects": narrow });
            owner.patch(&format!("/roles/{maker}"), json!({ "permissions": now })).await.expect(200);
            for (to, wide) in scopes.iter().enumerate().filter(|(to, _)| *to != from) {
                let told = simulate(&owner, &maker, json!({ "can_edit_projects": wide })).await;
                let change =
                    told["changes"].as_array().unwrap().iter().find(|one| one["permission"] == "can_edit_projects");
                let reached = |least: usize| (from >= least) != (to >= least);
                let expected = count(reached(1), reached(2), reached(3)).await;
                assert_eq!(change.unwrap()["resources"], expected, "{narrow} to {wide}");
            }
        }
    });
}

#[test]
fn what_would_be_refused_is_foretold() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let roles = owner.get(&format!("/workspaces/{workspace}/roles")).await.expect(200);
        let id = |name: &str| {
            roles.items().iter().find(|role| role["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
        };
        let (admin, user) = (id("admin"), id("user"));
        let told = simulate(&owner, &admin, json!({ "*": true, "can_manage_roles": false })).await;
        assert_eq!(told["refusal"]["code"], "last_administrator");
        assert_eq!((&told["was_administrator"], &told["is_administrator"]), (&json!(true), &json!(false)));

        role(
            &owner,
            &workspace,
            "keeper",
            json!({ "can_manage_roles": true, "can_view_roles": true, "can_view_members": true }),
        )
        .await;
        let keeper = lobby.member(&owner, &workspace, "keeper").await;
        let narrow = role(&owner, &workspace, "narrow", json!({ "can_view_members": true })).await;
        let told = simulate(&keeper, &narrow, json!({ "can_view_members": true, "can_edit_projects": true })).await;
        assert_eq!(told["refusal"]["code"], "beyond_your_own");
        let body = json!({ "permissions": { "can_edit_projects": true } });
        keeper.patch(&format!("/roles/{narrow}"), body).await.problem(403, "beyond_your_own");
        let told = simulate(&keeper, &narrow, json!({})).await;
        assert_eq!(told["refusal"], json!(null));

        let path = format!("/roles/{user}/simulate");
        owner.post(&path, json!({ "permissions": { "can_fly": true } })).await.faults(&["/permissions/can_fly"]);
        owner.post(&path, json!({})).await.faults(&["/permissions"]);
        lobby
            .member(&owner, &workspace, "user")
            .await
            .post(&path, json!({ "permissions": {} }))
            .await
            .problem(403, "permission_denied");
        lobby.person().await.post(&path, json!({ "permissions": {} })).await.problem(404, "not_found");
    });
}
