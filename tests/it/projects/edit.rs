//! Changing a project: replacing, merging, entity tags.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::{create, patch_if, project, state};
use crate::harness::lobby;

fn whole() -> Value {
    json!({
        "key": "FULL", "name": "Full", "description": "Everything", "is_public": true, "is_billable": true,
        "avatar": { "emoji": "🌊", "color": "#00aaff" },
    })
}

#[test]
fn a_put_replaces_every_field_but_a_key_that_is_left_out() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let made = create(&owner, &workspace, whole()).await;
        let path = format!("/projects/{}", made.id());
        let replaced = owner.put(&path, json!({ "name": "Bare" })).await.expect(200);
        let mut expected = made.json.clone();
        for (member, value) in [
            ("name", json!("Bare")),
            ("description", json!("")),
            ("is_public", json!(false)),
            ("is_billable", json!(false)),
            ("avatar", Value::Null),
            ("version", json!(2)),
            ("updated_at", replaced.json["updated_at"].clone()),
        ] {
            expected[member] = value;
        }
        assert_eq!(replaced.json, expected);
        assert_eq!(owner.get(&path).await.expect(200).json, expected);

        owner.put(&path, json!({})).await.faults(&["/name"]);
        owner.put(&path, json!({ "name": "N", "owner_id": owner.user })).await.faults(&["/owner_id"]);
        assert_eq!(owner.put(&path, json!({ "name": "N", "key": "NEW" })).await.expect(200).text("key"), "NEW");
    });
}

#[test]
fn a_patch_changes_what_it_gives_and_null_empties_what_can_be_empty() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let made = create(&owner, &workspace, whole()).await;
        let path = format!("/projects/{}", made.id());
        let mut expected = made.json.clone();
        for (version, (given, member, value)) in (2..).zip([
            (json!({ "name": " Renamed " }), "name", json!("Renamed")),
            (json!({ "description": null }), "description", json!("")),
            (json!({ "avatar": null }), "avatar", Value::Null),
            (json!({ "is_public": false }), "is_public", json!(false)),
            (json!({ "is_billable": false }), "is_billable", json!(false)),
            (json!({ "key": "OTHER" }), "key", json!("OTHER")),
        ]) {
            let patched = owner.patch(&path, given).await.expect(200);
            expected[member] = value;
            expected["version"] = version.into();
            expected["updated_at"] = patched.json["updated_at"].clone();
            assert_eq!(patched.json, expected);
            assert_eq!(patched.header("etag"), format!("\"{version}\""));
        }

        let before = state(lobby).await;
        // What can't be empty can't be taken away.
        for field in ["key", "name", "is_public", "is_billable"] {
            owner.patch(&path, json!({ field: null })).await.faults(&[&format!("/{field}")]);
        }
        owner.patch(&path, json!({ "name": "" })).await.faults(&["/name"]);
        owner.patch(&path, json!({ "avatar": { "emoji": "🌊" } })).await.faults(&["/avatar/color"]);
        owner.patch(&path, json!({ "nmae": "Typo" })).await.faults(&["/nmae"]);
        owner.patch(&path, json!({ "owner_id": owner.user })).await.faults(&["/owner_id"]);
        owner.patch(&path, json!({ "is_active": false })).await.faults(&["/is_active"]);
        assert_eq!(state(lobby).await, before);
    });
}

#[test]
fn a_change_that_changes_nothing_leaves_version_and_events_alone() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let made = create(&owner, &workspace, whole()).await;
        let path = format!("/projects/{}", made.id());
        let before = state(lobby).await;
        for same in [json!({}), json!({ "name": "Full " }), whole()] {
            assert_eq!(owner.patch(&path, same).await.expect(200).json, made.json);
        }
        assert_eq!(owner.put(&path, whole()).await.expect(200).json, made.json);
        assert_eq!(state(lobby).await, before);
    });
}

#[test]
fn a_write_for_another_version_is_refused_and_changes_nothing() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let made = create(&owner, &workspace, whole()).await;
        let (path, person) = (format!("/projects/{}", made.id()), owner.user.as_str());
        owner.patch(&path, json!({ "name": "Second version" })).await.expect(200);
        let before = state(lobby).await;
        for stale in ["\"1\"", "W/\"2\"", "\"3\", \"4\"", "2", ""] {
            for (method, path, body) in [
                (Method::PUT, path.clone(), Some(whole())),
                (Method::PATCH, path.clone(), Some(json!({ "name": "Late" }))),
                (Method::PUT, format!("{path}/owner"), Some(json!({ "user_id": person }))),
                (Method::POST, format!("{path}/activate"), None),
                (Method::POST, format!("{path}/deactivate"), None),
                (Method::DELETE, path.clone(), None),
            ] {
                let request = owner.request(method, &path).header("If-Match", stale);
                let request = match body {
                    Some(body) => request.json(&body),
                    None => request,
                };
                owner.send(request).await.problem(412, "precondition_failed");
            }
        }
        assert_eq!(state(lobby).await, before);
        patch_if(&owner, &path, "\"9\", \"2\"", &json!({ "name": "Third" })).await.expect(200);
        patch_if(&owner, &path, "*", &json!({ "name": "Fourth" })).await.expect(200);
    });
}

#[test]
fn who_has_an_old_version_is_told_that_before_what_is_wrong_with_the_body() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let path = format!("/projects/{}", create(&owner, &workspace, whole()).await.id());
        owner.patch(&path, json!({ "name": "Second version" })).await.expect(200);
        let wrong = json!({ "name": "" });
        patch_if(&owner, &path, "\"1\"", &wrong).await.problem(412, "precondition_failed");
        patch_if(&owner, &path, "\"2\"", &wrong).await.faults(&["/name"]);
    });
}

#[test]
fn of_20_writes_for_the_same_version_one_succeeds() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let made = create(&owner, &workspace, whole()).await;
        let path = &format!("/projects/{}", made.id());
        let etag = made.header("etag");
        for round in 0..5 {
            let etag = if round == 0 { etag.to_owned() } else { owner.get(path).await.header("etag").to_owned() };
            let all = (0..20).map(|number| {
                let (etag, body) = (etag.clone(), json!({ "name": format!("Name {round} {number}") }));
                let owner = &owner;
                async move { patch_if(owner, path, &etag, &body).await }
            });
            let (done, refused): (Vec<_>, Vec<_>) =
                join_all(all).await.into_iter().partition(|answer| answer.status == 200);
            assert_eq!((done.len(), refused.len()), (1, 19));
            for answer in refused {
                answer.problem(412, "precondition_failed");
            }
            assert_eq!(owner.get(path).await.expect(200).json, done[0].json);
        }
        let sql = "SELECT count(*) FROM project.outbox WHERE action = 'project.updated'";
        assert_eq!(lobby.database.number(sql).await, 5);
    });
}

#[test]
fn who_has_the_current_version_is_told_so() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let path = format!("/projects/{}", project(&owner, &workspace, "Cached").await);
        let read = owner.get(&path).await.expect(200);
        let etag = read.header("etag").to_owned();
        for known in [etag.as_str(), "\"7\", \"1\"", "W/\"1\"", "*"] {
            let again = owner.send(owner.request(Method::GET, &path).header("If-None-Match", known)).await.expect(304);
            assert!(again.bytes.is_empty());
            assert_eq!(again.header("etag"), etag);
        }
        owner.patch(&path, json!({ "name": "Changed" })).await.expect(200);
        let changed = owner.send(owner.request(Method::GET, &path).header("If-None-Match", &etag)).await.expect(200);
        assert_eq!(changed.json["name"], "Changed");
        assert_ne!(changed.header("etag"), etag);
    });
}

#[test]
fn a_deleted_project_is_gone_with_everyones_part() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let id = project(&owner, &workspace, "Doomed").await;
        let partaker = lobby.member(&owner, &workspace, "client").await;
        super::include(&owner, &id, &partaker.user).await;
        let path = format!("/projects/{id}");
        let answers = join_all((0..10).map(|_| owner.delete(&path))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 204).count(), 1);
        for late in answers.into_iter().filter(|answer| answer.status != 204) {
            late.problem(404, "not_found");
        }
        partaker.get(&path).await.problem(404, "not_found");
        owner.patch(&path, json!({ "name": "Ghost" })).await.problem(404, "not_found");
        assert!(owner.get("/projects").await.expect(200).items().is_empty());
        assert_eq!(lobby.database.number("SELECT count(*) FROM project.members").await, 0);
        owner.get("/projects/not-an-id").await.problem(404, "not_found");
    });
}
