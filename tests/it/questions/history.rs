//! The versions of a role, and bringing one back.

use serde_json::json;

use super::role;
use crate::harness::lobby;

#[test]
fn every_version_is_kept_with_who_made_it_and_can_be_brought_back() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let admin = lobby.member(&owner, &workspace, "admin").await;
        let id = role(&owner, &workspace, "maker", json!({ "can_create_projects": true })).await;
        let path = format!("/roles/{id}");
        admin.patch(&path, json!({ "permissions": { "can_view_projects": true }, "title": "Maker" })).await.expect(200);
        owner
            .patch(&path, json!({ "permissions": { "can_create_projects": null }, "promotes_to": "user" }))
            .await
            .expect(200);

        let history = owner.get(&format!("{path}/history")).await.expect(200);
        let told: Vec<_> = history
            .items()
            .iter()
            .map(|row| (&row["version"], &row["permissions"], &row["created_by"], &row["is_current"]))
            .collect();
        let (by_owner, by_admin) = (json!(owner.user), json!(admin.user));
        let documents = [
            json!({ "can_view_projects": true }),
            json!({ "can_create_projects": true, "can_view_projects": true }),
            json!({ "can_create_projects": true }),
        ];
        assert_eq!(
            told,
            [
                (&json!(3), &documents[0], &by_owner, &json!(true)),
                (&json!(2), &documents[1], &by_admin, &json!(false)),
                (&json!(1), &documents[2], &by_owner, &json!(false)),
            ]
        );
        assert_eq!(history.items()[0]["promotes_to"], "user");
        let page = owner.get(&format!("{path}/history?limit=1")).await.expect(200);
        let next = page.text("next");
        assert_eq!(
            owner.get(&format!("{path}/history?limit=2&cursor={next}")).await.expect(200).items(),
            &history.items()[1..]
        );

        let restored = admin.post(&format!("{path}/restore"), json!({ "version": 1 })).await.expect(200);
        assert_eq!((&restored.json["version"], &restored.json["title"]), (&json!(4), &json!("maker")));
        assert_eq!((&restored.json["permissions"], &restored.json["promotes_to"]), (&documents[2], &json!(null)));
        let sql = format!(
            "SELECT count(*) FROM workspace.outbox WHERE action = 'workspace.role_updated' \
            AND resource_id = '{id}' AND changes->'restored_version' = '1'"
        );
        assert_eq!(lobby.database.number(&sql).await, 1);
        // What it is already makes no version.
        let again = admin.post(&format!("{path}/restore"), json!({ "version": 4 })).await.expect(200);
        assert_eq!(again.json["version"], 4);
        admin.post(&format!("{path}/restore"), json!({ "version": 9 })).await.faults(&["/version"]);
        admin.post(&format!("{path}/restore"), json!({ "version": 0 })).await.faults(&["/version"]);
    });
}

#[test]
fn a_version_comes_back_only_by_the_rules_that_hold_now() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let id = role(&owner, &workspace, "maker", json!({ "*": true })).await;
        let path = format!("/roles/{id}");
        let body = json!({ "name": "maker", "permissions": { "can_view_roles": true } });
        owner.put(&path, body).await.expect(200);
        let grants = json!({ "can_manage_roles": true, "can_view_roles": true, "can_view_members": true });
        role(&owner, &workspace, "keeper", grants).await;
        let keeper = lobby.member(&owner, &workspace, "keeper").await;
        keeper.get(&format!("{path}/history")).await.expect(200);
        keeper.post(&format!("{path}/restore"), json!({ "version": 1 })).await.problem(403, "beyond_your_own");

        let gone = role(&owner, &workspace, "gone", json!({})).await;
        owner.patch(&path, json!({ "promotes_to": "gone" })).await.expect(200);
        owner.delete(&format!("/roles/{gone}")).await.expect(204);
        owner.post(&format!("{path}/restore"), json!({ "version": 3 })).await.problem(409, "promotion_gone");

        // Another role took its name meanwhile.
        owner.patch(&path, json!({ "name": "other" })).await.expect(200);
        role(&owner, &workspace, "maker", json!({})).await;
        owner.post(&format!("{path}/restore"), json!({ "version": 2 })).await.problem(409, "role_name_taken");
    });
}

#[test]
fn a_role_s_history_is_its_workspace_s() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let id = role(&owner, &workspace, "maker", json!({})).await;
        let (stranger, _) = lobby.workspace("lobby").await;
        let client = lobby.member(&owner, &workspace, "client").await;
        let user = lobby.member(&owner, &workspace, "user").await;
        for who in [&stranger, &client] {
            who.get(&format!("/roles/{id}/history")).await.problem(404, "not_found");
            who.post(&format!("/roles/{id}/restore"), json!({ "version": 1 })).await.problem(404, "not_found");
        }
        user.get(&format!("/roles/{id}/history")).await.expect(200);
        let body = json!({ "version": 1 });
        user.post(&format!("/roles/{id}/restore"), body).await.problem(403, "permission_denied");
    });
}

#[test]
fn restoring_twice_with_one_key_makes_one_version() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let id = role(&owner, &workspace, "maker", json!({ "can_view_roles": true })).await;
        owner.patch(&format!("/roles/{id}"), json!({ "permissions": { "can_view_members": true } })).await.expect(200);
        let (path, body) = (format!("/roles/{id}/restore"), json!({ "version": 1 }));
        let first = owner.post_once(&path, "restore-1", &body).await.expect(200);
        let second = owner.post_once(&path, "restore-1", &body).await.expect(200);
        assert_eq!(first.json, second.json);
        assert_eq!(owner.get(&format!("/roles/{id}")).await.expect(200).json["version"], 3);
    });
}
