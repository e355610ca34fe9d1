//! Editing accounts: one's own, and those that one's workspace made.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::{is_in, is_out, made, made_and_signed_in, platform_administrator};
use crate::harness::{PASSWORD, lobby};

#[test]
fn a_patch_changes_what_it_names_and_a_put_replaces_all() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let own = format!("/users/{}", person.user);
        for path in ["/users/me", own.as_str()] {
            let body = json!({ "username": "Ada.L", "first_name": " Ada ", "last_name": "Lovelace" });
            let whole = person.patch(path, body).await.expect(200);
            assert_eq!(whole.json["username"], "ada.l");
            assert_eq!(whole.json["first_name"], "Ada");
            let one = person.patch(path, json!({ "first_name": null })).await.expect(200);
            assert!(one.json["first_name"].is_null());
            assert_eq!(one.json["last_name"], "Lovelace");
            assert_eq!(person.get("/users/me").await.expect(200).json, one.json);
        }
        let replaced = person.put(&own, json!({ "first_name": "Grace" })).await.expect(200);
        assert_eq!(replaced.json["first_name"], "Grace");
        assert!(replaced.json["last_name"].is_null());
        assert!(replaced.json["username"].is_null());
        assert_eq!(replaced.json["email"], "person0@example.org");
    });
}

#[test]
fn an_administrator_edits_the_accounts_that_the_workspace_made_and_no_others() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let ours = made(&owner, &workspace, "ours@example.org", "assistant").await.id();
        let body = json!({ "first_name": "Ada", "username": "ada", "status": "disabled" });
        let edited = owner.patch(&format!("/users/{ours}"), body).await.expect(200);
        assert_eq!(edited.json["username"], "ada");
        assert_eq!(edited.json["status"], "disabled");

        let joined = json!({ "email": "own@example.org", "password": PASSWORD, "workspace": workspace });
        let own = lobby.sign_up(joined).await.user;
        let (neighbour, elsewhere) = lobby.workspace("crafo").await;
        let theirs = made(&neighbour, &elsewhere, "theirs@example.org", "assistant").await.id();
        lobby.seat(&workspace, &theirs, "assistant").await;
        for foreign in [own, theirs, neighbour.user.clone()] {
            let path = format!("/users/{foreign}");
            if foreign == neighbour.user {
                owner.bring(&workspace, &neighbour, "admin").await;
            }
            let before = owner.get(&path).await.expect(200);
            assert!(before.json["created_via"].is_null(), "another tenant's id is told");
            for body in [json!({ "first_name": "Eve" }), json!({ "status": "disabled" }), json!({})] {
                owner.patch(&path, body.clone()).await.problem(403, "account_not_yours");
                owner.put(&path, body).await.problem(403, "account_not_yours");
            }
            assert_eq!(owner.get(&path).await.expect(200).json, before.json);
        }
    });
}

#[test]
fn an_account_that_left_the_workspace_that_made_it_is_out_of_its_reach() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let person = made_and_signed_in(&owner, &workspace, "left@example.org", "assistant").await;
        let (neighbour, elsewhere) = lobby.workspace("crafo").await;
        neighbour.bring(&elsewhere, &person, "assistant").await;
        person.delete(&format!("/workspaces/{workspace}/members/me")).await.expect(204);
        let path = format!("/users/{}", person.user);
        owner.patch(&path, json!({ "first_name": "Eve" })).await.problem(404, "not_found");
        neighbour.patch(&path, json!({ "first_name": "Eve" })).await.problem(403, "account_not_yours");
    });
}

#[test]
fn nobody_changes_an_email_a_password_or_where_an_account_comes_from_by_editing() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let ours = made(&owner, &workspace, "ours@example.org", "assistant").await.id();
        let before = owner.get(&format!("/users/{ours}")).await.expect(200);
        let platform = platform_administrator(lobby).await;
        let fields = ["email", "password", "password_hash", "created_via", "second_factor", "id", "version"];
        for field in fields {
            let mut body = json!({ "first_name": "Eve" });
            body[field] = Value::from("eve@example.org");
            let pointer = format!("/{field}");
            for caller in [&owner, &platform] {
                caller.patch(&format!("/users/{ours}"), body.clone()).await.faults(&[&pointer]);
                caller.put(&format!("/users/{ours}"), body.clone()).await.faults(&[&pointer]);
            }
            owner.patch("/users/me", body).await.faults(&[&pointer]);
        }
        assert_eq!(owner.get(&format!("/users/{ours}")).await.expect(200).json, before.json);
    });
}

#[test]
fn nobody_sets_their_own_status() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let admin = made_and_signed_in(&owner, &workspace, "admin@example.org", "admin").await;
        let own = format!("/users/{}", admin.user);
        let disabled = json!({ "status": "disabled" });
        admin.patch("/users/me", disabled.clone()).await.problem(403, "own_status");
        admin.patch(&own, disabled.clone()).await.problem(403, "own_status");
        admin.put(&own, disabled).await.problem(403, "own_status");
        admin.patch(&own, json!({ "status": "active", "first_name": "Ada" })).await.expect(200);
    });
}

#[test]
fn a_username_that_is_taken_or_malformed_changes_nothing() {
    lobby(async |lobby| {
        lobby.sign_up(json!({ "email": "ada@example.org", "password": PASSWORD, "username": "ada" })).await;
        let person = lobby.person().await;
        person
            .patch("/users/me", json!({ "username": "ADA", "first_name": "Eve" }))
            .await
            .problem(409, "username_taken");
        person.patch("/users/me", json!({ "username": "a b" })).await.faults(&["/username"]);
        person.patch("/users/me", json!({ "first_name": "" })).await.faults(&["/first_name"]);
        person.patch("/users/me", json!({ "status": "gone" })).await.faults(&["/status"]);
        person.patch("/users/me", json!({ "status": null })).await.faults(&["/status"]);
        let me = person.get("/users/me").await.expect(200);
        assert!(me.json["username"].is_null() && me.json["first_name"].is_null());
    });
}

#[test]
fn an_account_that_the_client_has_is_not_sent_again() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        for path in ["/users/me".to_owned(), format!("/users/{}", person.user)] {
            let known = person.get(&path).await.expect(200).header("etag").to_owned();
            assert!(known.starts_with('"'), "{known}");
            for tags in [known.clone(), format!("W/{known}"), format!("\"other\", {known}"), "*".to_owned()] {
                let request = person.request(Method::GET, &path).header("If-None-Match", tags);
                let answer = person.send(request).await.expect(304);
                assert!(answer.bytes.is_empty());
                assert_eq!(answer.header("etag"), known);
            }
            person.patch(&path, json!({ "first_name": path })).await.expect(200);
            let request = person.request(Method::GET, &path).header("If-None-Match", &known);
            assert_ne!(person.send(request).await.expect(200).header("etag"), known);
        }
    });
}

#[test]
fn a_change_can_be_bound_to_the_version_that_was_seen() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        for path in ["/users/me".to_owned(), format!("/users/{}", person.user)] {
            let seen = person.get(&path).await.expect(200).header("etag").to_owned();
            let change = |tag: &str, name: &str| {
                let body = json!({ "first_name": name });
                let request = person.request(Method::PATCH, &path).header("If-Match", tag);
                person.send(request.json(&body))
            };
            let names: Vec<_> = (0..8).map(|number| format!("{path} {number}")).collect();
            let answers = join_all(names.iter().map(|name| change(&seen, name))).await;
            let (done, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
            assert_eq!(done.len(), 1, "of several changes to one version exactly one is made");
            let now = person.get(&path).await.expect(200);
            assert_eq!(now.json, done[0].json);
            assert_eq!(now.header("etag"), done[0].header("etag"));
            for answer in refused {
                answer.problem(412, "precondition_failed");
            }
            change("*", "any").await.expect(200);
        }
    });
}

#[test]
fn a_change_to_what_is_already_so_makes_no_new_version() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let named = person.patch("/users/me", json!({ "first_name": "Ada" })).await.expect(200);
        let events = "SELECT count(*) FROM accounts.outbox WHERE action = 'accounts.user_updated'";
        assert_eq!(lobby.database.number(events).await, 1);
        let again = person.patch("/users/me", json!({ "first_name": "Ada" })).await.expect(200);
        assert_eq!(again.json, named.json);
        assert_eq!(again.header("etag"), named.header("etag"));
        assert_eq!(lobby.database.number(events).await, 1);
    });
}

#[test]
fn whom_one_may_not_remove_one_may_not_lock_out_either() {
    lobby(async |lobby| {
        let (founder, workspace) = lobby.workspace("crafo").await;
        // The account was made by the workspace, and owns it since: editing it is one thing, locking it out another.
        let owner = made_and_signed_in(&founder, &workspace, "owner@example.org", "admin").await;
        let heir = json!({ "user_id": owner.user });
        founder.put(&format!("/workspaces/{workspace}/owner"), heir).await.expect(200);
        let grants = json!({ "can_view_users": true, "can_view_profiles": true, "can_edit_profiles": true });
        let role = json!({ "name": "editor", "permissions": grants });
        founder.post(&format!("/workspaces/{workspace}/roles"), role).await.expect(201);
        let editor = made_and_signed_in(&founder, &workspace, "editor@example.org", "editor").await;
        let admin = made_and_signed_in(&founder, &workspace, "admin@example.org", "admin").await;
        let peer = made_and_signed_in(&founder, &workspace, "peer@example.org", "editor").await;

        let events = "SELECT count(*) FROM accounts.outbox";
        let before = lobby.database.number(events).await;
        let cases = [
            // An administrator's role covers the owner's, but the owner must hand over first.
            (&admin, &owner, 409, "owner_must_hand_over"),
            (&editor, &owner, 403, "beyond_your_own"),
            (&editor, &admin, 403, "beyond_your_own"),
        ];
        for (caller, victim, status, code) in cases {
            let path = format!("/users/{}", victim.user);
            let disabled = json!({ "status": "disabled" });
            caller.patch(&path, disabled.clone()).await.problem(status, code);
            caller.put(&path, disabled).await.problem(status, code);
            is_in(victim).await;
            assert_eq!(victim.get("/users/me").await.expect(200).json["status"], "active");
        }
        assert_eq!(lobby.database.number(events).await, before, "something was changed");

        // The name of either may be changed still, and whom one covers may be locked out.
        editor.patch(&format!("/users/{}", owner.user), json!({ "first_name": "Ada" })).await.expect(200);
        editor.patch(&format!("/users/{}", peer.user), json!({ "status": "disabled" })).await.expect(200);
        is_out(&peer).await;
    });
}

#[test]
fn what_the_platform_disabled_only_the_platform_enables() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let path = format!("/users/{}", made(&owner, &workspace, "ours@example.org", "assistant").await.id());
        let platform = platform_administrator(lobby).await;
        let (active, disabled) = (json!({ "status": "active" }), json!({ "status": "disabled" }));

        platform.patch(&path, disabled.clone()).await.expect(200);
        owner.patch(&path, active.clone()).await.problem(403, "disabled_by_platform");
        owner.put(&path, active.clone()).await.problem(403, "disabled_by_platform");
        // To say again what is so makes it no one else's.
        owner.patch(&path, disabled.clone()).await.expect(200);
        owner.patch(&path, active.clone()).await.problem(403, "disabled_by_platform");
        assert_eq!(owner.patch(&path, json!({ "first_name": "Ada" })).await.expect(200).json["status"], "disabled");
        assert_eq!(platform.patch(&path, active.clone()).await.expect(200).json["status"], "active");

        owner.patch(&path, disabled.clone()).await.expect(200);
        owner.patch(&path, active.clone()).await.expect(200);
        // What a workspace disabled, the platform may make its own.
        owner.patch(&path, disabled.clone()).await.expect(200);
        platform.patch(&path, disabled).await.expect(200);
        owner.patch(&path, active).await.problem(403, "disabled_by_platform");
    });
}
