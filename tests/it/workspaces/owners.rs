//! Owners: they stay active administrators, and hand over to one other person at a time.

use serde_json::json;

use super::{STATE, events, membership};
use crate::harness::{Client, PASSWORD, lobby};

#[test]
fn an_owner_is_neither_demoted_nor_removed_nor_suspended_and_does_not_leave() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let other = lobby.member(&owner, &workspace, "admin").await;
        let path = membership(&workspace, &owner);
        let before = lobby.database.number(STATE).await;
        let refused = async |by: &Client| {
            by.put(&format!("{path}/role"), json!({ "role": "user" })).await.problem(409, "owner_must_hand_over");
            by.patch(&path, json!({ "status": "suspended" })).await.problem(409, "owner_must_hand_over");
            by.act(&format!("{path}/deactivate")).await.problem(409, "owner_must_hand_over");
            by.delete(&path).await.problem(409, "owner_must_hand_over");
        };
        refused(&owner).await;
        refused(&other).await;
        owner.delete(&format!("/workspaces/{workspace}/members/me")).await.problem(409, "owner_must_hand_over");
        assert_eq!(lobby.database.number(STATE).await, before);
    });
}

#[test]
fn a_workspace_is_handed_over_by_its_owner_to_an_active_member_only() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let heir = lobby.member(&owner, &workspace, "client").await;
        let suspended = lobby.member(&owner, &workspace, "admin").await;
        owner.act(&format!("{}/deactivate", membership(&workspace, &suspended))).await.expect(200);
        let administrator = lobby.member(&owner, &workspace, "admin").await;
        let path = format!("/workspaces/{workspace}/owner");
        let before = lobby.database.number(STATE).await;
        for person in [&suspended.user, &lobby.person().await.user, &uuid::Uuid::now_v7().to_string()] {
            let refused = owner.put(&path, json!({ "user_id": person })).await.faults(&["/user_id"]);
            assert_eq!(refused.json["errors"][0]["code"], "not_a_member");
        }
        let denied = administrator.put(&path, json!({ "user_id": administrator.user })).await;
        let denied = denied.problem(403, "permission_denied");
        assert_eq!(denied.json["permission"], "can_transfer_workspace");
        heir.put(&path, json!({ "user_id": heir.user })).await.problem(403, "permission_denied");
        assert_eq!(lobby.database.number(STATE).await, before);

        let handed = owner.put(&path, json!({ "user_id": heir.user })).await.expect(200);
        assert_eq!(handed.json["owner_id"], heir.user);
        assert_eq!(handed.json["my_role"], "admin", "the former owner keeps their role");
        assert_eq!(heir.get(&format!("/workspaces/{workspace}")).await.expect(200).json["my_role"], "admin");
        assert_eq!((events(lobby, "owner_changed").await, events(lobby, "member_role_changed").await), (1, 1));
        // From now on each has the other's rights.
        owner.put(&path, json!({ "user_id": owner.user })).await.problem(403, "permission_denied");
        owner.delete(&membership(&workspace, &heir)).await.problem(409, "owner_must_hand_over");
        owner.delete(&format!("/workspaces/{workspace}/members/me")).await.expect(204);
        heir.put(&path, json!({ "user_id": administrator.user })).await.expect(200);
    });
}

#[test]
fn a_workspace_is_not_handed_to_somebody_whose_account_is_disabled() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let body = json!({ "workspace": workspace, "email": "off@example.org", "password": PASSWORD });
        let disabled = owner.post("/users", body).await.expect(201).id();
        let path = format!("/workspaces/{workspace}/owner");
        owner.patch(&format!("/users/{disabled}"), json!({ "status": "disabled" })).await.expect(200);
        let refused = owner.put(&path, json!({ "user_id": disabled })).await.faults(&["/user_id"]);
        assert_eq!(refused.json["errors"][0]["code"], "not_a_member");
        // It is the account that stands in the way, not the membership.
        owner.patch(&format!("/users/{disabled}"), json!({ "status": "active" })).await.expect(200);
        owner.put(&path, json!({ "user_id": disabled })).await.expect(200);
    });
}

#[test]
fn of_two_transfers_at_once_one_happens() {
    lobby(async |lobby| {
        let (first, workspace) = lobby.workspace("lobby").await;
        let mut people = vec![first];
        for _ in 0..2 {
            people.push(lobby.member(&people[0], &workspace, "user").await);
        }
        let path = format!("/workspaces/{workspace}/owner");
        for _ in 0..10 {
            let to = |heir: &Client| json!({ "user_id": heir.user });
            let owner = &people[0];
            let (one, two) = tokio::join!(owner.put(&path, to(&people[1])), owner.put(&path, to(&people[2])));
            let winner = match (one.status.as_u16(), two.status.as_u16()) {
                (200, 403) => 1,
                (403, 200) => 2,
                statuses => panic!("{statuses:?}: {} {}", one.json, two.json),
            };
            let holders = format!(
                "SELECT count(*) FROM workspace.workspaces w JOIN workspace.members m ON m.workspace_id = w.id \
                 AND m.user_id = w.owner_id AND m.role_id = w.owner_role_id AND m.status = 'active' \
                 WHERE w.owner_id = '{}'",
                people[winner].user
            );
            assert_eq!(lobby.database.number(&holders).await, 1);
            people.swap(0, winner);
        }
        assert_eq!(events(lobby, "owner_changed").await, 10);
    });
}

#[test]
fn an_heir_who_is_removed_at_the_same_time_is_owner_or_gone_but_not_both() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let administrator = lobby.member(&owner, &workspace, "admin").await;
        let heir = lobby.member(&owner, &workspace, "user").await;
        let (path, place) = (format!("/workspaces/{workspace}/owner"), membership(&workspace, &heir));
        for _ in 0..10 {
            let body = json!({ "user_id": heir.user });
            let (handed, removed) = tokio::join!(owner.put(&path, body.clone()), administrator.delete(&place));
            match (handed.status.as_u16(), removed.status.as_u16()) {
                (200, 409) => {
                    heir.put(&path, json!({ "user_id": owner.user })).await.expect(200);
                }
                (422, 204) => {
                    lobby.seat(&workspace, &heir.user, "user").await;
                }
                statuses => panic!("{statuses:?}"),
            }
        }
    });
}
