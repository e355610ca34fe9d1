//! Joining workspaces that are open, and leaving them.

use serde_json::{Value, json};

use super::{STATE, events, membership};
use crate::harness::lobby;

#[test]
fn an_open_workspace_is_joined_with_its_default_role_or_one_that_people_may_choose() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let path = format!("/workspaces/{workspace}/join");
        let customer = lobby.person().await;
        let joined = customer.act(&path).await.expect(201);
        assert_eq!((&joined.json["role"], &joined.json["status"]), (&json!("customer"), &json!("active")));
        assert_eq!(joined.header("location"), format!("/api/v1{}", membership(&workspace, &customer)));
        customer.get(&format!("/workspaces/{workspace}")).await.expect(200);
        let developer = lobby.person().await;
        let joined = developer.post(&path, json!({ "role": "developer" })).await.expect(201);
        assert_eq!(joined.json["role"], "developer");

        let person = lobby.person().await;
        let before = lobby.database.number(STATE).await;
        for role in ["admin", "verified_developer", "nobody"] {
            let refused = person.post(&path, json!({ "role": role })).await.faults(&["/role"]);
            assert_eq!(refused.json["errors"][0]["code"], "role_not_self_assignable");
            assert_eq!(refused.json["available"], json!(["developer", "customer"]));
        }
        person.post(&path, json!({ "roles": "developer" })).await.expect(422);
        lobby.anonymous().act(&path).await.problem(401, "unauthenticated");
        assert_eq!(lobby.database.number(STATE).await, before);
        // The owner's, and these two.
        assert_eq!(owner.get(&format!("/workspaces/{workspace}/members")).await.expect(200).items().len(), 3);
        assert_eq!(events(lobby, "member_added").await, 3);
    });
}

#[test]
fn a_workspace_that_is_not_open_is_not_there_for_who_wants_to_join() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let person = lobby.person().await;
        let path = format!("/workspaces/{workspace}");
        for registration in ["invite", "closed"] {
            owner.patch(&path, json!({ "registration": registration })).await.expect(200);
            let before = lobby.database.number(STATE).await;
            person.act(&format!("{path}/join")).await.problem(404, "not_found");
            person.post(&format!("{path}/join"), json!({ "role": "developer" })).await.problem(404, "not_found");
            assert_eq!(lobby.database.number(STATE).await, before);
        }
        person.act(&format!("/workspaces/{}/join", uuid::Uuid::now_v7())).await.problem(404, "not_found");
        owner.patch(&path, json!({ "registration": "open" })).await.expect(200);
        let slug = owner.get(&path).await.expect(200).text("slug");
        person.act(&format!("/workspaces/{slug}/join")).await.expect(201);
    });
}

#[test]
fn who_is_in_does_not_join_again_not_even_at_once() {
    lobby(async |lobby| {
        let (_, workspace) = lobby.workspace("devhub").await;
        let person = lobby.person().await;
        let path = format!("/workspaces/{workspace}/join");
        let answers = futures_util::future::join_all((0..16).map(|_| person.act(&path))).await;
        let (joined, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!(joined.len(), 1);
        for answer in refused {
            answer.problem(409, "already_member");
        }
        person.act(&path).await.problem(409, "already_member");
        assert_eq!(events(lobby, "member_added").await, 2);
    });
}

#[test]
fn who_leaves_is_out_at_once_and_may_come_back() {
    lobby(async |lobby| {
        let (_, workspace) = lobby.workspace("devhub").await;
        let person = lobby.person().await;
        let (join, leave) = (format!("/workspaces/{workspace}/join"), format!("/workspaces/{workspace}/members/me"));
        person.delete(&leave).await.problem(404, "not_found");
        person.act(&join).await.expect(201);
        person.delete(&leave).await.expect(204);
        person.get(&format!("/workspaces/{workspace}")).await.problem(404, "not_found");
        assert_eq!(person.get("/workspaces").await.expect(200).json["items"], json!([]));
        person.delete(&leave).await.problem(404, "not_found");
        assert_eq!(events(lobby, "member_removed").await, 1);
        person.act(&join).await.expect(201);
    });
}

#[test]
fn a_suspension_is_not_shaken_off_by_leaving_and_joining() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let person = lobby.person().await;
        person.act(&format!("/workspaces/{workspace}/join")).await.expect(201);
        let place = membership(&workspace, &person);
        owner.act(&format!("{place}/deactivate")).await.expect(200);
        person.delete(&format!("/workspaces/{workspace}/members/me")).await.problem(404, "not_found");
        person.act(&format!("/workspaces/{workspace}/join")).await.problem(409, "already_member");
        assert_eq!(owner.get(&place).await.expect(200).json["status"], "suspended");
    });
}

#[test]
fn a_newcomer_sees_their_own_hour_rate_only() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (user, other) =
            (lobby.member(&owner, &workspace, "user").await, lobby.member(&owner, &workspace, "user").await);
        owner.patch(&membership(&workspace, &user), json!({ "hour_rate": 100 })).await.expect(200);
        owner.patch(&membership(&workspace, &other), json!({ "hour_rate": 200 })).await.expect(200);
        let list = user.get(&format!("/workspaces/{workspace}/members")).await.expect(200);
        let rate = |person: &str| {
            let row = list.items().iter().find(|row| row["user_id"] == person).unwrap();
            row.get("hour_rate").cloned()
        };
        assert_eq!((rate(&user.user), rate(&other.user)), (Some(json!(100)), None));
        assert_eq!(user.get(&membership(&workspace, &other)).await.expect(200).json["hour_rate"], Value::Null);
        assert_eq!(owner.get(&membership(&workspace, &other)).await.expect(200).json["hour_rate"], 200);
    });
}
