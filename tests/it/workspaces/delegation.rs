//! Nobody gives or takes what they don't hold, whichever way they try.

use reqwest::Method;
use serde_json::{Value, json};

use super::{STATE, accounts, make_role, membership, role_id};
use crate::harness::{Client, Lobby, lobby};

/// A workspace with someone who manages members and roles, and little else.
struct Team {
    owner: Client,
    workspace: String,
    manager: Client,
}

/// What the manager holds.
fn managing() -> Value {
    json!({
        "can_view_workspace": true, "can_view_members": true, "can_manage_members": true,
        "can_view_roles": true, "can_manage_roles": true, "can_view_projects": "own", "max_projects": 2,
    })
}

impl Team {
    async fn of(lobby: &Lobby) -> Self {
        let (owner, workspace) = lobby.workspace("lobby").await;
        make_role(&owner, &workspace, "manager", managing()).await;
        let manager = lobby.member(&owner, &workspace, "manager").await;
        Self { owner, workspace, manager }
    }

    fn path(&self, rest: &str) -> String {
        format!("/workspaces/{}{rest}", self.workspace)
    }

    /// The manager tries, is refused with what is missing, and nothing changed.
    async fn refused(&self, lobby: &Lobby, method: Method, path: &str, body: Value, missing: Value) {
        let before = lobby.database.number(STATE).await;
        let body = if body.is_null() { None } else { Some(&body) };
        let refused = self.manager.call(method, path, body).await;
        let asked = refused.asked.clone();
        let refused = refused.problem(403, "beyond_your_own");
        if missing.is_string() {
            let keys: Vec<&Value> = refused.json["missing"].as_array().unwrap().iter().map(|it| &it["key"]).collect();
            assert!(keys.contains(&&missing), "{asked}: {missing} is not among {keys:?}");
        } else {
            assert_eq!(refused.json["missing"], missing, "{asked}");
        }
        assert_eq!(lobby.database.number(STATE).await, before, "{asked} changed something");
    }
}

#[test]
fn a_manager_makes_no_role_that_is_wider_than_their_own() {
    lobby(async |lobby| {
        let team = Team::of(lobby).await;
        let path = team.path("/roles");
        let edits = json!({ "key": "can_edit_workspace", "held": "none", "needed": "any" });
        let sees = json!({ "key": "can_view_projects", "held": "own", "needed": "assigned" });
        let unbounded = json!({ "key": "max_projects", "held": 2, "needed": null });
        let more = json!({ "key": "max_projects", "held": 2, "needed": 3 });
        let wildcard = json!("*");
        let cases = [
            (json!({ "can_edit_workspace": true, "max_projects": 2 }), json!([edits])),
            (json!({ "can_view_projects": "assigned", "max_projects": 2 }), json!([sees])),
            (json!({ "can_view_roles": true }), json!([unbounded])),
            (json!({ "can_view_roles": true, "max_projects": 3 }), json!([more])),
            (json!({ "can_edit_workspace": true, "can_view_projects": "assigned" }), json!([edits, sees, unbounded])),
            (json!({ "*": true }), wildcard.clone()),
            (json!({ "*": true, "can_edit_workspace": false, "max_projects": 2 }), wildcard),
        ];
        for (permissions, missing) in cases {
            let body = json!({ "name": "x", "permissions": permissions });
            team.refused(lobby, Method::POST, &path, body, missing.clone()).await;
            let body = json!({ "workspace": team.workspace, "name": "x", "permissions": permissions });
            team.refused(lobby, Method::POST, "/roles", body, missing).await;
        }
        let promoting = json!({ "name": "x", "permissions": { "max_projects": 1 }, "promotes_to": "user" });
        team.refused(lobby, Method::POST, &path, promoting, json!("can_view_profiles")).await;
    });
}

#[test]
fn a_manager_gives_nobody_a_role_that_is_wider_than_their_own() {
    lobby(async |lobby| {
        let team = Team::of(lobby).await;
        let helper = make_role(&team.owner, &team.workspace, "helper", json!({ "max_projects": 1 })).await;
        let member = lobby.member(&team.owner, &team.workspace, "helper").await;
        let newcomer = accounts(&lobby.database, 1).await.remove(0);
        for (role, missing) in [("admin", "*"), ("user", "can_view_projects"), ("client", "can_view_projects")] {
            let added = json!({ "user_id": newcomer, "role": role });
            team.refused(lobby, Method::POST, &team.path("/members"), added, json!(missing)).await;
            for person in [&member, &team.manager] {
                let path = format!("{}/role", membership(&team.workspace, person));
                team.refused(lobby, Method::PUT, &path, json!({ "role": role }), json!(missing)).await;
            }
            // To delete a role and pass its holders on is to assign.
            let path = format!("/roles/{helper}?reassign_to={role}");
            team.refused(lobby, Method::DELETE, &path, Value::Null, json!(missing)).await;
        }
    });
}

#[test]
fn a_manager_widens_no_role_least_of_all_their_own() {
    lobby(async |lobby| {
        let team = Team::of(lobby).await;
        let own = role_id(&team.owner, &team.workspace, "manager").await;
        let helper = make_role(&team.owner, &team.workspace, "helper", json!({ "max_projects": 1 })).await;
        for role in [&own, &helper] {
            let path = format!("/roles/{role}");
            let wider = json!({ "permissions": { "can_edit_workspace": true } });
            team.refused(lobby, Method::PATCH, &path, wider, json!("can_edit_workspace")).await;
            team.refused(lobby, Method::PATCH, &path, json!({ "permissions": { "*": true } }), json!("*")).await;
            let unbounded = json!({ "permissions": { "max_projects": null } });
            team.refused(lobby, Method::PATCH, &path, unbounded, json!("max_projects")).await;
            let mut permissions = managing();
            permissions["can_edit_workspace"] = json!(true);
            let body = json!({ "name": "manager2", "permissions": permissions });
            team.refused(lobby, Method::PUT, &path, body, json!("can_edit_workspace")).await;
        }
    });
}

#[test]
fn a_manager_changes_and_deletes_no_role_that_is_wider_than_their_own() {
    lobby(async |lobby| {
        let team = Team::of(lobby).await;
        for (role, missing) in [("admin", "*"), ("user", "can_view_profiles"), ("client", "can_edit_profiles")] {
            let path = format!("/roles/{}", role_id(&team.owner, &team.workspace, role).await);
            // Also not to narrow it.
            let narrower = json!({ "permissions": { "can_view_workspace": null } });
            team.refused(lobby, Method::PATCH, &path, narrower, json!(missing)).await;
            team.refused(lobby, Method::PATCH, &path, json!({ "title": "Mine" }), json!(missing)).await;
            let body = json!({ "name": role, "permissions": { "max_projects": 1 } });
            team.refused(lobby, Method::PUT, &path, body, json!(missing)).await;
            team.refused(lobby, Method::DELETE, &path, Value::Null, json!(missing)).await;
        }
    });
}

#[test]
fn a_manager_touches_nobody_who_holds_more() {
    lobby(async |lobby| {
        let team = Team::of(lobby).await;
        make_role(&team.owner, &team.workspace, "helper", json!({ "max_projects": 1 })).await;
        let administrator = lobby.member(&team.owner, &team.workspace, "admin").await;
        let suspended = lobby.member(&team.owner, &team.workspace, "admin").await;
        team.owner.act(&format!("{}/deactivate", membership(&team.workspace, &suspended))).await.expect(200);
        for person in [&administrator, &team.owner, &suspended] {
            let path = membership(&team.workspace, person);
            let all = json!("*");
            team.refused(lobby, Method::DELETE, &path, Value::Null, all.clone()).await;
            team.refused(lobby, Method::PUT, &format!("{path}/role"), json!({ "role": "helper" }), all.clone()).await;
            team.refused(lobby, Method::PATCH, &path, json!({ "status": "suspended" }), all.clone()).await;
            team.refused(lobby, Method::PATCH, &path, json!({ "status": "active" }), all.clone()).await;
            team.refused(lobby, Method::PATCH, &path, json!({ "hour_rate": 1 }), all.clone()).await;
            team.refused(lobby, Method::POST, &format!("{path}/deactivate"), Value::Null, all.clone()).await;
            team.refused(lobby, Method::POST, &format!("{path}/activate"), Value::Null, all).await;
        }
    });
}

#[test]
fn within_their_own_a_manager_manages() {
    lobby(async |lobby| {
        let team = Team::of(lobby).await;
        let narrower = json!({ "can_view_workspace": true, "can_view_projects": "own", "max_projects": 2 });
        let helper = make_role(&team.manager, &team.workspace, "helper", narrower).await;
        make_role(&team.manager, &team.workspace, "other", json!({ "max_projects": 0 })).await;
        let [member, peer] = [lobby.person().await, lobby.person().await];
        for (person, role) in [(&member, "helper"), (&peer, "manager")] {
            let body = json!({ "user_id": person.user, "role": role });
            team.manager.post(&team.path("/members"), body).await.expect(201);
            let waiting = person.get("/users/me/invitations").await.expect(200).items()[0]["id"].clone();
            person.act(&format!("/users/me/invitations/{}/accept", waiting.as_str().unwrap())).await.expect(201);
        }
        let path = membership(&team.workspace, &member);
        let change = json!({ "permissions": { "can_view_members": true } });
        team.manager.patch(&format!("/roles/{helper}"), change).await.expect(200);
        member.get(&team.path("/members")).await.expect(200);
        team.manager.patch(&path, json!({ "hour_rate": 100, "status": "suspended" })).await.expect(200);
        team.manager.act(&format!("{path}/activate")).await.expect(200);
        team.manager.put(&format!("{path}/role"), json!({ "role": "other" })).await.expect(200);
        team.manager.delete(&format!("/roles/{helper}")).await.expect(204);
        team.manager.delete(&path).await.expect(204);
        team.manager.delete(&membership(&team.workspace, &peer)).await.expect(204);
    });
}

#[test]
fn whoever_edits_the_settings_hands_out_no_role_by_them() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let path = format!("/workspaces/{workspace}");
        let editing = json!({ "can_view_workspace": true, "can_edit_workspace": true });
        make_role(&owner, &workspace, "editor", editing).await;
        make_role(&owner, &workspace, "guest", json!({ "can_view_workspace": true })).await;
        let editor = lobby.member(&owner, &workspace, "editor").await;
        owner.patch(&path, json!({ "default_role": "guest" })).await.expect(200);
        let before = lobby.database.number(STATE).await;
        // The default role is what everybody gets who joins.
        editor.patch(&path, json!({ "default_role": "user" })).await.problem(403, "beyond_your_own");
        assert_eq!(lobby.database.number(STATE).await, before);
        editor.patch(&path, json!({ "registration": "open", "description": "Come in" })).await.expect(200);
        editor.patch(&path, json!({ "registration": "invite" })).await.expect(200);

        // So to open the doors is to hand it out, and whatever else people may choose.
        owner.patch(&path, json!({ "default_role": "user" })).await.expect(200);
        let before = lobby.database.number(STATE).await;
        let open = json!({ "registration": "open" });
        editor.patch(&path, open.clone()).await.problem(403, "beyond_your_own");
        editor.put(&path, json!({ "name": "Mine", "registration": "open" })).await.problem(403, "beyond_your_own");
        assert_eq!(lobby.database.number(STATE).await, before);
        owner.patch(&path, json!({ "default_role": "guest" })).await.expect(200);
        let user = role_id(&owner, &workspace, "user").await;
        owner.patch(&format!("/roles/{user}"), json!({ "self_assignable": true })).await.expect(200);
        editor.patch(&path, open).await.problem(403, "beyond_your_own");
    });
}

#[test]
fn the_owners_role_is_handed_out_and_taken_only_by_who_holds_everything() {
    lobby(async |lobby| {
        // The owner's role lacks something here, but hands out everything: its holders are where authority comes from.
        let (owner, workspace) = lobby.workspace("crafo").await;
        let roles = format!("/workspaces/{workspace}/roles");
        make_role(&owner, &workspace, "deputy", json!({ "*": true, "can_like_images": false })).await;
        make_role(&owner, &workspace, "full", json!({ "*": true })).await;
        let deputy = lobby.member(&owner, &workspace, "deputy").await;
        let full = lobby.member(&owner, &workspace, "full").await;
        let ally = lobby.member(&owner, &workspace, "assistant").await;
        let second = lobby.member(&owner, &workspace, "admin").await;
        let ally_role = format!("{}/role", membership(&workspace, &ally));
        let admin = role_id(&owner, &workspace, "admin").await;
        let newcomer = accounts(&lobby.database, 1).await.remove(0);

        let before = lobby.database.number(STATE).await;
        let attempts = [
            (Method::PUT, ally_role.clone(), json!({ "role": "admin" })),
            (Method::POST, format!("/workspaces/{workspace}/members"), json!({ "user_id": newcomer, "role": "admin" })),
            (
                Method::POST,
                "/users".into(),
                json!({ "workspace": workspace, "email": "a@example.org", "role": "admin" }),
            ),
            (Method::PATCH, format!("/roles/{admin}"), json!({ "title": "Mine" })),
            (Method::PUT, format!("{}/role", membership(&workspace, &second)), json!({ "role": "deputy" })),
        ];
        for (method, path, body) in attempts {
            let refused = deputy.call(method, &path, Some(&body)).await.problem(403, "beyond_your_own");
            let missing = json!([{ "key": "can_like_images", "held": "none", "needed": "any" }]);
            assert_eq!(refused.json["missing"], missing, "{}", refused.asked);
        }
        assert_eq!(lobby.database.number(STATE).await, before);

        // Otherwise a deputy's ally could hand the deputy what both lack.
        let wide = json!({ "name": "wide", "permissions": { "*": true } });
        deputy.post(&roles, wide.clone()).await.problem(403, "beyond_your_own");
        full.put(&ally_role, json!({ "role": "admin" })).await.expect(200);
        ally.post(&roles, wide).await.expect(201);
    });
}
