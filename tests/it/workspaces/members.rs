//! Adding members and changing their memberships.

use reqwest::Method;
use serde_json::{Value, json};

use super::{STATE, accounts, events, membership};
use crate::harness::lobby;

#[test]
fn who_is_asked_holds_nothing_and_tells_nothing_until_they_accept() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let path = format!("/workspaces/{workspace}/members");
        let ada = json!({ "email": "Ada@Example.org", "password": crate::harness::PASSWORD, "first_name": "Ada" });
        let ada = lobby.sign_up(ada).await;
        let body = json!({ "user_id": ada.user, "role": "user", "hour_rate": 12_000 });
        let asked = owner.post(&path, body).await.expect(201);
        assert_eq!((&asked.json["status"], &asked.json["user_id"]), (&json!("invited"), &json!(ada.user)));
        assert_eq!((&asked.json["hour_rate"], &asked.json["currency"]), (&json!(12_000), &json!("EUR")));
        let place = membership(&workspace, &ada);
        for told in [asked.json.clone(), owner.get(&place).await.expect(200).json, owner.get(&path).await.json] {
            let told = told.to_string().to_lowercase();
            assert!(!told.contains("example.org") && !told.contains("\"ada\""), "{told}");
        }
        owner.get(&format!("/users/{}", ada.user)).await.problem(404, "not_found");
        ada.get(&format!("/workspaces/{workspace}")).await.problem(404, "not_found");
        assert_eq!(ada.get("/workspaces").await.expect(200).json["items"], json!([]));

        // Nobody accepts in their place, or changes what they were asked.
        let before = lobby.database.number(STATE).await;
        owner.act(&format!("{place}/activate")).await.problem(409, "not_accepted_yet");
        owner.patch(&place, json!({ "status": "active" })).await.problem(409, "not_accepted_yet");
        owner.put(&format!("{place}/role"), json!({ "role": "client" })).await.problem(409, "not_accepted_yet");
        owner.post(&path, json!({ "user_id": ada.user, "role": "client" })).await.problem(409, "already_invited");
        let heir = json!({ "user_id": ada.user });
        owner.put(&format!("/workspaces/{workspace}/owner"), heir).await.faults(&["/user_id"]);
        assert_eq!(lobby.database.number(STATE).await, before);

        let waiting = ada.get("/users/me/invitations").await.expect(200).items()[0]["id"].clone();
        let accepted = format!("/users/me/invitations/{}/accept", waiting.as_str().unwrap());
        let begun = ada.act(&accepted).await.expect(201);
        assert_eq!((&begun.json["status"], &begun.json["role"]), (&json!("active"), &json!("user")));
        let now = owner.get(&place).await.expect(200).json;
        assert_eq!((&now["name"]["first_name"], &now["hour_rate"]), (&json!("Ada"), &json!(12_000)));
        owner.post(&path, json!({ "user_id": ada.user, "role": "client" })).await.problem(409, "already_member");
        assert_eq!(events(lobby, "member_added").await, 2);
    });
}

#[test]
fn who_or_what_is_unknown_is_named_and_nothing_is_stored() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let path = format!("/workspaces/{workspace}/members");
        let account = accounts(&lobby.database, 1).await.remove(0);
        let before = lobby.database.number(STATE).await;
        let unknown = [
            (json!({ "user_id": uuid::Uuid::now_v7(), "role": "user" }), "/user_id", "unknown_person"),
            (json!({ "user_id": account, "role": "usr" }), "/role", "unknown_role"),
            (json!({ "email": "nonsense", "role": "user" }), "/email", "email"),
            (json!({ "user_id": account, "role": "user", "hour_rate": -1 }), "/hour_rate", "range"),
        ];
        for (body, pointer, code) in unknown {
            let refused = owner.post(&path, body).await.faults(&[pointer]);
            assert_eq!(refused.json["errors"][0]["code"], code);
        }
        owner.post(&path, json!({ "role": "user" })).await.expect(422);
        owner.post(&path, json!({ "user_id": account, "email": "a@example.org", "role": "user" })).await.expect(422);
        assert_eq!(lobby.database.number(STATE).await, before);
    });
}

#[test]
fn a_membership_is_changed_and_what_stays_the_same_is_no_change() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let member = lobby.member(&owner, &workspace, "user").await;
        let path = membership(&workspace, &member);
        let changed = owner.patch(&path, json!({ "hour_rate": 5, "status": "suspended" })).await.expect(200);
        assert_eq!((&changed.json["hour_rate"], &changed.json["status"]), (&json!(5), &json!("suspended")));
        assert_eq!(changed.header("etag"), "\"3\"");
        let before = lobby.database.number(STATE).await;
        owner.patch(&path, json!({ "hour_rate": 5 })).await.expect(200);
        owner.patch(&path, json!({})).await.expect(200);
        owner.act(&format!("{path}/deactivate")).await.expect(200);
        owner.put(&format!("{path}/role"), json!({ "role": "user" })).await.expect(200);
        assert_eq!(lobby.database.number(STATE).await, before);
        let cleared = owner.patch(&path, json!({ "hour_rate": null })).await.expect(200);
        assert_eq!((&cleared.json["hour_rate"], &cleared.json["status"]), (&Value::Null, &json!("suspended")));
        for status in ["invited", "pending", "gone"] {
            owner.patch(&path, json!({ "status": status })).await.expect(422);
        }
        owner.put(&format!("{path}/role"), json!({ "role": "nobody" })).await.faults(&["/role"]);
        owner.put(&format!("{path}/role"), json!({ "role": "client" })).await.expect(200);
        let told = [
            events(lobby, "member_updated").await,
            events(lobby, "member_suspended").await,
            events(lobby, "member_role_changed").await,
        ];
        assert_eq!(told, [2, 1, 1]);
        let path = format!("/workspaces/{workspace}/members/{}", uuid::Uuid::now_v7());
        owner.patch(&path, json!({ "hour_rate": 5 })).await.problem(404, "not_found");
        owner.delete(&path).await.problem(404, "not_found");
    });
}

#[test]
fn a_membership_that_was_changed_meanwhile_is_not_overwritten() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let member = lobby.member(&owner, &workspace, "user").await;
        let path = membership(&workspace, &member);
        owner.patch(&path, json!({ "hour_rate": 5 })).await.expect(200);
        let before = lobby.database.number(STATE).await;
        let with = |method: Method, rest: &str, tag: &str| {
            owner.request(method, &format!("{path}{rest}")).header("If-Match", tag.to_owned())
        };
        owner
            .send(with(Method::PATCH, "", "\"2\"").json(&json!({ "hour_rate": 6 })))
            .await
            .problem(412, "precondition_failed");
        let role = json!({ "role": "client" });
        owner.send(with(Method::PUT, "/role", "\"2\"").json(&role)).await.problem(412, "precondition_failed");
        owner.send(with(Method::POST, "/deactivate", "\"2\"")).await.problem(412, "precondition_failed");
        owner.send(with(Method::DELETE, "", "\"2\"")).await.problem(412, "precondition_failed");
        assert_eq!(lobby.database.number(STATE).await, before);
        // Of many who read the same version, one writes.
        let all =
            (0..16).map(|rate| owner.send(with(Method::PATCH, "", "\"3\"").json(&json!({ "hour_rate": 100 + rate }))));
        let answers = futures_util::future::join_all(all).await;
        let written = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(written, 1);
        assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 200 | 412)));
        let read = owner.request(Method::GET, &path).header("If-None-Match", "\"4\"");
        owner.send(read).await.expect(304);
    });
}

#[test]
fn a_repeated_addition_has_one_effect() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let path = format!("/workspaces/{workspace}/members");
        let body = json!({ "user_id": accounts(&lobby.database, 1).await[0], "role": "user" });
        let first = owner.post_once(&path, "add-1", &body).await.expect(201);
        let again = owner.post_once(&path, "add-1", &body).await.expect(201);
        assert_eq!((again.header("idempotency-replayed"), &again.json), ("true", &first.json));
        owner.post_once(&path, "add-2", &body).await.problem(409, "already_invited");
        assert_eq!(events(lobby, "invited").await, 1);
    });
}

#[test]
fn a_membership_ends_by_itself_and_never_the_owners() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let member = lobby.member(&owner, &workspace, "admin").await;
        let path = membership(&workspace, &member);
        let at = |minutes: i64| (lobby.clock.now() + chrono::Duration::minutes(minutes)).to_rfc3339();
        let past = owner.patch(&path, json!({ "expires_at": at(-1) })).await.faults(&["/expires_at"]);
        assert_eq!(past.json["errors"][0]["code"], "past");
        owner.patch(&path, json!({ "expires_at": "soon" })).await.expect(422);
        assert!(owner.patch(&path, json!({ "expires_at": at(5) })).await.expect(200).json["expires_at"].is_string());
        member.get(&format!("/workspaces/{workspace}")).await.expect(200);
        let cleared = owner.patch(&path, json!({ "expires_at": null })).await.expect(200);
        assert_eq!(cleared.json["expires_at"], Value::Null);
        assert_eq!(events(lobby, "member_updated").await, 2);
        let own = membership(&workspace, &owner);
        owner.patch(&own, json!({ "expires_at": at(5) })).await.problem(409, "owner_must_hand_over");
        member.patch(&own, json!({ "expires_at": at(5) })).await.problem(409, "owner_must_hand_over");

        // Whoever goes some day can't be relied on, so an owner doesn't step down for them.
        owner.patch(&path, json!({ "expires_at": at(5) })).await.expect(200);
        let demotion = json!({ "role": "user" });
        member.put(&format!("{own}/role"), demotion).await.problem(409, "owner_must_hand_over");
        lobby.clock.advance(chrono::Duration::minutes(6));
        member.get(&format!("/workspaces/{workspace}")).await.problem(404, "not_found");
    });
}
