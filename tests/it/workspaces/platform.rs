//! Administrators of the platform: they reach every workspace, and every act says by what right.

use kernel::ids::UserId;
use serde_json::{Value, json};

use super::{STATE, accounts, membership, role_id};
use crate::harness::{Client, Lobby, lobby};

async fn administrator(lobby: &Lobby) -> Client {
    let person = lobby.person().await;
    let id = UserId(person.user.parse().unwrap());
    lobby.services().provision().ensure_platform_admin(id).await.unwrap();
    person
}

#[test]
fn a_platform_administrator_reaches_every_workspace_and_each_act_says_so() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let platform = administrator(lobby).await;
        let path = format!("/workspaces/{workspace}");
        let slug = owner.get(&path).await.expect(200).text("slug");
        assert_eq!(platform.get(&format!("/workspaces/{slug}")).await.expect(200).json["my_role"], Value::Null);
        let mine = platform.get(&format!("{path}/permissions")).await.expect(200);
        assert_eq!((&mine.json["role"], &mine.json["platform_role"]), (&Value::Null, &json!("platform_admin")));
        assert_eq!(mine.json["grants"]["can_manage_members"]["source"]["role"], "platform_admin");
        assert_eq!(platform.get("/workspaces").await.expect(200).json["items"], json!([]), "it belongs to none");
        assert_eq!(platform.get("/roles").await.expect(200).items().len(), 3, "but sees the roles of all");
        platform.get(&format!("{path}/members")).await.expect(200);

        let member = accounts(&lobby.database, 1).await.remove(0);
        platform.patch(&path, json!({ "description": "seen" })).await.expect(200);
        platform.post(&format!("{path}/members"), json!({ "user_id": member, "role": "admin" })).await.expect(201);
        lobby.seat(&workspace, &member, "admin").await;
        let place = format!("{path}/members/{member}");
        platform.put(&format!("{place}/role"), json!({ "role": "user" })).await.expect(200);
        platform.act(&format!("{place}/deactivate")).await.expect(200);
        platform.delete(&place).await.expect(204);
        let role = json!({ "workspace": workspace, "name": "x", "permissions": { "*": true } });
        let role = platform.post("/roles", role).await.expect(201).id();
        platform.patch(&format!("/roles/{role}"), json!({ "title": "X" })).await.expect(200);
        platform.delete(&format!("/roles/{role}")).await.expect(204);
        let acts = format!("FROM workspace.outbox WHERE actor_id = '{}'", platform.user);
        assert_eq!(lobby.database.number(&format!("SELECT count(*) {acts}")).await, 8);
        let marked = format!("SELECT count(*) {acts} AND as_platform AND workspace_id = '{workspace}'");
        assert_eq!(lobby.database.number(&marked).await, 8);
        owner.patch(&path, json!({ "description": "mine" })).await.expect(200);
        let marked = "SELECT count(*) FROM workspace.outbox WHERE as_platform";
        assert_eq!(lobby.database.number(marked).await, 8, "the owner's own act is none of the platform's");
    });
}

#[test]
fn what_is_the_owners_alone_is_not_the_platforms() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let platform = administrator(lobby).await;
        let path = format!("/workspaces/{workspace}");
        let before = lobby.database.number(STATE).await;
        platform.delete(&format!("{path}?confirm=A%20lobby%20workspace")).await.problem(403, "permission_denied");
        let body = json!({ "user_id": platform.user });
        platform.put(&format!("{path}/owner"), body).await.problem(403, "permission_denied");
        platform.delete(&membership(&workspace, &owner)).await.problem(409, "owner_must_hand_over");
        platform
            .act(&format!("{}/deactivate", membership(&workspace, &owner)))
            .await
            .problem(409, "owner_must_hand_over");
        let admin = role_id(&owner, &workspace, "admin").await;
        let narrower = json!({ "permissions": { "*": null } });
        platform.patch(&format!("/roles/{admin}"), narrower).await.problem(409, "last_administrator");
        assert_eq!(lobby.database.number(STATE).await, before);
        platform.get(&format!("/workspaces/{}", uuid::Uuid::now_v7())).await.problem(404, "not_found");
    });
}

#[test]
fn a_member_acts_by_their_membership_as_far_as_it_goes() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let platform = administrator(lobby).await;
        owner.bring(&workspace, &platform, "user").await;
        let mine = platform.get(&format!("/workspaces/{workspace}/permissions")).await.expect(200).json;
        assert_eq!(mine["grants"]["can_view_members"]["source"], json!({ "role": "user", "key": "can_view_members" }));
        assert_eq!(mine["grants"]["can_edit_workspace"]["source"], json!({ "role": "platform_admin", "key": "*" }));
        platform.patch(&format!("/workspaces/{workspace}"), json!({ "description": "d" })).await.expect(200);
        let marked = "SELECT count(*) FROM workspace.outbox WHERE as_platform AND action = 'workspace.updated'";
        assert_eq!(lobby.database.number(marked).await, 1);
        let own = platform.post("/workspaces", json!({ "name": "Own" })).await.expect(201).id();
        platform.patch(&format!("/workspaces/{own}"), json!({ "description": "d" })).await.expect(200);
        platform.delete(&format!("/workspaces/{own}?confirm=Own")).await.expect(204);
        assert_eq!(lobby.database.number("SELECT count(*) FROM workspace.outbox WHERE as_platform").await, 1);
    });
}

#[test]
fn a_platform_role_that_is_taken_away_is_gone_at_once() {
    lobby(async |lobby| {
        let (_, workspace) = lobby.workspace("lobby").await;
        let platform = administrator(lobby).await;
        let path = format!("/workspaces/{workspace}");
        platform.get(&path).await.expect(200);
        lobby.database.execute("SET session_replication_role = replica; DELETE FROM workspace.platform_members").await;
        let before = lobby.database.number(STATE).await;
        // Nobody told of it, so the guard may still remember; the transaction asks again.
        let refused = platform.patch(&path, json!({ "name": "Mine" })).await;
        assert!(matches!(refused.status.as_u16(), 403 | 404), "{}", refused.json);
        assert_eq!(lobby.database.number(STATE).await, before);
    });
}

#[test]
fn the_platforms_own_roles_are_no_workspaces_business() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let platform = administrator(lobby).await;
        let sql = "SELECT id FROM workspace.roles WHERE workspace_id IS NULL";
        let id: uuid::Uuid =
            sqlx::query_scalar(sql).fetch_one(&mut lobby.database.connect_to("workspace").await).await.unwrap();
        for caller in [&owner, &platform] {
            caller.get(&format!("/roles/{id}")).await.problem(404, "not_found");
            caller.patch(&format!("/roles/{id}"), json!({ "title": "Mine" })).await.problem(404, "not_found");
            caller.delete(&format!("/roles/{id}")).await.problem(404, "not_found");
        }
        let body = json!({ "user_id": platform.user, "role": "platform_admin" });
        owner.post(&format!("/workspaces/{workspace}/members"), body).await.faults(&["/role"]);
        let client = role_id(&owner, &workspace, "client").await;
        owner.delete(&format!("/roles/{client}?reassign_to={id}")).await.faults(&["?reassign_to"]);
    });
}

#[test]
fn a_platform_administrator_who_names_a_workspace_lists_that_one_and_no_other() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (other_owner, other) = lobby.workspace("lobby").await;
        let platform = administrator(lobby).await;
        let project = async |owner: &Client, workspace: &str| {
            let body = json!({ "workspace": workspace, "name": "Site" });
            owner.post("/projects", body).await.expect(201).id()
        };
        let (here, there) = (project(&owner, &workspace).await, project(&other_owner, &other).await);
        let named = format!("workspace={workspace}");
        assert_eq!(platform.get(&format!("/projects?{named}")).await.expect(200).each("id"), [here.as_str()]);
        let all = platform.get("/projects?sort=created_at").await.expect(200);
        assert_eq!(all.each("id"), [here.as_str(), there.as_str()]);
        let roles = platform.get(&format!("/roles?{named}")).await.expect(200);
        assert!(!roles.items().is_empty() && roles.items().iter().all(|role| role["workspace_id"] == *workspace));
    });
}
