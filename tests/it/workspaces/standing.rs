//! What somebody holds follows every change at once, on the instance where it happens.

use serde_json::json;

use super::{STATE, eventually, make_role, membership, role_id};
use crate::harness::lobby;

#[test]
fn a_suspended_member_holds_nothing_on_the_next_request_and_gets_it_back() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let member = lobby.member(&owner, &workspace, "user").await;
        let body = json!({ "workspace": workspace, "name": "P", "is_public": true });
        let project = owner.post("/projects", body).await.expect(201).id();
        let place = membership(&workspace, &member);
        let paths = [
            format!("/workspaces/{workspace}"),
            format!("/workspaces/{workspace}/members"),
            format!("/workspaces/{workspace}/permissions"),
            format!("/roles?workspace={workspace}"),
            format!("/projects/{project}"),
            format!("/projects?workspace={workspace}"),
            format!("/images?workspace={workspace}"),
        ];
        for _ in 0..2 {
            for path in &paths {
                member.get(path).await.expect(200);
            }
            owner.act(&format!("{place}/deactivate")).await.expect(200);
            for path in &paths {
                member.get(path).await.problem(404, "not_found");
            }
            assert_eq!(member.get("/workspaces").await.expect(200).json["items"], json!([]));
            assert_eq!(member.get("/projects").await.expect(200).json["items"], json!([]));
            owner.patch(&place, json!({ "status": "active" })).await.expect(200);
        }
    });
}

#[test]
fn a_change_of_role_acts_on_the_very_next_request() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let member = lobby.member(&owner, &workspace, "client").await;
        let role = make_role(&owner, &workspace, "helper", json!({ "can_view_workspace": true })).await;
        let (list, place) = (format!("/workspaces/{workspace}/members"), membership(&workspace, &member));
        for _ in 0..5 {
            member.get(&list).await.problem(403, "permission_denied");
            owner.put(&format!("{place}/role"), json!({ "role": "user" })).await.expect(200);
            member.get(&list).await.expect(200);
            owner.put(&format!("{place}/role"), json!({ "role": "helper" })).await.expect(200);
            let denied = member.get(&list).await.problem(403, "permission_denied");
            assert_eq!((&denied.json["role"], &denied.json["held"]), (&json!("helper"), &json!("none")));
            let path = format!("/roles/{role}");
            owner.patch(&path, json!({ "permissions": { "can_view_members": true } })).await.expect(200);
            member.get(&list).await.expect(200);
            owner.patch(&path, json!({ "permissions": { "can_view_members": null } })).await.expect(200);
        }
        owner.delete(&place).await.expect(204);
        member.get(&format!("/workspaces/{workspace}")).await.problem(404, "not_found");
    });
}

#[test]
fn an_expired_membership_gives_nothing() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let member = lobby.member(&owner, &workspace, "admin").await;
        let path = format!("/workspaces/{workspace}");
        let sql = format!(
            "UPDATE workspace.members SET expires_at = now() + interval '5 minutes' WHERE user_id = '{}'",
            member.user
        );
        lobby.database.execute(&sql).await;
        let mine = format!("{path}/permissions");
        eventually("the end of the membership is told", async || {
            !member.get(&mine).await.expect(200).json["expires_at"].is_null()
        })
        .await;
        member.patch(&path, json!({ "description": "still here" })).await.expect(200);

        lobby.clock.advance(chrono::Duration::minutes(6));
        let before = lobby.database.number(STATE).await;
        member.get(&path).await.problem(404, "not_found");
        member.patch(&path, json!({ "description": "gone" })).await.problem(404, "not_found");
        member.get(&format!("/roles/{}", role_id(&owner, &workspace, "user").await)).await.problem(404, "not_found");
        assert_eq!(member.get("/workspaces").await.expect(200).json["items"], json!([]));
        assert_eq!(lobby.database.number(STATE).await, before);
        // Such an administrator is none that the workspace could be left to.
        let body = json!({ "user_id": member.user });
        owner.put(&format!("{path}/owner"), body).await.faults(&["/user_id"]);
    });
}
