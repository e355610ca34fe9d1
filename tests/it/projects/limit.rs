//! `max_projects`: exact, also when everybody asks at once.

use futures_util::future::join_all;
use serde_json::json;

use super::{create, role, state};
use crate::harness::{Answer, lobby};

#[track_caller]
fn is_over_the_limit(answer: Answer, limit: i64, used: i64) {
    let refusal = answer.problem(403, "limit_reached");
    assert_eq!(refusal.json["limit"], limit, "{}", refusal.json);
    assert_eq!(refusal.json["used"], used, "{}", refusal.json);
    assert_eq!(refusal.json["source"], "role", "{}", refusal.json);
}

#[test]
fn a_developer_who_asks_for_50_projects_at_once_gets_exactly_one() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let developer = lobby.member(&owner, &workspace, "developer").await;
        let all = (0..50).map(|number| {
            let body = json!({ "workspace": workspace, "name": format!("Project {number}") });
            developer.post("/projects", body)
        });
        let (made, refused): (Vec<_>, Vec<_>) =
            join_all(all).await.into_iter().partition(|answer| answer.status == 201);
        assert_eq!((made.len(), refused.len()), (1, 49));
        for answer in refused {
            is_over_the_limit(answer, 1, 1);
        }
        let sql = "SELECT (SELECT count(*) FROM project.projects) * 100 + (SELECT count(*) FROM project.members) * 10 \
                   + (SELECT count(*) FROM project.outbox)";
        assert_eq!(lobby.database.number(sql).await, 111, "one project, one member, one event");
    });
}

#[test]
fn the_limit_counts_what_one_owns_in_this_workspace_and_nothing_else() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        role(
            &owner,
            &workspace,
            "pair",
            json!({ "can_view_projects": true, "can_create_projects": true, "max_projects": 2 }),
        )
        .await;
        let person = lobby.member(&owner, &workspace, "pair").await;
        let (other, elsewhere) = lobby.workspace("devhub").await;
        other.bring(&elsewhere, &person, "developer").await;

        // Those of others in which they take part don't count, nor do those elsewhere.
        let shared = create(&owner, &workspace, json!({ "name": "Shared" })).await.id();
        super::include(&owner, &shared, &person.user).await;
        create(&person, &elsewhere, json!({ "name": "Elsewhere" })).await;
        let first = create(&person, &workspace, json!({ "name": "First" })).await.id();
        create(&person, &workspace, json!({ "name": "Second" })).await;

        let before = state(lobby).await;
        let third = json!({ "workspace": workspace, "name": "Third" });
        is_over_the_limit(person.post("/projects", third.clone()).await, 2, 2);
        assert_eq!(state(lobby).await, before);

        // What an administrator gives is not bounded, but counts.
        create(&owner, &workspace, json!({ "name": "Given", "owner_id": person.user })).await;
        is_over_the_limit(person.post("/projects", third.clone()).await, 2, 3);
        let handed = json!({ "user_id": owner.user });
        owner.put(&format!("/projects/{first}/owner"), handed).await.expect(200);
        is_over_the_limit(person.post("/projects", third.clone()).await, 2, 2);
        let mine = person.get(&format!("/projects?workspace={workspace}&owner={}", person.user)).await.expect(200);
        owner.delete(&format!("/projects/{}", mine.each("id")[0])).await.expect(204);
        person.post("/projects", third).await.expect(201);
    });
}

#[test]
fn a_limit_of_zero_lets_nobody_create_and_a_raised_one_acts_at_once() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let permissions = |limit: i64| json!({ "can_create_projects": true, "max_projects": limit });
        let role = role(&owner, &workspace, "idle", permissions(0)).await;
        let person = lobby.member(&owner, &workspace, "idle").await;
        let body = json!({ "workspace": workspace, "name": "One" });
        is_over_the_limit(person.post("/projects", body.clone()).await, 0, 0);
        owner.patch(&format!("/roles/{role}"), json!({ "permissions": permissions(1) })).await.expect(200);
        person.post("/projects", body.clone()).await.expect(201);
        is_over_the_limit(person.post("/projects", body).await, 1, 1);
    });
}

#[test]
fn what_an_owner_hands_over_needs_room_with_the_new_one_and_comes_back_within_ones_own() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let permissions = json!({ "can_view_projects": true, "can_create_projects": true, "can_edit_projects": "own",
            "max_projects": 1 });
        role(&owner, &workspace, "single", permissions.clone()).await;
        let mut friends = permissions;
        friends["max_projects"] = json!(9);
        role(&owner, &workspace, "friend", friends).await;
        let person = lobby.member(&owner, &workspace, "single").await;
        let friend = lobby.member(&owner, &workspace, "friend").await;
        let to = |who: &str| json!({ "user_id": who });

        // Lent to someone who has room, and another made meanwhile: it doesn't come back.
        let mut lent = Vec::new();
        for number in 0..4 {
            let id = create(&person, &workspace, json!({ "name": format!("Number {number}") })).await.id();
            person.put(&format!("/projects/{id}/owner"), to(&friend.user)).await.expect(200);
            lent.push(id);
        }
        // All at once: one finds room.
        let paths: Vec<String> = lent.iter().map(|id| format!("/projects/{id}/owner")).collect();
        let back = paths.iter().map(|path| friend.put(path, to(&person.user)));
        let (taken, refused): (Vec<_>, Vec<_>) =
            join_all(back).await.into_iter().partition(|answer| answer.status == 200);
        assert_eq!((taken.len(), refused.len()), (1, 3));
        for answer in refused {
            is_over_the_limit(answer, 1, 1);
        }
        // Together with creating, no more either.
        let id = taken[0].id();
        person.put(&format!("/projects/{id}/owner"), to(&friend.user)).await.expect(200);
        let path = format!("/projects/{id}/owner");
        let new = json!({ "workspace": workspace, "name": "New" });
        tokio::join!(person.post("/projects", new), friend.put(&path, to(&person.user)));
        let sql = format!("SELECT count(*) FROM project.projects WHERE owner_id = '{}'", person.user);
        assert_eq!(lobby.database.number(&sql).await, 1);
        // Who edits every project moves what a member leaves behind.
        let lent = lent.iter().find(|other| **other != id).unwrap();
        owner.put(&format!("/projects/{lent}/owner"), to(&person.user)).await.expect(200);
    });
}
