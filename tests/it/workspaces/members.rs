//! Adding members and changing their memberships.

use reqwest::Method;
use serde_json::{Value, json};

use super::{STATE, accounts, events, membership};
use crate::harness::lobby;

#[test]
fn a_member_is_added_by_account_or_by_address_whatever_its_case() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let path = format!("/workspaces/{workspace}/members");
        let ada = json!({ "email": "Ada@Example.org", "password": crate::harness::PASSWORD, "first_name": "Ada" });
        let ada = lobby.sign_up(ada).await;
        let body = json!({ "email": "aDA@eXAMPLE.ORG", "role": "user", "hour_rate": 12_000 });
        let added = owner.post(&path, body).await.expect(201);
        assert_eq!(added.json["user_id"], ada.user);
        assert_eq!((&added.json["name"]["first_name"], &added.json["role"]), (&json!("Ada"), &json!("user")));
        assert_eq!((&added.json["hour_rate"], &added.json["currency"]), (&json!(12_000), &json!("EUR")));
        assert!(!added.json.to_string().to_lowercase().contains("example.org"), "addresses are not members' business");
        assert_eq!(owner.get(&membership(&workspace, &ada)).await.expect(200).json, added.json);
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
            (json!({ "email": "nobody@example.org", "role": "user" }), "/email", "unknown_person"),
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
        assert_eq!(changed.header("etag"), "\"2\"");
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
            .send(with(Method::PATCH, "", "\"1\"").json(&json!({ "hour_rate": 6 })))
            .await
            .problem(412, "precondition_failed");
        let role = json!({ "role": "client" });
        owner.send(with(Method::PUT, "/role", "\"1\"").json(&role)).await.problem(412, "precondition_failed");
        owner.send(with(Method::POST, "/deactivate", "\"1\"")).await.problem(412, "precondition_failed");
        owner.send(with(Method::DELETE, "", "\"1\"")).await.problem(412, "precondition_failed");
        assert_eq!(lobby.database.number(STATE).await, before);
        // Of many who read the same version, one writes.
        let all =
            (0..16).map(|rate| owner.send(with(Method::PATCH, "", "\"2\"").json(&json!({ "hour_rate": 100 + rate }))));
        let answers = futures_util::future::join_all(all).await;
        let written = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(written, 1);
        assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 200 | 412)));
        let read = owner.request(Method::GET, &path).header("If-None-Match", "\"3\"");
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
        owner.post_once(&path, "add-2", &body).await.problem(409, "already_member");
        assert_eq!(events(lobby, "member_added").await, 2);
    });
}
