//! A workspace never loses its last administrator, whatever happens at once.

use futures_util::future::join_all;
use serde_json::json;

use super::{STATE, make_role, membership, role_id};
use crate::harness::{Client, Lobby, lobby};

/// Active members whose role is the wildcard's, and how many of them own the workspace.
async fn administrators(lobby: &Lobby, workspace: &str) -> (i64, i64) {
    let from = format!(
        "FROM workspace.members m JOIN workspace.roles r ON r.id = m.role_id \
         JOIN workspace.workspaces w ON w.id = m.workspace_id AND w.id = '{workspace}' \
         WHERE m.status = 'active' AND r.permissions @> '{{\"*\": true}}'"
    );
    let all = lobby.database.number(&format!("SELECT count(*) {from}")).await;
    (all, lobby.database.number(&format!("SELECT count(*) {from} AND w.owner_id = m.user_id")).await)
}

/// The attempt number `turn` of `actor` against `victim`.
async fn strike(workspace: &str, turn: usize, actor: &Client, victim: &Client) -> u16 {
    let path = membership(workspace, victim);
    let answer = match turn % 6 {
        0 => actor.put(&format!("{path}/role"), json!({ "role": "user" })).await,
        1 => actor.delete(&path).await,
        2 => actor.act(&format!("{path}/deactivate")).await,
        3 => actor.patch(&path, json!({ "status": "suspended" })).await,
        4 => actor.delete(&format!("/workspaces/{workspace}/members/me")).await,
        _ => actor.put(&format!("/workspaces/{workspace}/owner"), json!({ "user_id": victim.user })).await,
    };
    answer.status.as_u16()
}

#[test]
fn administrators_who_fall_upon_each_other_leave_one() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let mut all = vec![owner.clone()];
        for _ in 0..9 {
            all.push(lobby.member(&owner, &workspace, "admin").await);
        }
        let pair = |turn: usize| (&all[turn % 10], &all[(turn + 1 + turn / 10 % 9) % 10]);
        let strikes = (0..200).map(|turn| {
            let (actor, victim) = pair(turn);
            strike(&workspace, turn, actor, victim)
        });
        let statuses = join_all(strikes).await;
        // Whoever was struck first is refused from then on, also in the middle of a request.
        let known = |status: &u16| matches!(status, 200 | 204 | 403 | 404 | 409 | 422);
        assert!(statuses.iter().all(known), "{statuses:?}");
        assert!(statuses.iter().any(|status| *status < 300), "nobody struck");
        let (left, owners) = administrators(lobby, &workspace).await;
        assert!(left >= 1, "nobody is left");
        assert_eq!(owners, 1, "the owner is not an administrator any more");
        assert!(left < 10, "nobody fell");
    });
}

#[test]
fn two_administrators_who_demote_each_other_at_once_do_not_both_fall() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (one, two) =
            (lobby.member(&owner, &workspace, "admin").await, lobby.member(&owner, &workspace, "admin").await);
        for _ in 0..10 {
            let (first, second) = (membership(&workspace, &one), membership(&workspace, &two));
            let strikes = (format!("{second}/deactivate"), format!("{first}/deactivate"));
            let (by_one, by_two) = tokio::join!(one.act(&strikes.0), two.act(&strikes.1));
            let statuses = [by_one.status.as_u16(), by_two.status.as_u16()];
            let fell = statuses.iter().filter(|status| **status == 200).count();
            assert_eq!(fell, 1, "{statuses:?}: exactly one comes first, and the other has no say any more");
            // Two that wait for each other's rows would end as a deadlock, which is answered as a fault of the server.
            assert!(statuses.iter().all(|status| *status < 500), "{statuses:?}");
            for path in [&first, &second] {
                owner.act(&format!("{path}/activate")).await.expect(200);
            }
        }
    });
}

#[test]
fn the_only_administrators_role_stays_one() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let admin = role_id(&owner, &workspace, "admin").await;
        let path = format!("/roles/{admin}");
        let before = lobby.database.number(STATE).await;
        for permissions in [
            json!({ "*": null }),
            json!({ "*": false }),
            json!({ "can_manage_members": false }),
            json!({ "can_manage_roles": false }),
        ] {
            owner.patch(&path, json!({ "permissions": permissions })).await.problem(409, "last_administrator");
        }
        let body = json!({ "name": "admin", "permissions": { "can_manage_members": true, "can_manage_roles": true } });
        owner.put(&path, body).await.problem(409, "last_administrator");
        assert_eq!(lobby.database.number(STATE).await, before);
        // An exception that has no say in who may do what is fine.
        owner.patch(&path, json!({ "permissions": { "can_like_images": false } })).await.expect(200);
        owner.get(&format!("/workspaces/{workspace}/members")).await.expect(200);
    });
}

#[test]
fn another_administrators_role_does_not_free_the_owners() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        make_role(&owner, &workspace, "boss", json!({ "*": true })).await;
        lobby.member(&owner, &workspace, "boss").await;
        let path = format!("/roles/{}", role_id(&owner, &workspace, "admin").await);
        let narrower = json!({ "permissions": { "*": null } });
        owner.patch(&path, narrower.clone()).await.problem(409, "owner_must_hand_over");
        owner.put(&format!("{}/role", membership(&workspace, &owner)), json!({ "role": "boss" })).await.expect(200);
        owner.patch(&path, narrower).await.problem(409, "owner_role");
        assert_eq!(administrators(lobby, &workspace).await, (2, 1));
    });
}

#[test]
fn edits_of_the_only_administrators_role_at_once_with_demotions_leave_one() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let boss = make_role(&owner, &workspace, "boss", json!({ "*": true })).await;
        let other = lobby.member(&owner, &workspace, "boss").await;
        let admin = role_id(&owner, &workspace, "admin").await;
        let narrower = json!({ "permissions": { "*": null } });
        for _ in 0..10 {
            // The owner moves to the other role while that one is narrowed, and both are deleted or given away.
            let mine = format!("{}/role", membership(&workspace, &owner));
            let theirs = membership(&workspace, &other);
            let (bosses, admins) = (format!("/roles/{boss}"), format!("/roles/{admin}"));
            let answers = tokio::join!(
                owner.put(&mine, json!({ "role": "boss" })),
                other.patch(&bosses, narrower.clone()),
                owner.patch(&admins, narrower.clone()),
                owner.delete(&theirs),
            );
            let statuses = [&answers.0, &answers.1, &answers.2, &answers.3].map(|answer| answer.status.as_u16());
            assert!(statuses.iter().all(|status| *status < 500), "{statuses:?}");
            let (left, owners) = administrators(lobby, &workspace).await;
            assert!(left >= 1 && owners == 1, "{statuses:?} left {left}, of them {owners} owners");
            // All as before.
            owner.put(&mine, json!({ "role": "admin" })).await.expect(200);
            owner.patch(&bosses, json!({ "permissions": { "*": true } })).await.expect(200);
            if owner.get(&theirs).await.status == 404 {
                lobby.seat(&workspace, &other.user, "boss").await;
            }
        }
    });
}
