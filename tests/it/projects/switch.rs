//! Active and inactive projects.

use reqwest::Method;
use serde_json::json;

use super::{include, project, state};
use crate::harness::lobby;

#[test]
fn switching_twice_is_switching_once() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let path = format!("/projects/{}", project(&owner, &workspace, "Switched").await);
        for (word, is_active, version) in [("activate", true, 1), ("deactivate", false, 2), ("activate", true, 3)] {
            let switched = owner.act(&format!("{path}/{word}")).await.expect(200);
            assert_eq!((&switched.json["is_active"], &switched.json["version"]), (&json!(is_active), &json!(version)));
            let before = state(lobby).await;
            let again = owner.act(&format!("{path}/{word}")).await.expect(200);
            assert_eq!((again.json.clone(), again.header("etag")), (switched.json.clone(), switched.header("etag")));
            assert_eq!(owner.get(&path).await.expect(200).json, switched.json);
            assert_eq!(state(lobby).await, before, "{word} again changed something");
        }
        let sql = "SELECT count(*) FROM project.outbox WHERE action IN ('project.activated', 'project.deactivated')";
        assert_eq!(lobby.database.number(sql).await, 2);
    });
}

#[test]
fn an_inactive_project_is_seen_and_refuses_every_change() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let partaker = lobby.member(&owner, &workspace, "client").await;
        let guest = lobby.member(&owner, &workspace, "client").await;
        let id = project(&owner, &workspace, "Closed").await;
        include(&owner, &id, &partaker.user).await;
        let path = format!("/projects/{id}");
        let (members, member) = (format!("{path}/members"), format!("{path}/members/{}", partaker.user));
        owner.act(&format!("{path}/deactivate")).await.expect(200);

        let before = state(lobby).await;
        let whom = json!({ "user_id": guest.user });
        for (method, path, body) in [
            (Method::PUT, &path, Some(json!({ "name": "New" }))),
            (Method::PATCH, &path, Some(json!({ "name": "New" }))),
            (Method::PUT, &format!("{path}/owner"), Some(whom.clone())),
            (Method::POST, &members, Some(whom.clone())),
            (Method::PATCH, &member, Some(json!({ "is_active": false }))),
            (Method::DELETE, &member, None),
        ] {
            owner.call(method, path, body.as_ref()).await.problem(409, "project_inactive");
        }
        assert_eq!(state(lobby).await, before);
        for caller in [&owner, &partaker] {
            assert_eq!(caller.get(&path).await.expect(200).json["is_active"], false);
            caller.get(&members).await.expect(200);
        }

        owner.act(&format!("{path}/activate")).await.expect(200);
        owner.post(&members, whom).await.expect(201);
        owner.act(&format!("{path}/deactivate")).await.expect(200);
        owner.delete(&path).await.expect(204);
    });
}
