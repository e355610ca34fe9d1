//! Confirming a phone number, one step after the other.

use chrono::Duration;
use serde_json::json;

use super::{
    NATIONAL_ID, OTHER_PHONE, PHONE, another, confirm, messages::on_redis, on_both, profile_of, with_messages,
};
use crate::harness::{Client, Lobby, PASSWORD};

async fn is_confirmed(client: &Client) -> bool {
    client.get(&profile_of(client)).await.expect(200).json["phone_confirmed"].as_bool().unwrap()
}

#[test]
fn the_code_that_was_sent_confirms_the_number_once() {
    on_both(async |lobby, messages| {
        let ada = lobby.person().await;
        ada.post("/users/me/phone/verify", json!({ "code": "123456" })).await.problem(409, "no_code");
        let asked = ada.post("/users/me/phone", json!({ "phone": "+41 79 123 45 67" })).await.expect(202);
        assert_eq!(asked.json, json!({ "phone": PHONE, "confirmed": false }));
        assert!(!is_confirmed(&ada).await);

        let code = messages.last_code(lobby, PHONE).await;
        assert_eq!(messages.all(lobby).await.len(), 1);
        let wrong = ada.post("/users/me/phone/verify", json!({ "code": another(&code) })).await;
        assert_eq!(wrong.problem(422, "validation_failed").json["tries_left"], 4);
        let right = ada.post("/users/me/phone/verify", json!({ "code": code })).await.expect(200);
        assert_eq!(right.json, json!({ "phone": PHONE, "confirmed": true }));
        assert!(is_confirmed(&ada).await);

        ada.post("/users/me/phone/verify", json!({ "code": code })).await.problem(409, "no_code");
        ada.post("/users/me/phone", json!({ "phone": PHONE })).await.problem(409, "phone_confirmed");
        assert!(is_confirmed(&ada).await);
    });
}

#[test]
fn a_code_is_good_for_ten_minutes_and_its_owner_only() {
    on_both(async |lobby, messages| {
        let (ada, eve) = (lobby.person().await, lobby.person().await);
        ada.post("/users/me/phone", json!({ "phone": PHONE })).await.expect(202);
        eve.post("/users/me/phone", json!({ "phone": OTHER_PHONE })).await.expect(202);
        let code = messages.last_code(lobby, PHONE).await;
        if code != messages.last_code(lobby, OTHER_PHONE).await {
            eve.post("/users/me/phone/verify", json!({ "code": code })).await.expect(422);
        }
        lobby.clock.advance(Duration::minutes(10) + Duration::seconds(1));
        ada.post("/users/me/phone/verify", json!({ "code": code })).await.problem(409, "no_code");
        assert!(!is_confirmed(&ada).await);
    });
}

#[test]
fn another_code_comes_after_a_minute_and_five_within_a_day() {
    on_both(async |lobby, messages| {
        let ask = async |client: &Client| client.post("/users/me/phone", json!({ "phone": PHONE })).await;
        let mut ada = lobby.person().await;
        ask(&ada).await.expect(202);
        let first = messages.last_code(lobby, PHONE).await;
        let early = ask(&ada).await.problem(429, "too_many_codes");
        let wait: i64 = early.header("retry-after").parse().unwrap();
        assert!((50..=60).contains(&wait), "{wait}");
        for sent in 2..=5 {
            lobby.clock.advance(Duration::minutes(1) + Duration::seconds(1));
            ask(&ada).await.expect(202);
            assert_eq!(messages.all(lobby).await.len(), sent);
        }
        let last = messages.last_code(lobby, PHONE).await;
        if first != last {
            ada.post("/users/me/phone/verify", json!({ "code": first })).await.expect(422);
        }
        lobby.clock.advance(Duration::minutes(2));
        let spent = ask(&ada).await.problem(429, "too_many_codes");
        let wait: i64 = spent.header("retry-after").parse().unwrap();
        assert!((80_000..=86_400).contains(&wait), "{wait}");

        lobby.clock.advance(Duration::days(1));
        let user = ada.user.clone();
        ada = lobby.anonymous().sign_in("person0@example.org", PASSWORD).await;
        ada.user = user;
        ask(&ada).await.expect(202);
        confirm_with(lobby, messages, &ada).await;
    });
}

async fn confirm_with(lobby: &Lobby, messages: &super::Messages, client: &Client) {
    let code = messages.last_code(lobby, PHONE).await;
    client.post("/users/me/phone/verify", json!({ "code": code })).await.expect(200);
}

#[test]
fn another_number_is_not_confirmed_and_a_code_for_the_old_one_no_good() {
    on_both(async |lobby, messages| {
        let ada = lobby.person().await;
        ada.post("/users/me/phone", json!({ "phone": PHONE })).await.expect(202);
        let code = messages.last_code(lobby, PHONE).await;
        ada.patch(&profile_of(&ada), json!({ "phone": OTHER_PHONE })).await.expect(200);
        ada.post("/users/me/phone/verify", json!({ "code": code })).await.problem(409, "no_code");

        lobby.clock.advance(Duration::minutes(2));
        confirm(lobby, messages, &ada, PHONE).await;
        // To name the number that it is changes nothing.
        ada.patch(&profile_of(&ada), json!({ "phone": "+41 79 123 45 67" })).await.expect(200);
        assert!(is_confirmed(&ada).await);
        let changed = ada.patch(&profile_of(&ada), json!({ "phone": OTHER_PHONE })).await.expect(200);
        assert_eq!(changed.json["phone_confirmed"], false);
        let cleared = ada.patch(&profile_of(&ada), json!({ "phone": null })).await.expect(200);
        assert!(cleared.json["phone"].is_null());
    });
}

#[test]
fn two_people_may_share_a_number() {
    with_messages(async |lobby, messages| {
        let (ada, bob) = (lobby.person().await, lobby.person().await);
        confirm(lobby, messages, &ada, PHONE).await;
        confirm(lobby, messages, &bob, PHONE).await;
        assert!(is_confirmed(&ada).await && is_confirmed(&bob).await);
    });
}

#[test]
fn a_request_that_is_repeated_with_its_key_sends_one_code() {
    on_both(async |lobby, messages| {
        let ada = lobby.person().await;
        let body = json!({ "phone": PHONE });
        ada.post_once("/users/me/phone", "key-1", &body).await.expect(202);
        let again = ada.post_once("/users/me/phone", "key-1", &body).await.expect(202);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(messages.all(lobby).await.len(), 1);
    });
}

#[test]
fn no_row_or_event_holds_the_code() {
    with_messages(async |lobby, messages| {
        let ada = lobby.person().await;
        ada.post_once("/users/me/phone", "key-1", &json!({ "phone": PHONE })).await.expect(202);
        let code = messages.last_code(lobby, PHONE).await;
        ada.post_once("/users/me/phone/verify", "key-2", &json!({ "code": another(&code) })).await.expect(422);
        for table in ["outbox", "idempotency", "phone_codes", "profiles"] {
            let rows = lobby.database.number(&format!("SELECT count(*) FROM accounts.{table}")).await;
            assert!(rows > 0, "there is nothing to look at in {table}");
            // As a whole word: six digits in a row may be part of a time.
            let sql = format!("SELECT count(*) FROM accounts.{table} t WHERE t::text ~ '[^0-9.]{code}[^0-9]'");
            assert_eq!(lobby.database.number(&sql).await, 0, "accounts.{table} holds the code");
        }
    });
}

#[test]
fn a_code_that_was_replaced_meanwhile_is_not_sent() {
    on_both(async |lobby, messages| {
        let ada = lobby.person().await;
        ada.post("/users/me/phone", json!({ "phone": PHONE })).await.expect(202);
        assert_eq!(messages.all(lobby).await.len(), 1);
        let tell_again = |attempt: &str| {
            format!(
                "INSERT INTO accounts.outbox (id, action, resource_kind, resource_id, changes, at, next_try_at) \
                 SELECT gen_random_uuid(), action, resource_kind, resource_id, {attempt}, at, at \
                 FROM accounts.outbox WHERE action = 'accounts.phone_code_requested' LIMIT 1"
            )
        };
        lobby.database.execute(&tell_again("jsonb_build_object('attempt_id', gen_random_uuid())")).await;
        assert_eq!(messages.all(lobby).await.len(), 1);
        // The one that is out is sent again, if its event comes again.
        lobby.database.execute(&tell_again("changes")).await;
        assert_eq!(messages.all(lobby).await.len(), 2);
        lobby.clock.advance(Duration::minutes(11));
        lobby.database.execute(&tell_again("changes")).await;
        assert_eq!(messages.all(lobby).await.len(), 2);
    });
}

#[test]
fn counts_are_the_same_on_every_instance_and_after_a_restart() {
    on_both(async |lobby, messages| {
        let ada = lobby.person().await;
        ada.post("/users/me/phone", json!({ "phone": PHONE })).await.expect(202);
        let code = messages.last_code(lobby, PHONE).await;
        for _ in 0..3 {
            ada.post("/users/me/phone/verify", json!({ "code": another(&code) })).await.expect(422);
        }
        let other = Lobby::on(lobby.database.clone(), &messages.variables()).await;
        let again = other.anonymous().sign_in("person0@example.org", PASSWORD).await;
        again.post("/users/me/phone", json!({ "phone": PHONE })).await.problem(429, "too_many_codes");
        for left in [1, 0] {
            let wrong = again.post("/users/me/phone/verify", json!({ "code": another(&code) })).await.expect(422);
            assert_eq!(wrong.json["tries_left"], left);
        }
        again.post("/users/me/phone/verify", json!({ "code": code })).await.problem(409, "no_code");
        other.stop_serving().await;
    });
}

#[test]
fn while_redis_is_away_codes_wait_and_nothing_is_lost() {
    on_redis(async |lobby, messages, redis| {
        let (ada, bob) = (lobby.person().await, lobby.person().await);
        ada.post("/users/me/phone", json!({ "phone": PHONE })).await.expect(202);
        let code = messages.last_code(lobby, PHONE).await;
        redis.freeze().await;
        ada.post("/users/me/phone/verify", json!({ "code": code })).await.problem(503, "codes_unavailable");
        bob.post("/users/me/phone", json!({ "phone": OTHER_PHONE })).await.problem(503, "codes_unavailable");
        let profile = bob.get(&profile_of(&bob)).await.expect(200);
        assert!(profile.json["phone"].is_null(), "half of it was done");
        redis.thaw().await;
        ada.post("/users/me/phone/verify", json!({ "code": code })).await.expect(200);
    });
}

#[test]
fn an_erased_account_leaves_no_count() {
    on_both(async |lobby, messages| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let bob = super::made(lobby, &owner, &workspace, "bob@example.org", "assistant").await;
        bob.post("/users/me/phone", json!({ "phone": PHONE })).await.expect(202);
        messages.last_code(lobby, PHONE).await;
        assert_eq!(messages.counted(lobby).await, 1);
        owner.delete(&format!("/users/{}", bob.user)).await.expect(204);
        lobby.services().settle().await.unwrap();
        assert_eq!(messages.counted(lobby).await, 0);
    });
}

#[test]
fn what_is_no_number_or_code_is_named() {
    with_messages(async |lobby, messages| {
        let ada = lobby.person().await;
        for wrong in ["0791234567", "+41", "+999123456789", "call me", NATIONAL_ID] {
            ada.post("/users/me/phone", json!({ "phone": wrong })).await.faults(&["/phone"]);
        }
        for wrong in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            ada.post("/users/me/phone/verify", json!({ "code": wrong })).await.faults(&["/code"]);
        }
        ada.post("/users/me/phone", json!({})).await.faults(&["/phone"]);
        assert!(messages.all(lobby).await.is_empty());
    });
}
