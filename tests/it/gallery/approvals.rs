//! The life of an approval: each step, its history, the queue, and two reviewers at once.

use chrono::Duration;
use serde_json::{Value, json};

use super::{Gallery, approve, asking, pictures, reject, submit, withdraw};
use crate::harness::{Client, lobby};

async fn history(client: &Client, id: &str) -> Vec<Value> {
    let approval = client.get(&format!("/images/{id}/approval")).await.expect(200);
    approval.json["history"].as_array().unwrap().clone()
}

#[test]
fn an_approval_goes_its_way_and_tells_every_step() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let Gallery { admin, player, .. } = &gallery;
        let id = gallery.image("draft").await;
        let path = format!("/images/{id}/approval");
        let before = player.get(&path).await.expect(200);
        assert_eq!((before.text("status"), before.json["history"].clone()), ("draft".into(), json!([])));
        assert_eq!(before.header("etag"), "\"1\"");

        let submitted = submit(player, &id).await.expect(201);
        assert_eq!(submitted.text("status"), "pending");
        assert_eq!(submitted.header("location"), format!("/api/v1{path}"));
        assert_eq!(submitted.header("etag"), "\"2\"");
        assert!(submitted.json["submitted_at"].is_string());
        let rejected = reject(admin, &id, " too dark ").await.expect(200);
        assert_eq!((rejected.text("status"), &rejected.json["submitted_at"]), ("rejected".into(), &Value::Null));
        submit(player, &id).await.expect(201);
        withdraw(player, &id).await.expect(204);
        submit(player, &id).await.expect(201);
        let body = json!({ "decision": "approved", "reason_code": "fine" });
        admin.put(&path, body).await.expect(200);
        withdraw(player, &id).await.expect(204);

        let (admin, player) = (&*admin.user, &*player.user);
        let expected = [
            (player, "draft", "pending", None, None),
            (admin, "pending", "rejected", None, Some("too dark")),
            (player, "rejected", "pending", None, None),
            (player, "pending", "draft", None, None),
            (player, "draft", "pending", None, None),
            (admin, "pending", "approved", Some("fine"), None),
            (player, "approved", "draft", None, None),
        ];
        let history = history(&gallery.admin, &id).await;
        assert_eq!(history.len(), expected.len());
        for (step, (actor, from, to, code, reason)) in history.iter().zip(expected) {
            assert_eq!((&step["actor_id"], &step["from"], &step["to"]), (&json!(actor), &json!(from), &json!(to)));
            assert_eq!((&step["reason_code"], &step["reason"]), (&json!(code), &json!(reason)));
            assert!(step["at"].is_string());
        }
        let times: Vec<_> = history.iter().map(|step| step["at"].as_str().unwrap()).collect();
        assert!(times.is_sorted());
    });
}

#[test]
fn a_rejection_needs_a_reason_and_a_decision_its_form() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("pending").await;
        let path = format!("/images/{id}/approval");
        let cases: [(Value, &[&str]); 9] = [
            (json!({ "decision": "rejected" }), &["/reason"]),
            (json!({ "decision": "rejected", "reason": " \n" }), &["/reason"]),
            (json!({ "decision": "rejected", "reason_code": "Too Dark" }), &["/reason_code"]),
            (json!({ "decision": "rejected", "reason_code": "" }), &["/reason_code"]),
            (json!({ "decision": "rejected", "reason": "x".repeat(2001) }), &["/reason"]),
            (json!({ "decision": "rejected", "reason": "nul\0l" }), &["/reason"]),
            (json!({ "decision": "pending" }), &["/decision"]),
            (json!({}), &["/decision"]),
            (json!({ "decision": "approved", "colour": "red" }), &["/colour"]),
        ];
        for (body, pointers) in cases {
            gallery.admin.put(&path, body).await.faults(pointers);
        }
        assert_eq!(gallery.admin.get(&path).await.expect(200).text("status"), "pending");
        assert_eq!(history(&gallery.admin, &id).await.len(), 1);
        gallery.admin.put(&path, json!({ "decision": "rejected", "reason_code": "too_dark" })).await.expect(200);
    });
}

#[test]
fn a_step_from_the_wrong_state_changes_nothing() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let client = &gallery.admin;
        for (state, submits, decides, withdraws) in [
            ("draft", true, false, false),
            ("pending", false, true, true),
            ("approved", false, false, true),
            ("rejected", true, false, true),
        ] {
            let id = gallery.image(state).await;
            let before = client.get(&format!("/images/{id}")).await.expect(200);
            let refused = [
                (!submits).then_some(submit(client, &id)).map(futures_util::FutureExt::boxed),
                (!decides).then_some(approve(client, &id)).map(futures_util::FutureExt::boxed),
                (!decides).then_some(reject(client, &id, "why not")).map(futures_util::FutureExt::boxed),
                (!withdraws).then_some(withdraw(client, &id)).map(futures_util::FutureExt::boxed),
            ];
            for step in refused.into_iter().flatten() {
                let answer = step.await.problem(409, "wrong_state");
                assert_eq!(answer.json["state"], state);
                assert!(answer.json["needed"].as_array().is_some_and(|needed| !needed.contains(&json!(state))));
            }
            let after = client.get(&format!("/images/{id}")).await.expect(200);
            assert_eq!((after.json.clone(), after.header("etag")), (before.json.clone(), before.header("etag")));
        }
    });
}

#[test]
fn of_two_reviewers_at_once_one_decides() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        for _ in 0..15 {
            let id = gallery.image("pending").await;
            let (first, second) =
                futures_util::future::join(approve(&gallery.admin, &id), reject(&gallery.player, &id, "dark")).await;
            let (won, lost) = if first.status == 200 { (first, second) } else { (second, first) };
            let decision = won.expect(200).text("status");
            lost.problem(409, "wrong_state");
            let approval = gallery.admin.get(&format!("/images/{id}/approval")).await.expect(200);
            assert_eq!(approval.text("status"), decision);
            assert_eq!(approval.json["history"].as_array().unwrap().len(), 2, "the second left a step");
        }
    });
}

#[test]
fn a_decision_about_another_version_is_refused() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("pending").await;
        let path = format!("/images/{id}/approval");
        let seen = gallery.admin.get(&path).await.expect(200);
        gallery.player.patch(&format!("/images/{id}"), json!({ "description": "other" })).await.expect(200);
        for method in [reqwest::Method::PUT, reqwest::Method::DELETE] {
            let request = gallery.admin.request(method, &path).header("If-Match", seen.header("etag"));
            let request = request.json(&json!({ "decision": "approved" }));
            gallery.admin.send(request).await.problem(412, "precondition_failed");
        }
        let now = gallery.admin.get(&path).await.expect(200);
        assert_eq!(now.text("status"), "pending");
        asking(&gallery.admin, reqwest::Method::DELETE, &path, &[("If-Match", now.header("etag"))]).await.expect(204);
    });
}

#[test]
fn a_repeated_submission_with_the_same_key_has_one_effect() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("draft").await;
        let path = format!("/images/{id}/approval");
        let once = async || asking(&gallery.player, reqwest::Method::POST, &path, &[("Idempotency-Key", "once")]).await;
        let first = once().await.expect(201);
        let again = once().await.expect(201);
        assert_eq!(again.json, first.json);
        assert_eq!(history(&gallery.player, &id).await.len(), 1);
        asking(&gallery.player, reqwest::Method::POST, &path, &[("Idempotency-Key", "with space")])
            .await
            .problem(400, "idempotency_key_malformed");
    });
}

#[test]
fn the_queue_has_the_longest_waiting_first_page_by_page() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let mut waiting = Vec::new();
        for _ in 0..5 {
            waiting.push(gallery.image("draft").await);
        }
        gallery.image("approved").await;
        gallery.image("rejected").await;
        let (elsewhere, other) = lobby.workspace("gallery").await;
        let foreign = elsewhere.upload(&other, pictures::fresh(), "foreign").await.expect(201).id();
        submit(&elsewhere, &foreign).await.expect(201);
        // Submitted in another order than uploaded.
        waiting.swap(0, 3);
        waiting.swap(1, 4);
        for id in &waiting {
            lobby.clock.advance(Duration::seconds(1));
            submit(&gallery.player, id).await.expect(201);
        }
        let all = gallery.admin.get("/approvals?count=true").await.expect(200);
        assert_eq!(all.each("id"), waiting);
        assert_eq!((&all.json["count"], &all.json["next"]), (&json!(5), &Value::Null));
        assert!(all.each("submitted_at").is_sorted());

        let first = gallery.admin.get("/approvals?limit=2").await.expect(200);
        assert_eq!(first.each("id"), waiting[..2]);
        // What is decided meanwhile does not shift the pages.
        approve(&gallery.player, &waiting[0]).await.expect(200);
        let second = gallery.admin.get(&format!("/approvals?limit=2&cursor={}", first.text("next"))).await.expect(200);
        assert_eq!(second.each("id"), waiting[2..4]);
        let third = gallery.admin.get(&format!("/approvals?limit=2&cursor={}", second.text("next"))).await.expect(200);
        assert_eq!((third.each("id"), &third.json["next"]), (vec![&*waiting[4]], &Value::Null));

        // Who withdraws and submits again stands at the end.
        withdraw(&gallery.player, &waiting[1]).await.expect(204);
        lobby.clock.advance(Duration::seconds(1));
        submit(&gallery.player, &waiting[1]).await.expect(201);
        let now = gallery.admin.get("/approvals").await.expect(200);
        assert_eq!(now.each("id"), [&waiting[2], &waiting[3], &waiting[4], &waiting[1]]);
        gallery.admin.get("/approvals?status=draft").await.faults(&["?status"]);
    });
}
