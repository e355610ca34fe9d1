//! A workspace's settings.

use reqwest::Method;
use serde_json::{Value, json};

use super::{STATE, events, membership};
use crate::harness::lobby;

#[test]
fn patch_changes_what_is_given_and_put_replaces() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let path = format!("/workspaces/{workspace}");
        let change = json!({ "description": "d", "avatar": { "emoji": "🦊", "color": "#FFcc00" }, "currency": "CHF" });
        let patched = owner.patch(&path, change).await.expect(200);
        assert_eq!(patched.json["avatar"], json!({ "emoji": "🦊", "color": "#ffcc00" }));
        assert_eq!((&patched.json["name"], &patched.json["currency"]), (&json!("A lobby workspace"), &json!("CHF")));
        assert_eq!(patched.header("etag"), "\"2\"");
        let before = lobby.database.number(STATE).await;
        owner.patch(&path, json!({ "description": "d", "currency": "CHF" })).await.expect(200);
        assert_eq!(lobby.database.number(STATE).await, before, "no change, no version");
        let put = owner.put(&path, json!({ "name": "Other" })).await.expect(200);
        assert_eq!((&put.json["description"], &put.json["avatar"]), (&json!(""), &Value::Null));
        assert_eq!((&put.json["currency"], &put.json["slug"]), (&json!("CHF"), &patched.json["slug"]));
        assert_eq!(events(lobby, "updated").await, 2);
        owner.patch(&path, json!({ "owner_id": owner.user })).await.expect(422);
        owner.patch(&path, json!({ "default_role": "nobody" })).await.faults(&["/default_role"]);
        owner.patch(&path, json!({ "default_role": "client" })).await.expect(200);
    });
}

#[test]
fn settings_that_were_changed_meanwhile_are_not_overwritten() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let path = format!("/workspaces/{workspace}");
        owner.patch(&path, json!({ "name": "One" })).await.expect(200);
        let before = lobby.database.number(STATE).await;
        let requests = [
            (Method::PATCH, "", json!({ "name": "Two" })),
            (Method::PUT, "", json!({ "name": "Two" })),
            (Method::PUT, "/owner", json!({ "user_id": owner.user })),
            (Method::DELETE, "", json!({ "confirm": "One" })),
        ];
        for (method, rest, body) in requests {
            let request = owner.request(method, &format!("{path}{rest}")).header("If-Match", "\"1\"").json(&body);
            owner.send(request).await.problem(412, "precondition_failed");
        }
        assert_eq!(lobby.database.number(STATE).await, before);
        owner.send(owner.request(Method::GET, &path).header("If-None-Match", "\"2\"")).await.expect(304);
        let all = (0..16).map(|turn| {
            let body = json!({ "name": format!("Name {turn}") });
            owner.send(owner.request(Method::PATCH, &path).header("If-Match", "\"2\"").json(&body))
        });
        let answers = futures_util::future::join_all(all).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "of many, one writes");
    });
}

#[test]
fn a_slug_moves_at_once_and_is_free_for_others() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let path = format!("/workspaces/{workspace}");
        let old = owner.get(&path).await.expect(200).text("slug");
        owner.get(&format!("/workspaces/{old}/members")).await.expect(200);
        owner.patch(&path, json!({ "slug": "brand-new" })).await.expect(200);
        owner.get("/workspaces/brand-new/members").await.expect(200);
        owner.get(&format!("/workspaces/{old}/members")).await.problem(404, "not_found");
        let other = lobby.person().await;
        other.post("/workspaces", json!({ "name": "X", "slug": old })).await.expect(201);
        other.patch(&format!("/workspaces/{old}"), json!({ "slug": "brand-new" })).await.problem(409, "slug_taken");
    });
}

#[test]
fn a_currency_stays_while_hour_rates_are_in_it() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (path, member) = (format!("/workspaces/{workspace}"), membership(&workspace, &owner));
        owner.patch(&member, json!({ "hour_rate": 100 })).await.expect(200);
        owner.patch(&path, json!({ "currency": "USD" })).await.problem(409, "currency_in_use");
        owner.patch(&path, json!({ "currency": "EUR" })).await.expect(200);
        owner.patch(&member, json!({ "hour_rate": null })).await.expect(200);
        owner.patch(&path, json!({ "currency": "USD" })).await.expect(200);
    });
}

#[test]
fn what_can_t_be_empty_is_not_emptied_by_null() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let refused = async |path: &str, fields: &[&str]| {
            let before = owner.get(path).await.expect(200).json;
            for field in fields {
                owner.patch(path, json!({ *field: null })).await.faults(&[&format!("/{field}")]);
            }
            assert_eq!(owner.get(path).await.expect(200).json, before);
        };
        let fields = ["name", "slug", "description", "currency", "registration", "default_role"];
        refused(&format!("/workspaces/{workspace}"), &fields).await;
        refused(&membership(&workspace, &owner), &["status"]).await;
        let body = json!({ "workspace": workspace, "name": "helper", "permissions": {} });
        let role = owner.post("/roles", body).await.expect(201).id();
        let fields = ["name", "title", "description", "permissions", "self_assignable", "granted_by_plan"];
        refused(&format!("/roles/{role}"), &fields).await;
    });
}
