//! What a profile takes, and how it is changed.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use super::{NATIONAL_ID, PHONE, profile_of};
use crate::harness::lobby;

#[test]
fn fields_are_trimmed_made_canonical_and_cleared_by_null() {
    lobby(async |lobby| {
        let ada = lobby.person().await;
        let path = profile_of(&ada);
        let fresh = ada.get(&path).await.expect(200);
        assert_eq!(fresh.header("etag"), "\"1\"");
        assert_eq!(fresh.json["bio"], "");
        let given = json!({
            "bio": "  Counts. ", "description": "Line\nby line", "locale": "de-ch", "timezone": "Europe/Zurich",
            "phone": "+41 79 123 45 67", "avatar": { "emoji": "🦊", "color": "#FF8800" },
        });
        let set = ada.patch(&path, given).await.expect(200);
        assert_eq!(set.header("etag"), "\"2\"");
        assert_eq!(set.json["bio"], "Counts.");
        assert_eq!(set.json["locale"], "de-CH");
        assert_eq!(set.json["timezone"], "Europe/Zurich");
        assert_eq!(set.json["phone"], PHONE);
        assert_eq!(set.json["avatar"], json!({ "emoji": "🦊", "color": "#ff8800", "image": null }));
        let untouched = ada.patch(&path, json!({})).await.expect(200);
        assert_eq!((&untouched.json, untouched.header("etag")), (&set.json, "\"2\""));
        let nothing = json!({ "bio": null, "description": null, "locale": null, "timezone": null, "avatar": null });
        let cleared = ada.patch(&path, nothing).await.expect(200);
        for field in ["locale", "timezone", "avatar"] {
            assert!(cleared.json[field].is_null(), "{field}");
        }
        assert_eq!((&cleared.json["bio"], &cleared.json["description"]), (&json!(""), &json!("")));
    });
}

#[test]
fn what_will_not_do_is_named() {
    lobby(async |lobby| {
        let ada = lobby.person().await;
        let path = profile_of(&ada);
        let wrong = [
            (json!({ "bio": "x".repeat(501) }), "/bio"),
            (json!({ "description": "x".repeat(5001) }), "/description"),
            (json!({ "locale": "de_CH" }), "/locale"),
            (json!({ "locale": "klingon-land-9" }), "/locale"),
            (json!({ "timezone": "Europe/Atlantis" }), "/timezone"),
            (json!({ "timezone": "CEST" }), "/timezone"),
            (json!({ "phone": "0791234567" }), "/phone"),
            (json!({ "national_id": "12/3456" }), "/national_id"),
            (json!({ "national_id": " 123 " }), "/national_id"),
            (json!({ "avatar": { "emoji": "Ada", "color": "#ff8800" } }), "/avatar/emoji"),
            (json!({ "avatar": { "emoji": "🦊", "color": "orange" } }), "/avatar/color"),
            (json!({ "avatar": { "emoji": "🦊" } }), "/avatar/color"),
            (json!({ "phone_confirmed": true }), ""),
            (json!({ "onboarded_at": "2026-01-01T00:00:00Z" }), ""),
        ];
        for (body, pointer) in wrong {
            let answer = ada.patch(&path, body.clone()).await.expect(422);
            let named = answer.json["errors"][0]["pointer"].as_str().unwrap();
            assert!(named == pointer || pointer.is_empty(), "{body} is refused at {named}");
            assert!(!answer.json.to_string().contains("12/3456"), "the answer repeats it");
        }
        assert_eq!(ada.get(&path).await.expect(200).header("etag"), "\"1\"");
    });
}

#[test]
fn of_many_who_change_the_same_version_one_does() {
    lobby(async |lobby| {
        let ada = lobby.person().await;
        let path = profile_of(&ada);
        let edits = (0..10).map(|turn| {
            let body = json!({ "bio": format!("version {turn}") });
            ada.send(ada.request(Method::PATCH, &path).header("If-Match", "\"1\"").json(&body))
        });
        let statuses: Vec<u16> = join_all(edits).await.iter().map(|answer| answer.status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 9, "{statuses:?}");
    });
}

#[test]
fn an_event_says_which_fields_changed_and_not_what_they_are() {
    lobby(async |lobby| {
        let ada = lobby.person().await;
        let body = json!({ "bio": "Counts.", "phone": PHONE, "national_id": NATIONAL_ID });
        ada.patch(&profile_of(&ada), body).await.expect(200);
        let sql = "SELECT count(*) FROM accounts.outbox WHERE action = 'accounts.profile_updated' \
            AND changes = '{\"fields\": [\"bio\", \"phone\", \"national_id\"]}'";
        assert_eq!(lobby.database.number(sql).await, 1);
    });
}
