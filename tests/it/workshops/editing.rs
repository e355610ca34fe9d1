//! Making, changing, cancelling and deleting workshops.

use chrono::Duration;
use reqwest::Method;
use serde_json::json;

use super::{enrol, instant, make, studio, tomorrow, workshop};
use crate::harness::lobby;

#[test]
fn a_draft_is_seen_by_who_made_it_and_by_administrators_only() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let creator = lobby.member(&admin, &workspace, "creator").await;
        let other = lobby.member(&admin, &workspace, "creator").await;
        let assistant = lobby.member(&admin, &workspace, "assistant").await;
        let path = workshop(lobby, &creator, &workspace, json!({ "status": "draft" })).await;
        for person in [&other, &assistant] {
            person.get(&path).await.problem(404, "not_found");
            person.get(&format!("{path}/calendar.ics")).await.problem(404, "not_found");
            person.get(&format!("{path}/availability")).await.problem(404, "not_found");
            assert!(person.get("/workshops").await.expect(200).items().is_empty());
        }
        assistant.act(&format!("{path}/attendees")).await.problem(404, "not_found");
        for person in [&creator, &admin] {
            person.get(&path).await.expect(200);
            assert_eq!(person.get("/workshops").await.expect(200).items().len(), 1);
        }
        admin.act(&format!("{path}/attendees")).await.problem(409, "workshop_draft");
        creator.patch(&path, json!({ "status": "published" })).await.expect(200);
        assistant.get(&path).await.expect(200);
        assistant.act(&format!("{path}/attendees")).await.expect(201);
        // Back to a draft it would vanish before those who are registered.
        creator.patch(&path, json!({ "status": "draft" })).await.problem(409, "workshop_has_attendees");
    });
}

#[test]
fn what_does_not_fit_together_is_named() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let refused = async |field: &str, value: serde_json::Value| {
            let mut body = tomorrow(lobby);
            body["workspace"] = workspace.as_str().into();
            body[field] = value;
            admin.post("/workshops", body).await.faults(&[&format!("/{field}")]);
        };
        refused("title", json!(" ")).await;
        refused("title", json!("x".repeat(201))).await;
        refused("ends_at", json!("2000-01-01T00:00:00Z")).await;
        refused("ends_at", json!("2100-01-01T00:00:00Z")).await;
        refused("timezone", json!("Mars/Olympus")).await;
        refused("capacity", json!(0)).await;
        refused("registration_closes_at", json!("2100-01-01T00:00:00Z")).await;
        refused("registration_opens_at", json!("2100-01-01T00:00:00Z")).await;
        refused("status", json!("finished")).await;
        refused("status", json!("later")).await;
        refused("colour", json!("red")).await;
        let path = workshop(lobby, &admin, &workspace, json!({})).await;
        let patch = json!({ "registration_closes_at": "2100-01-01T00:00:00Z" });
        admin.patch(&path, patch).await.faults(&["/registration_closes_at"]);
        admin.patch(&path, json!({ "title": null })).await.faults(&["/title"]);
    });
}

#[test]
fn a_workshop_is_finished_when_its_time_is_over_and_its_entity_tag_says_so() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let begins = lobby.clock.now();
        let like = json!({ "starts_at": begins, "ends_at": begins + Duration::minutes(5) });
        let path = workshop(lobby, &admin, &workspace, like).await;
        let before = admin.get(&path).await.expect(200);
        assert_eq!((before.text("status").as_str(), before.header("etag")), ("published", "\"1\""));
        let again = admin.request(Method::GET, &path).header("If-None-Match", before.header("etag"));
        admin.send(again).await.expect(304);
        lobby.clock.advance(Duration::minutes(6));
        let again = admin.request(Method::GET, &path).header("If-None-Match", before.header("etag"));
        let after = admin.send(again).await.expect(200);
        assert_eq!(after.text("status"), "finished");
        assert_eq!(admin.get("/workshops?status=finished").await.expect(200).items().len(), 1);
        assert!(admin.get("/workshops?status=published").await.expect(200).items().is_empty());
        let stale = admin.request(Method::PATCH, &path).header("If-Match", before.header("etag"));
        admin.send(stale.json(&json!({ "title": "Late" }))).await.problem(412, "precondition_failed");
        let fresh = admin.request(Method::PATCH, &path).header("If-Match", after.header("etag"));
        admin.send(fresh.json(&json!({ "title": "Late", "status": "finished" }))).await.expect(200);
        admin.act(&format!("{path}/cancel")).await.problem(409, "workshop_finished");
    });
}

#[test]
fn whoever_is_registered_keeps_a_workshop_from_being_deleted_and_is_told_of_its_end() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let creator = lobby.member(&admin, &workspace, "creator").await;
        let assistant = lobby.member(&admin, &workspace, "assistant").await;
        let path = workshop(lobby, &creator, &workspace, json!({ "title": "Felting" })).await;
        assistant.act(&format!("{path}/attendees")).await.expect(201);
        creator.delete(&path).await.problem(409, "workshop_has_attendees");
        let cancelled = creator.act(&format!("{path}/cancel")).await.expect(200);
        assert_eq!(cancelled.text("status"), "cancelled");
        let again = creator.act(&format!("{path}/cancel")).await.expect(200);
        assert_eq!(again.json["version"], cancelled.json["version"], "cancelling twice is cancelling once");
        let told = "SELECT count(*) FROM workshop.outbox WHERE action = 'workshop.cancelled' \
             AND changes->>'title' = 'Felting' AND changes->>'workshop_id' = resource_id::text";
        assert_eq!(lobby.database.number(told).await, 1);
        creator.patch(&path, json!({ "title": "Else" })).await.problem(409, "workshop_cancelled");
        creator.patch(&path, json!({ "status": "published" })).await.problem(409, "workshop_cancelled");
        admin.act(&format!("{path}/attendees")).await.problem(409, "workshop_cancelled");
        creator.delete(&path).await.problem(409, "workshop_has_attendees");
        assistant.delete(&format!("{path}/attendees/me")).await.expect(204);
        creator.delete(&path).await.expect(204);
        creator.get(&path).await.problem(404, "not_found");
    });
}

#[test]
fn a_put_replaces_all_but_the_status_and_tells_what_changed() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let made = make(lobby, &admin, &workspace, json!({ "capacity": 3, "location": "Attic" })).await;
        let path = format!("/workshops/{}", made.id());
        let mut body = tomorrow(lobby);
        body["title"] = "Paper".into();
        body.as_object_mut().unwrap().remove("status");
        let put = admin.put(&path, body.clone()).await.expect(200);
        assert_eq!(put.json["capacity"], json!(null));
        assert_eq!((put.text("location").as_str(), put.text("status").as_str()), ("", "published"));
        assert_eq!(put.json["version"], 2);
        assert!(instant(&put.json["starts_at"]) > lobby.clock.now());
        let same = admin.put(&path, body).await.expect(200);
        assert_eq!(same.json["version"], 2, "a change that changes nothing leaves the version");
        let told = "SELECT count(*) FROM workshop.outbox WHERE action = 'workshop.updated' \
             AND changes->'capacity' = '{\"from\": 3, \"to\": null}' AND changes->'title'->>'to' = 'Paper'";
        assert_eq!(lobby.database.number(told).await, 1);
    });
}

#[test]
fn creators_run_their_own_workshops_and_no_others() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let creator = lobby.member(&admin, &workspace, "creator").await;
        let other = lobby.member(&admin, &workspace, "creator").await;
        let assistant = lobby.member(&admin, &workspace, "assistant").await;
        let path = workshop(lobby, &creator, &workspace, json!({ "starts_at": lobby.clock.now() })).await;
        enrol(&admin, &path, &assistant.user).await;
        let attendee = format!("{path}/attendees/{}", assistant.user);
        for person in [&other, &assistant] {
            person.patch(&path, json!({ "title": "Mine" })).await.problem(403, "permission_denied");
            person.delete(&path).await.problem(403, "permission_denied");
            person.act(&format!("{path}/cancel")).await.problem(403, "permission_denied");
            person.act(&format!("{attendee}/check-in")).await.problem(403, "permission_denied");
            person.delete(&attendee).await.problem(403, "permission_denied");
            person.get(&format!("{path}/stats")).await.problem(403, "permission_denied");
        }
        creator.act(&format!("{attendee}/check-in")).await.expect(200);
        creator.get(&format!("{path}/stats")).await.expect(200);
        creator.delete(&attendee).await.expect(204);
    });
}
