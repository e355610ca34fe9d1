//! Removing people: from the workspace, and with it an account that belongs nowhere else.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use super::{accounts, is_in, is_out, made_and_signed_in, platform_administrator, seats};
use crate::harness::{Client, PASSWORD, lobby};

fn path(person: &Client) -> String {
    format!("/users/{}", person.user)
}

#[test]
fn who_signed_up_loses_the_membership_and_keeps_the_account() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let member = lobby.member(&owner, &workspace, "assistant").await;
        owner.delete(&path(&member)).await.expect(204);
        assert_eq!(seats(lobby, &member.user).await, 0);
        is_in(&member).await;
        assert!(member.get("/workspaces").await.expect(200).items().is_empty());
        owner.get(&path(&member)).await.problem(404, "not_found");
        owner.delete(&path(&member)).await.problem(404, "not_found");
    });
}

#[test]
fn an_account_that_the_workspace_made_goes_with_its_last_membership() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let member = made_and_signed_in(&owner, &workspace, "gone@example.org", "assistant").await;
        owner.delete(&path(&member)).await.expect(204);
        is_out(&member).await;
        let body = json!({ "email": "gone@example.org", "password": PASSWORD });
        member.signed_out().post("/auth/login", body).await.problem(401, "invalid_credentials");
        owner.get(&path(&member)).await.problem(404, "not_found");
        assert_eq!(accounts(lobby).await, 1);
        assert_eq!(seats(lobby, &member.user).await, 0);
        let traces = "SELECT (SELECT count(*) FROM accounts.profiles) - 1 \
             + (SELECT count(*) FROM accounts.sessions WHERE revoked_at IS NOT NULL AND address IS NOT NULL)";
        assert_eq!(lobby.database.number(traces).await, 0, "something of the person is left");
        made_and_signed_in(&owner, &workspace, "gone@example.org", "assistant").await;
    });
}

#[test]
fn an_account_that_belongs_elsewhere_too_stays() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let (neighbour, elsewhere) = lobby.workspace("crafo").await;
        let member = made_and_signed_in(&owner, &workspace, "both@example.org", "assistant").await;
        neighbour.bring(&elsewhere, &member, "assistant").await;
        let suspended = json!({ "status": "suspended" });
        let seat = format!("/workspaces/{elsewhere}/members/{}", member.user);
        neighbour.patch(&seat, suspended).await.expect(200);
        owner.delete(&path(&member)).await.expect(204);
        is_in(&member).await;
        assert_eq!(seats(lobby, &member.user).await, 1);

        // The last workspace did not make the account, so it doesn't erase it either.
        neighbour.patch(&seat, json!({ "status": "active" })).await.expect(200);
        neighbour.delete(&path(&member)).await.expect(204);
        is_in(&member).await;
        assert_eq!(seats(lobby, &member.user).await, 0);
    });
}

#[test]
fn the_owner_is_not_removed_by_anyone_and_nothing_of_it_is_half_done() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let admin = lobby.member(&owner, &workspace, "admin").await;
        let platform = platform_administrator(lobby).await;
        for caller in [&owner, &admin, &platform] {
            caller.delete(&path(&owner)).await.problem(409, "owner_must_hand_over");
        }
        is_in(&owner).await;
        assert_eq!(seats(lobby, &owner.user).await, 1);
        owner.get("/users").await.expect(200);
        let told = "SELECT (SELECT count(*) FROM accounts.outbox WHERE action = 'accounts.user_deleted') \
             + (SELECT count(*) FROM workspace.outbox WHERE action LIKE 'workspace.member_removed')";
        assert_eq!(lobby.database.number(told).await, 0);

        admin.delete(&path(&admin)).await.expect(204);
        assert_eq!(seats(lobby, &admin.user).await, 0);
    });
}

#[test]
fn who_owns_one_workspace_keeps_their_place_in_the_others_when_the_removal_is_refused() {
    lobby(async |lobby| {
        let platform = platform_administrator(lobby).await;
        let (owner, workspace) = lobby.workspace("crafo").await;
        // On either side of the owned one in any order, so that no order of removing hides a half.
        for _ in 0..3 {
            let (neighbour, elsewhere) = lobby.workspace("crafo").await;
            neighbour.bring(&elsewhere, &owner, "assistant").await;
        }
        let (late, last) = lobby.workspace("crafo").await;
        let between = lobby.member(&late, &last, "assistant").await;
        let (former, first) = lobby.workspace("crafo").await;
        let own = json!({ "name": "Own", "blueprint": "crafo" });
        between.post("/workspaces", own).await.expect(201);
        former.bring(&first, &between, "assistant").await;

        for (person, places) in [(&owner, 4), (&between, 3)] {
            platform.delete(&path(person)).await.problem(409, "owner_must_hand_over");
            assert_eq!(seats(lobby, &person.user).await, places, "half removed");
            is_in(person).await;
        }
        owner.get(&format!("/workspaces/{workspace}")).await.expect(200);
    });
}

#[test]
fn nobody_removes_who_holds_more_than_they_do() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let grants = json!({ "can_delete_users": true, "can_view_users": true });
        let body = json!({ "name": "bouncer", "title": "Bouncer", "permissions": grants });
        owner.post(&format!("/workspaces/{workspace}/roles"), body).await.expect(201);
        let bouncer = lobby.member(&owner, &workspace, "bouncer").await;
        let admin = made_and_signed_in(&owner, &workspace, "admin@example.org", "admin").await;
        bouncer.delete(&path(&admin)).await.problem(403, "beyond_your_own");
        assert_eq!(seats(lobby, &admin.user).await, 1);
        is_in(&admin).await;
        let peer = made_and_signed_in(&owner, &workspace, "peer@example.org", "bouncer").await;
        bouncer.delete(&path(&peer)).await.expect(204);
        is_out(&peer).await;
    });
}

#[test]
fn a_platform_administrator_removes_someone_from_everywhere() {
    lobby(async |lobby| {
        let platform = platform_administrator(lobby).await;
        let (owner, workspace) = lobby.workspace("crafo").await;
        let (neighbour, elsewhere) = lobby.workspace("crafo").await;
        let member = lobby.member(&owner, &workspace, "assistant").await;
        neighbour.bring(&elsewhere, &member, "assistant").await;
        let alone = lobby.person().await;
        for person in [&member, &alone] {
            platform.delete(&path(person)).await.expect(204);
            is_out(person).await;
            assert_eq!(seats(lobby, &person.user).await, 0);
            platform.get(&path(person)).await.problem(404, "not_found");
        }
        let audited = "SELECT count(*) FROM accounts.outbox WHERE action = 'accounts.user_deleted' AND as_platform";
        assert_eq!(lobby.database.number(audited).await, 2);
    });
}

#[test]
fn a_removal_can_be_bound_to_the_version_that_was_seen() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let member = made_and_signed_in(&owner, &workspace, "member@example.org", "assistant").await;
        let seen = owner.get(&path(&member)).await.expect(200).header("etag").to_owned();
        member.patch("/users/me", json!({ "first_name": "Ada" })).await.expect(200);
        let removal = |tag: &str| owner.send(owner.request(Method::DELETE, &path(&member)).header("If-Match", tag));
        removal(&seen).await.problem(412, "precondition_failed");
        is_in(&member).await;
        let now = owner.get(&path(&member)).await.expect(200).header("etag").to_owned();
        removal(&now).await.expect(204);
        is_out(&member).await;
    });
}

#[test]
fn the_platform_removes_someone_wholly_or_not_at_all() {
    lobby(async |lobby| {
        let platform = platform_administrator(lobby).await;
        let (owner, workspace) = lobby.workspace("crafo").await;
        let (neighbour, elsewhere) = lobby.workspace("crafo").await;
        let member = lobby.member(&owner, &workspace, "assistant").await;
        neighbour.bring(&elsewhere, &member, "assistant").await;
        neighbour.act(&format!("/workspaces/{elsewhere}/members/{}/deactivate", member.user)).await.expect(200);
        platform.delete(&path(&member)).await.expect(204);
        is_out(&member).await;
        assert_eq!(seats(lobby, &member.user).await, 0, "the suspended membership stays");

        // The owner of a deleted workspace may want it back: then nothing at all is removed.
        let other = lobby.member(&owner, &workspace, "assistant").await;
        let own = other.post("/workspaces", json!({ "name": "Own", "blueprint": "crafo" })).await.expect(201).id();
        other.delete(&format!("/workspaces/{own}?confirm=Own")).await.expect(204);
        platform.delete(&path(&other)).await.problem(409, "still_belongs");
        platform.delete(&path(&platform)).await.problem(409, "still_belongs");
        is_in(&other).await;
        assert_eq!(seats(lobby, &other.user).await, 2);
        other.get(&format!("/workspaces/{workspace}")).await.expect(200);
    });
}

#[test]
fn no_session_outlives_an_account_that_is_erased_while_its_person_signs_in() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        for round in 0..6 {
            // What was wrong in the rounds before slows nobody down: here it is about those who are let in.
            lobby.database.execute("DELETE FROM accounts.brake_buckets").await;
            let email = format!("racer{round}@example.org");
            let person = made_and_signed_in(&owner, &workspace, &email, "assistant").await;
            let body = json!({ "email": email, "password": PASSWORD });
            let path = path(&person);
            // Signing in takes the time of a hash, erasing none: it begins when the first of them are through.
            let sessions = format!("SELECT count(*) FROM accounts.sessions WHERE user_id = '{}'", person.user);
            let erasing = async {
                while lobby.database.number(&sessions).await < 2 + round {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                owner.delete(&path).await.expect(204)
            };
            let signing_in = join_all((0..8).map(|_| {
                let (anonymous, body) = (person.signed_out(), body.clone());
                async move { anonymous.post("/auth/login", body).await }
            }));
            let (answers, _) = tokio::join!(signing_in, erasing);
            for answer in answers {
                match answer.status.as_u16() {
                    200 => is_out(&person.holding(&answer.json)).await,
                    // So many at once look like somebody who guesses.
                    429 => drop(answer.problem(429, "slow_down")),
                    _ => drop(answer.problem(401, "invalid_credentials")),
                }
            }
            let living = format!("{sessions} AND revoked_at IS NULL");
            assert_eq!(lobby.database.number(&living).await, 0, "a session lives on in round {round}");
        }
    });
}

#[test]
fn a_sign_in_that_is_under_way_while_its_account_is_erased_leaves_no_session() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let person = made_and_signed_in(&owner, &workspace, "slow@example.org", "assistant").await;
        // Holds the sign-in between its session and its commit.
        let mut lock = lobby.database.connect_to("accounts").await;
        sqlx::raw_sql("BEGIN; LOCK TABLE accounts.refresh_tokens IN SHARE MODE").execute(&mut lock).await.unwrap();
        let waiting = async |count: i64| {
            let deadline = Instant::now() + Duration::from_secs(20);
            while lobby.database.waiting_for_locks().await != count {
                assert!(Instant::now() < deadline, "{count} never waited");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let body = json!({ "email": "slow@example.org", "password": PASSWORD });
        let (anonymous, path) = (person.signed_out(), path(&person));
        let erasing = async {
            waiting(1).await;
            owner.delete(&path).await.expect(204)
        };
        let releasing = async {
            waiting(2).await;
            sqlx::Connection::close(lock).await.unwrap();
        };
        let (signed_in, _, ()) = tokio::join!(anonymous.post("/auth/login", body), erasing, releasing);
        is_out(&person.holding(&signed_in.expect(200).json)).await;
        let living = "SELECT count(*) FROM accounts.sessions WHERE user_id = ";
        let living = format!("{living} '{}' AND revoked_at IS NULL", person.user);
        assert_eq!(lobby.database.number(&living).await, 0, "the session outlives its account");
    });
}
