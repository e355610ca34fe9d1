//! Who may look at an account, and what they see of it.

use serde_json::json;

use super::{made_and_signed_in, platform_administrator};
use crate::harness::lobby;

#[test]
fn people_see_their_own_account_whole_wherever_they_belong() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let assistant = lobby.member(&owner, &workspace, "assistant").await;
        let alone = lobby.person().await;
        for person in [&owner, &assistant, &alone] {
            let me = person.get("/users/me").await.expect(200);
            let same = person.get(&format!("/users/{}", person.user)).await.expect(200);
            assert_eq!(me.json, same.json);
            assert!(me.text("email").ends_with("@example.org"));
            assert_eq!(me.header("etag"), same.header("etag"));
        }
    });
}

#[test]
fn of_the_people_of_crafo_only_administrators_see_and_change_others() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let admin = lobby.member(&owner, &workspace, "admin").await;
        let other = made_and_signed_in(&owner, &workspace, "other@example.org", "assistant").await;
        let path = format!("/users/{}", other.user);
        for administrator in [&owner, &admin] {
            let seen = administrator.get(&path).await.expect(200);
            assert_eq!(seen.json["email"], "other@example.org");
            administrator.get("/users").await.expect(200);
            administrator.patch(&path, json!({ "first_name": "Ada" })).await.expect(200);
            administrator.put(&path, json!({ "last_name": "Lovelace" })).await.expect(200);
        }
        for role in ["creator", "assistant"] {
            let member = lobby.member(&owner, &workspace, role).await;
            let refusal = member.get("/users").await.problem(403, "permission_denied");
            assert_eq!(refusal.json["permission"], "can_view_users");
            assert_eq!(refusal.json["role"], role);
            member.get(&path).await.problem(404, "not_found");
            member.patch(&path, json!({ "first_name": "Eve" })).await.problem(404, "not_found");
            member.put(&path, json!({ "first_name": "Eve" })).await.problem(404, "not_found");
            member.delete(&path).await.problem(404, "not_found");
            let body = json!({ "workspace": workspace, "email": "new@example.org" });
            let refusal = member.post("/users", body).await.problem(403, "permission_denied");
            assert_eq!(refusal.json["permission"], "can_create_users");

            let own = format!("/users/{}", member.user);
            member.get(&own).await.expect(200);
            member.patch(&own, json!({ "first_name": "Grace" })).await.expect(200);
            member.put(&own, json!({ "last_name": "Hopper" })).await.expect(200);
            let refusal = member.delete(&own).await.problem(403, "permission_denied");
            assert_eq!(refusal.json["permission"], "can_delete_users");
        }
        assert_eq!(owner.get(&path).await.expect(200).json["last_name"], "Lovelace");
    });
}

#[test]
fn who_may_look_at_profiles_but_not_list_people_sees_no_email_and_changes_nothing() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let user = lobby.member(&owner, &workspace, "user").await;
        let client = lobby.member(&owner, &workspace, "client").await;
        let path = format!("/users/{}", client.user);
        let seen = user.get(&path).await.expect(200);
        assert_eq!(seen.id(), client.user);
        assert!(seen.json.get("email").is_none());
        user.get("/users").await.problem(403, "permission_denied");
        let refusal = user.patch(&path, json!({ "first_name": "Eve" })).await.problem(403, "permission_denied");
        assert_eq!(refusal.json["permission"], "can_edit_profiles");
        assert_eq!(refusal.json["held"], "own");
        user.delete(&path).await.problem(403, "permission_denied");
        client.get(&format!("/users/{}", user.user)).await.problem(404, "not_found");
    });
}

#[test]
fn a_stranger_can_not_tell_an_account_from_none() {
    lobby(async |lobby| {
        let (owner, _) = lobby.workspace("crafo").await;
        let (stranger, _) = lobby.workspace("crafo").await;
        let alone = lobby.person().await;
        let nobody = format!("/users/{}", uuid::Uuid::now_v7());
        for caller in [&stranger, &alone] {
            for hidden in [&format!("/users/{}", owner.user), &nobody] {
                let body = json!({ "first_name": "Eve" });
                let answers = [
                    caller.get(hidden).await,
                    caller.patch(hidden, body.clone()).await,
                    caller.put(hidden, body).await,
                    caller.delete(hidden).await,
                ];
                for answer in answers {
                    let answer = answer.problem(404, "not_found");
                    assert_eq!(answer.json["detail"], caller.get(&nobody).await.json["detail"]);
                }
            }
        }
        stranger.get("/users/nonsense").await.problem(404, "not_found");
    });
}

#[test]
fn a_suspended_administrator_sees_nobody_but_themselves() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let admin = lobby.member(&owner, &workspace, "admin").await;
        let path = format!("/users/{}", owner.user);
        admin.get(&path).await.expect(200);
        let member = format!("/workspaces/{workspace}/members/{}", admin.user);
        owner.patch(&member, json!({ "status": "suspended" })).await.expect(200);
        admin.get(&path).await.problem(404, "not_found");
        assert!(admin.get("/users").await.expect(200).items().is_empty());
        admin.get("/users/me").await.expect(200);
    });
}

#[test]
fn a_platform_administrator_sees_everyone() {
    lobby(async |lobby| {
        let platform = platform_administrator(lobby).await;
        let (owner, _) = lobby.workspace("crafo").await;
        let alone = lobby.person().await;
        for person in [&owner, &alone] {
            let seen = platform.get(&format!("/users/{}", person.user)).await.expect(200);
            assert!(seen.json["email"].is_string());
        }
        assert_eq!(platform.get("/users").await.expect(200).items().len(), 3);
    });
}
