//! Signing in, and that a refusal doesn't tell why.

use std::collections::BTreeSet;

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{is_in, made};
use crate::harness::{PASSWORD, lobby, lobby_with};

const DOORS: [&str; 2] = ["/auth/login", "/users/login"];

#[test]
fn people_sign_in_by_email_or_username_in_any_case_at_both_addresses() {
    lobby(async |lobby| {
        lobby.sign_up(json!({ "email": "Ada@example.org", "password": PASSWORD, "username": "ada.l" })).await;
        let anonymous = lobby.anonymous();
        let names = [("email", "ada@EXAMPLE.org"), ("email", " Ada@example.org "), ("username", "Ada.L")];
        for door in DOORS {
            for (kind, name) in names {
                let answer = anonymous.post(door, json!({ kind: name, "password": PASSWORD })).await.expect(200);
                assert_eq!(answer.json["token_type"], "Bearer");
                assert_eq!(answer.json["expires_in"], 900);
                assert_eq!(answer.header("cache-control"), "no-store");
                is_in(&anonymous.holding(&answer.json)).await;
            }
        }
        let sessions = lobby.database.number("SELECT count(*) FROM accounts.sessions WHERE revoked_at IS NULL").await;
        assert_eq!(sessions, 7, "one of signing up and one per sign-in");
    });
}

#[test]
fn signing_in_takes_one_name_and_a_password() {
    lobby(async |lobby| {
        let anonymous = lobby.anonymous();
        for door in DOORS {
            let both = json!({ "email": "ada@example.org", "username": "ada", "password": PASSWORD });
            anonymous.post(door, both).await.expect(422);
            anonymous.post(door, json!({ "password": PASSWORD })).await.expect(422);
            anonymous.post(door, json!({ "email": "ada@example.org" })).await.faults(&["/password"]);
            let more = json!({ "email": "ada@example.org", "password": PASSWORD, "remember": true });
            anonymous.post(door, more).await.faults(&["/remember"]);
        }
    });
}

#[test]
fn unknown_wrong_disabled_and_without_password_are_refused_alike_after_the_same_work() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        made(&owner, &workspace, "known@example.org", "assistant").await;
        let disabled = made(&owner, &workspace, "disabled@example.org", "assistant").await.id();
        owner.patch(&format!("/users/{disabled}"), json!({ "status": "disabled" })).await.expect(200);
        let without = json!({ "workspace": workspace, "email": "without@example.org", "username": "without" });
        owner.post("/users", without).await.expect(201);

        let refused = [
            json!({ "email": "unknown@example.org", "password": PASSWORD }),
            json!({ "username": "unknown", "password": PASSWORD }),
            json!({ "email": "known@example.org", "password": "not the password" }),
            json!({ "email": "known@example.org", "password": "" }),
            json!({ "email": "disabled@example.org", "password": PASSWORD }),
            json!({ "email": "without@example.org", "password": PASSWORD }),
            json!({ "username": "without", "password": "" }),
        ];
        let (anonymous, statements) = (lobby.anonymous(), lobby.statements().await);
        let (mut bodies, mut headers) = (BTreeSet::new(), BTreeSet::new());
        for door in DOORS {
            for body in &refused {
                // What was tried before is forgiven by then.
                lobby.clock.advance(Duration::hours(2));
                let (answer, seen) = statements.settled(2, async || anonymous.post(door, body.clone()).await).await;
                assert_eq!(seen.len(), 2, "{body} at {door} sent {seen:#?}");
                let mut answer = answer.problem(401, "invalid_credentials");
                answer.json["request_id"] = Value::Null;
                bodies.insert(answer.json.to_string().replace(door, ""));
                headers.insert(answer.headers.keys().map(ToString::to_string).collect::<BTreeSet<_>>());
            }
        }
        assert_eq!(bodies.len(), 1, "{bodies:#?}");
        assert_eq!(headers.len(), 1, "{headers:#?}");
    });
}

#[test]
fn beyond_a_short_queue_people_are_told_to_come_back() {
    let narrow = [("LOBBY__AUTH__HASH_PARALLELISM", "1"), ("LOBBY__AUTH__HASH_QUEUE", "1")];
    lobby_with(&narrow, async |lobby| {
        lobby.person().await;
        let anonymous = lobby.anonymous();
        let tries = (0..16).map(|one| {
            let body = json!({ "email": format!("p{one}@example.org"), "password": PASSWORD });
            anonymous.post("/auth/login", body)
        });
        let (inside, outside): (Vec<_>, Vec<_>) =
            join_all(tries).await.into_iter().partition(|answer| answer.status == 401);
        assert!(!inside.is_empty(), "nobody got in");
        assert!(!outside.is_empty(), "nobody was turned away");
        for answer in outside {
            assert_eq!(answer.problem(503, "busy").header("retry-after"), "1");
        }
        let body = json!({ "email": "person0@example.org", "password": PASSWORD });
        anonymous.post("/auth/login", body).await.expect(200);
    });
}
