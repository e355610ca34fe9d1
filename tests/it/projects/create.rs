//! Creating projects: where, under which key, for whom.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::json;

use super::{create, project, state, suspend};
use crate::harness::lobby;

#[test]
fn a_new_project_is_answered_whole_and_found_at_its_location() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let avatar = json!({ "emoji": "🚀", "color": "#FF8800" });
        let body = json!({
            "key": "WEB", "name": "  Website ", "description": "All of it", "is_public": true, "is_billable": true,
            "avatar": avatar,
        });
        let made = create(&owner, &workspace, body).await;
        for (member, expected) in [
            ("workspace_id", json!(workspace)),
            ("key", json!("WEB")),
            ("name", json!("Website")),
            ("description", json!("All of it")),
            ("owner_id", json!(owner.user)),
            ("is_public", json!(true)),
            ("is_billable", json!(true)),
            ("is_active", json!(true)),
            ("avatar", json!({ "emoji": "🚀", "color": "#ff8800" })),
            ("version", json!(1)),
        ] {
            assert_eq!(made.json[member], expected, "{member}");
        }
        let location = made.header("location").strip_prefix("/api/v1").unwrap().to_owned();
        let read = owner.get(&location).await.expect(200);
        assert_eq!(read.json, made.json);
        assert_eq!(read.header("etag"), made.header("etag"));
        let members = owner.get(&format!("{location}/members")).await.expect(200);
        assert_eq!(members.each("user_id"), [owner.user.as_str()], "the owner takes part from the start");
        assert_eq!(members.items()[0]["is_owner"], true);
    });
}

#[test]
fn a_key_is_made_of_the_name_and_numbered_when_it_is_taken() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for (name, key) in [
            ("Website redesign", "WR"),
            ("Wild roses", "WR2"),
            ("Infrastructure", "INFRA"),
            ("infrastructure", "INFRA2"),
            ("Infrastructure", "INFRA3"),
            ("42nd street art", "SA"),
            ("مشروع", "PROJ"),
            ("7", "PROJ2"),
        ] {
            assert_eq!(create(&owner, &workspace, json!({ "name": name })).await.text("key"), key, "{name}");
        }
        owner.delete(&format!("/projects/{}", project(&owner, &workspace, "Zebra").await)).await.expect(204);
        let again = create(&owner, &workspace, json!({ "name": "Zebra" })).await;
        assert_eq!(again.text("key"), "ZEBRA", "a key is free again when its project is gone");
    });
}

#[test]
fn keys_made_at_once_are_all_different() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let all = (0..30).map(|_| create(&owner, &workspace, json!({ "name": "Same name" })));
        let keys: BTreeSet<String> = join_all(all).await.iter().map(|made| made.text("key")).collect();
        let expected = (2..=30).map(|number| format!("SN{number}")).chain(["SN".to_owned()]);
        assert_eq!(keys, expected.collect());
    });
}

#[test]
fn a_chosen_key_is_taken_once_in_a_workspace() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let body = json!({ "workspace": workspace, "name": "Chosen", "key": "KEY" });
        let answers = join_all((0..10).map(|_| owner.post("/projects", body.clone()))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        for refused in answers.into_iter().filter(|answer| answer.status != 201) {
            refused.problem(409, "key_taken");
        }
        let before = state(lobby).await;
        owner.post("/projects", body).await.problem(409, "key_taken");
        assert_eq!(state(lobby).await, before);

        let other = project(&owner, &workspace, "Other").await;
        owner.patch(&format!("/projects/{other}"), json!({ "key": "KEY" })).await.problem(409, "key_taken");
        let put = json!({ "name": "Other", "key": "KEY" });
        owner.put(&format!("/projects/{other}"), put).await.problem(409, "key_taken");

        let (stranger, elsewhere) = lobby.workspace("lobby").await;
        create(&stranger, &elsewhere, json!({ "name": "Chosen", "key": "KEY" })).await;
    });
}

#[test]
fn what_is_wrong_with_a_new_project_is_named_and_nothing_is_written() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let before = state(lobby).await;
        let avatar = |emoji: &str, color: &str| json!({ "name": "N", "avatar": { "emoji": emoji, "color": color } });
        for (body, pointers) in [
            (json!({}), &["/name"][..]),
            (json!({ "name": " \t" }), &["/name"]),
            (json!({ "name": "x".repeat(121) }), &["/name"]),
            (json!({ "name": 7 }), &["/name"]),
            (json!({ "name": "N", "description": "x".repeat(10_001) }), &["/description"]),
            (json!({ "name": "N", "key": "lower" }), &["/key"]),
            (json!({ "name": "N", "key": "A" }), &["/key"]),
            (json!({ "name": "N", "key": "ABCDEFGHIJK" }), &["/key"]),
            (json!({ "name": "N", "key": "1AB" }), &["/key"]),
            (json!({ "name": "", "key": "" }), &["/key", "/name"]),
            (avatar("word", "#ff8800"), &["/avatar/emoji"]),
            (avatar("🚀", "red"), &["/avatar/color"]),
            (json!({ "name": "N", "is_active": false }), &["/is_active"]),
            (json!({ "name": "N", "owner_id": "nobody" }), &["/owner_id"]),
            (json!({ "name": "N", "owner_id": uuid::Uuid::now_v7() }), &["/owner_id"]),
        ] {
            let mut body = body;
            body["workspace"] = workspace.as_str().into();
            owner.post("/projects", body).await.faults(pointers);
        }
        assert_eq!(state(lobby).await, before);
    });
}

#[test]
fn the_workspace_may_be_left_out_by_who_belongs_to_exactly_one() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (other, elsewhere) = lobby.workspace("lobby").await;
        let body = json!({ "name": "Somewhere" });
        let made = owner.post("/projects", body.clone()).await.expect(201);
        assert_eq!(made.text("workspace_id"), workspace);

        other.bring(&elsewhere, &owner, "admin").await;
        let before = state(lobby).await;
        let refusal = owner.post("/projects", body.clone()).await.faults(&["/workspace"]);
        assert_eq!(refusal.json["errors"][0]["code"], "workspace_required");
        assert_eq!(state(lobby).await, before);
        assert_eq!(create(&owner, &elsewhere, body.clone()).await.text("workspace_id"), elsewhere);

        // A suspended membership is none.
        suspend(&other, &elsewhere, &owner.user).await;
        let made = owner.post("/projects", body).await.expect(201);
        assert_eq!(made.text("workspace_id"), workspace);
    });
}

#[test]
fn a_workspace_is_named_by_its_slug_too() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let slug = owner.get(&format!("/workspaces/{workspace}")).await.expect(200).text("slug");
        let made = create(&owner, &slug, json!({ "name": "By slug" })).await;
        assert_eq!(made.text("workspace_id"), workspace);
        let listed = owner.get(&format!("/projects?workspace={slug}")).await.expect(200);
        assert_eq!(listed.each("id"), [made.id()]);
        let nowhere = json!({ "workspace": "no-such-place", "name": "Nowhere" });
        owner.post("/projects", nowhere).await.problem(404, "not_found");
    });
}

#[test]
fn a_project_in_someone_elses_name_takes_the_right_to_edit_all() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let verified = lobby.member(&owner, &workspace, "verified_developer").await;
        let before = state(lobby).await;
        let body = json!({ "workspace": workspace, "name": "Yours", "owner_id": owner.user });
        let refusal = verified.post("/projects", body).await.problem(403, "permission_denied");
        assert_eq!(refusal.json["permission"], "can_edit_projects");
        assert_eq!((&refusal.json["held"], &refusal.json["needed"]), (&json!("own"), &json!("any")));
        let (stranger, _) = lobby.workspace("devhub").await;
        let body = json!({ "workspace": workspace, "name": "Theirs", "owner_id": stranger.user });
        let refusal = owner.post("/projects", body).await.faults(&["/owner_id"]);
        assert_eq!(refusal.json["errors"][0]["code"], "not_a_member");
        assert_eq!(state(lobby).await, before);

        let body = json!({ "name": "For you", "owner_id": verified.user });
        let made = create(&owner, &workspace, body).await;
        assert_eq!(made.text("owner_id"), verified.user);
        verified.patch(&format!("/projects/{}", made.id()), json!({ "name": "Mine" })).await.expect(200);
    });
}

#[test]
fn a_repeated_creation_makes_one_project_and_keys_are_each_persons_own() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let colleague = lobby.member(&owner, &workspace, "admin").await;
        let body = json!({ "workspace": workspace, "name": "Once" });
        let first = owner.post_once("/projects", "key", &body).await.expect(201);
        let before = state(lobby).await;
        let again = owner.post_once("/projects", "key", &body).await.expect(201);
        assert_eq!((again.json.clone(), again.header("etag")), (first.json.clone(), first.header("etag")));
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(state(lobby).await, before, "a repetition changed something");
        let theirs = colleague.post_once("/projects", "key", &body).await.expect(201);
        assert_ne!(theirs.id(), first.id(), "someone else's key is another key");

        // What was refused is not kept: the key is good for another try.
        let taken = json!({ "workspace": workspace, "name": "Key", "key": first.text("key") });
        owner.post_once("/projects", "later", &taken).await.problem(409, "key_taken");
        owner.delete(&format!("/projects/{}", first.id())).await.expect(204);
        owner.post_once("/projects", "later", &taken).await.expect(201);
    });
}
