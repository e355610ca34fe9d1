//! Personal access tokens: made, shown once, listed, and refused from the moment they are revoked, expired or ownerless.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{is_in, made_and_signed_in};
use crate::harness::{Answer, Client, Lobby, PASSWORD, lobby};

const PATH: &str = "/users/me/tokens";

/// A new token of this person, with what the answer said.
pub(super) async fn token_of(person: &Client, body: Value) -> (Client, Answer) {
    let answer = person.post(PATH, body).await.expect(201);
    (person.with_token(&answer.text("token")), answer)
}

/// A token that reads projects.
async fn reader(person: &Client) -> (Client, Answer) {
    token_of(person, json!({ "name": "reader", "permissions": { "can_view_projects": true } })).await
}

async fn tokens(lobby: &Lobby) -> i64 {
    lobby.database.number("SELECT count(*) FROM accounts.personal_tokens").await
}

async fn is_refused(token: &Client) {
    token.get("/users/me").await.problem(401, "invalid_token");
    token.get("/projects").await.problem(401, "invalid_token");
}

/// Another instance on the same database and data folder.
async fn beside(lobby: &Lobby) -> Lobby {
    let folder = lobby.folder.path().to_str().unwrap();
    Lobby::on(lobby.database.clone(), &[("LOBBY__DATA_DIR", folder)]).await
}

/// Waits until a token is refused, for much longer than it may take.
async fn refused_soon(token: &Client) {
    let began = Instant::now();
    while token.get("/users/me").await.status != 401 {
        assert!(began.elapsed() < Duration::from_secs(10), "a revoked token lives on elsewhere");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn a_token_is_shown_once_and_kept_as_a_hash() {
    lobby(async |lobby| {
        let (owner, _) = lobby.workspace("lobby").await;
        let (token, made) = reader(&owner).await;
        let text = made.text("token");
        assert!(text.starts_with("lobby_pat_") && text.len() == 74, "{text}");
        assert_eq!(made.header("cache-control"), "no-store");
        assert_eq!(made.header("location"), format!("/api/v1/users/me/tokens/{}", made.id()));
        is_in(&token).await;

        let listed = owner.get(PATH).await.expect(200);
        assert_eq!(listed.items().len(), 1);
        let mut details = made.json.clone();
        details.as_object_mut().unwrap().remove("token");
        let mut seen = listed.items()[0].clone();
        seen["last_used_at"] = Value::Null;
        assert_eq!(seen, details);
        assert_eq!(lobby.person().await.get(PATH).await.expect(200).items().len(), 0);

        for table in ["personal_tokens", "outbox", "idempotency"] {
            for part in [text.as_str(), &text[10..], &text[40..]] {
                let sql = format!("SELECT count(*) FROM accounts.{table} t WHERE strpos(t::text, '{part}') > 0");
                assert_eq!(lobby.database.number(&sql).await, 0, "accounts.{table} holds a token");
            }
        }
        let told = "SELECT count(*) FROM accounts.outbox WHERE action = 'accounts.token_created' \
            AND changes->>'name' = 'reader' AND changes->'permissions' = '{\"can_view_projects\": true}'";
        assert_eq!(lobby.database.number(told).await, 1);
    });
}

#[test]
fn a_repeated_request_makes_one_token_and_shows_it_once() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let body = json!({ "name": "reader", "permissions": {} });
        let first = person.post_once(PATH, "key-1", &body).await.expect(201);
        let again = person.post_once(PATH, "key-1", &body).await.expect(201);
        assert!(again.json["token"].is_null());
        assert_eq!(again.id(), first.id());
        assert_eq!(tokens(lobby).await, 1);
        is_in(&person.with_token(&first.text("token"))).await;
    });
}

#[test]
fn what_is_asked_for_is_checked() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (_, elsewhere) = lobby.workspace("lobby").await;
        let refused = async |body: Value, pointers: &[&str]| owner.post(PATH, body).await.faults(pointers);
        refused(json!({ "permissions": {} }), &["/name"]).await;
        refused(json!({ "name": "", "permissions": {} }), &["/name"]).await;
        refused(json!({ "name": "x" }), &["/permissions"]).await;
        refused(json!({ "name": "x", "permissions": [] }), &["/permissions"]).await;
        refused(json!({ "name": "x", "permissions": { "can_fly": true } }), &["/permissions/can_fly"]).await;
        refused(
            json!({ "name": "x", "permissions": { "can_view_projects": "all" } }),
            &["/permissions/can_view_projects"],
        )
        .await;
        let answer = refused(json!({ "name": "x", "permissions": { "*": true } }), &["/permissions/*"]).await;
        assert_eq!(answer.json["errors"][0]["code"], "wildcard_not_allowed");
        for workspace in [elsewhere.as_str(), "no-such-place"] {
            refused(json!({ "name": "x", "workspace": workspace, "permissions": {} }), &["/workspace"]).await;
        }
        let now = lobby.clock.now();
        for late in [now, now - chrono::Duration::days(1), now + chrono::Duration::days(366)] {
            refused(json!({ "name": "x", "permissions": {}, "expires_at": late }), &["/expires_at"]).await;
        }
        assert_eq!(tokens(lobby).await, 0);
        let body = json!({ "name": " mine ", "workspace": workspace, "permissions": {} });
        let (_, made) = token_of(&owner, body).await;
        assert_eq!((made.text("name").as_str(), made.text("workspace_id")), ("mine", workspace));
        let days = made.text("expires_at").parse::<chrono::DateTime<chrono::Utc>>().unwrap() - now;
        assert!((89..=90).contains(&days.num_days()), "{days}");
    });
}

#[test]
fn nobody_makes_a_token_with_what_they_do_not_hold() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let client = lobby.member(&owner, &workspace, "client").await;
        let held = client.get(&format!("/workspaces/{workspace}/permissions")).await.expect(200);
        let grants = held.json["grants"].as_object().unwrap();
        assert!(!grants.contains_key("can_manage_roles") && !grants.contains_key("can_create_projects"));
        let scope = grants["can_view_projects"]["scope"].as_str().unwrap();
        assert_ne!(scope, "any", "this test wants a client that sees less than everything");
        let wide = json!({ "can_view_projects": true, "can_manage_roles": true, "can_create_projects": true });
        for workspace in [json!(workspace), Value::Null] {
            let answer = client.post(PATH, json!({ "name": "x", "workspace": workspace, "permissions": wide })).await;
            let answer = answer.expect(422);
            let mut named: Vec<&str> =
                answer.json["errors"].as_array().unwrap().iter().map(|it| it["pointer"].as_str().unwrap()).collect();
            named.sort_unstable();
            let expected =
                ["/permissions/can_create_projects", "/permissions/can_manage_roles", "/permissions/can_view_projects"];
            assert_eq!(named, expected);
            assert!(answer.json["errors"].as_array().unwrap().iter().all(|it| it["code"] == "beyond_your_own"));
        }
        assert_eq!(tokens(lobby).await, 0);
        token_of(&client, json!({ "name": "x", "permissions": { "can_view_projects": scope } })).await;
        // Someone who belongs nowhere has nothing to hand on.
        let alone = lobby.person().await;
        let body = json!({ "name": "x", "permissions": { "can_view_projects": "own" } });
        alone.post(PATH, body).await.faults(&["/permissions/can_view_projects"]);
    });
}

#[test]
fn of_many_tokens_at_once_as_many_are_made_as_may_be() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let body = json!({ "name": "x", "permissions": {} });
        let answers = join_all((0..60).map(|_| person.post(PATH, body.clone()))).await;
        let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!((made.len(), refused.len()), (50, 10));
        for answer in refused {
            answer.problem(409, "too_many_tokens");
        }
        assert_eq!(tokens(lobby).await, 50);
        let path = format!("{PATH}?limit=20");
        let page = person.get(&path).await.expect(200);
        let next = page.text("next");
        let rest = person.get(&format!("{PATH}?limit=200&cursor={next}")).await.expect(200);
        assert_eq!((page.items().len(), rest.items().len()), (20, 30));
    });
}

#[test]
fn a_revoked_token_is_refused_at_once_and_soon_elsewhere() {
    lobby(async |one| {
        let other = beside(one).await;
        let (owner, _) = one.workspace("lobby").await;
        let (token, made) = reader(&owner).await;
        let (kept, _) = reader(&owner).await;
        let there = other.anonymous().with_token(token.token.as_ref().unwrap());
        is_in(&token).await;
        is_in(&there).await;
        let path = format!("{PATH}/{}", made.id());
        one.person().await.delete(&path).await.problem(404, "not_found");
        is_in(&token).await;
        owner.delete(&path).await.expect(204);
        is_refused(&token).await;
        refused_soon(&there).await;
        is_in(&kept).await;
        owner.delete(&path).await.problem(404, "not_found");
        let told = "SELECT count(*) FROM accounts.outbox WHERE action = 'accounts.token_revoked'";
        assert_eq!(one.database.number(told).await, 1);
        other.stop_serving().await;
    });
}

#[test]
fn a_token_ends_with_its_time_and_with_its_owner() {
    lobby(async |one| {
        let other = beside(one).await;
        let (owner, workspace) = one.workspace("crafo").await;
        let member = made_and_signed_in(&owner, &workspace, "member@example.org", "creator").await;
        let path = format!("/users/{}", member.user);
        let (token, _) = token_of(&member, json!({ "name": "x", "permissions": {} })).await;
        let there = other.anonymous().with_token(token.token.as_ref().unwrap());
        is_in(&token).await;
        is_in(&there).await;
        owner.patch(&path, json!({ "status": "disabled" })).await.expect(200);
        token.get("/users/me").await.problem(401, "invalid_token");
        refused_soon(&there).await;
        owner.patch(&path, json!({ "status": "active" })).await.expect(200);
        is_in(&token).await;
        is_in(&there).await;

        let soon = one.clock.now() + chrono::Duration::minutes(10);
        let member = member.sign_in("member@example.org", PASSWORD).await;
        let (brief, _) = token_of(&member, json!({ "name": "x", "permissions": {}, "expires_at": soon })).await;
        is_in(&brief).await;
        one.clock.advance(chrono::Duration::minutes(10));
        brief.get("/users/me").await.problem(401, "invalid_token");
        is_in(&token).await;

        owner.delete(&path).await.expect(204);
        token.get("/users/me").await.problem(401, "invalid_token");
        refused_soon(&there).await;
        assert_eq!(tokens(one).await, 0);
        other.stop_serving().await;
    });
}

#[test]
fn only_the_whole_token_is_good() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let (token, _) = token_of(&person, json!({ "name": "x", "permissions": {} })).await;
        let text = token.token.clone().unwrap();
        is_in(&token).await;
        let last = if text.ends_with('A') { "B" } else { "A" };
        let forgeries = [
            format!("{}{last}", &text[..73]),
            text[..73].to_owned(),
            format!("{text}A"),
            text[10..].to_owned(),
            text.replace("lobby_pat_", "lobby_rt_"),
            "lobby_pat_".to_owned(),
        ];
        for forged in forgeries {
            person.with_token(&forged).get("/users/me").await.problem(401, "invalid_token");
        }
        is_in(&token).await;
    });
}

#[test]
fn a_password_that_changes_leaves_the_tokens_alone_and_signing_out_too() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let (token, _) = token_of(&person, json!({ "name": "x", "permissions": {} })).await;
        let change = json!({ "current_password": PASSWORD, "new_password": "another-fine-password-77" });
        person.put("/users/me/password", change).await.expect(204);
        person.act("/auth/logout").await.expect(204);
        is_in(&token).await;
    });
}

#[test]
fn the_last_use_is_recorded_to_the_minute() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let (token, made) = token_of(&person, json!({ "name": "x", "permissions": {} })).await;
        assert!(made.json["last_used_at"].is_null());
        let used =
            "SELECT coalesce(extract(epoch FROM last_used_at) * 1000000, 0)::bigint FROM accounts.personal_tokens";
        let recorded = async |after: i64| {
            let began = Instant::now();
            loop {
                let at = lobby.database.number(used).await;
                if at > after {
                    return at;
                }
                assert!(began.elapsed() < Duration::from_secs(10), "the use is not recorded");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        is_in(&token).await;
        let first = recorded(0).await;
        for _ in 0..5 {
            is_in(&token).await;
        }
        assert_eq!(lobby.database.number(used).await, first);
        lobby.clock.advance(chrono::Duration::seconds(61));
        is_in(&token).await;
        recorded(first).await;
    });
}

#[test]
fn a_write_asks_whether_the_token_still_lives() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let permissions = json!({ "can_create_projects": true, "can_view_projects": true });
        let (token, _) = token_of(&owner, json!({ "name": "x", "permissions": permissions })).await;
        let project = |name: &str| json!({ "workspace": workspace, "name": name });
        token.post("/projects", project("First")).await.expect(201);
        // The instance doesn't hear of it, so that what refuses is the transaction.
        lobby.database.execute("ALTER TABLE accounts.personal_tokens DISABLE TRIGGER token_gone").await;
        let ended = "UPDATE accounts.personal_tokens SET expires_at = now() - interval '1 minute'";
        lobby.database.execute(&format!("SET session_replication_role = replica; {ended}")).await;
        token.get("/projects").await.expect(200);
        token.post("/projects", project("Second")).await.problem(403, "permission_changed");
        lobby.database.execute("DELETE FROM accounts.personal_tokens").await;
        token.get("/projects").await.expect(200);
        token.post("/projects", project("Second")).await.problem(403, "permission_changed");
        assert_eq!(lobby.database.number("SELECT count(*) FROM project.projects").await, 1);
    });
}

#[test]
fn what_a_token_does_is_told_as_its_owners_act_through_it() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let permissions = json!({ "can_create_projects": true });
        let (token, made) = token_of(&owner, json!({ "name": "x", "permissions": permissions })).await;
        token.post("/projects", json!({ "workspace": workspace, "name": "Made" })).await.expect(201);
        owner.post("/projects", json!({ "workspace": workspace, "name": "By hand" })).await.expect(201);
        let told = |token: &str| {
            format!(
                "SELECT count(*) FROM project.outbox WHERE action = 'project.created' \
                 AND actor_id = '{}' AND changes->>'token_id' {token}",
                owner.user
            )
        };
        assert_eq!(lobby.database.number(&told(&format!("= '{}'", made.id()))).await, 1);
        assert_eq!(lobby.database.number(&told("IS NULL")).await, 1);
    });
}
