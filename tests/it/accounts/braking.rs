//! The brake on guessing: what strangers may try, whom they can't keep out, and that a refusal tells nothing.

use std::collections::BTreeSet;

use chrono::Duration;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::{is_in, made};
use crate::harness::{Answer, Client, Lobby, PASSWORD, lobby, lobby_with};

/// The tests are the proxy.
const BEHIND_A_PROXY: [(&str, &str); 1] = [("LOBBY__SERVER__TRUSTED_PROXIES", "127.0.0.1")];

/// What an account takes of strangers at once.
const FREE: usize = 5;

/// Somewhere that is like nowhere else.
fn somewhere(number: usize) -> String {
    format!("10.{}.{}.7", number / 256, number % 256)
}

async fn log_in(client: &Client, from: &str, body: Value) -> Answer {
    let request = client.request(Method::POST, "/auth/login").header("X-Forwarded-For", from);
    client.send(request.json(&body)).await
}

fn wrong(email: &str) -> Value {
    json!({ "email": email, "password": "not the password" })
}

fn examined(answers: &[Answer]) -> usize {
    for answer in answers {
        match answer.status.as_u16() {
            401 => assert_eq!(answer.json["code"], "invalid_credentials"),
            429 => {
                assert_eq!(answer.json["code"], "slow_down");
                assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
            }
            other => panic!("{} answered {other}: {}", answer.asked, answer.json),
        }
    }
    answers.iter().filter(|answer| answer.status == 401).count()
}

/// Someone who signed up from 203.0.113.5; answers their device's token.
async fn owner(lobby: &Lobby, email: &str) -> (Client, String) {
    let anonymous = lobby.anonymous();
    let request = anonymous.request(Method::POST, "/auth/signup").header("X-Forwarded-For", "203.0.113.5");
    let answer = anonymous.send(request.json(&json!({ "email": email, "password": PASSWORD }))).await.expect(201);
    (anonymous.holding(&answer.json["tokens"]), answer.json["tokens"]["device_token"].as_str().unwrap().to_owned())
}

#[test]
fn a_crowd_of_strangers_guesses_little_and_does_not_keep_the_owner_out() {
    lobby_with(&BEHIND_A_PROXY, async |lobby| {
        let (_, device) = owner(lobby, "owner@example.org").await;
        let anonymous = lobby.anonymous();
        let mut guessed = 0;
        // Ten thousand in an hour, each from another network.
        for tenth in 0..10 {
            for batch in 0..20 {
                let tries = (0..50).map(|one| {
                    let from = somewhere(tenth * 1000 + batch * 50 + one);
                    let anonymous = &anonymous;
                    async move { log_in(anonymous, &from, wrong("owner@example.org")).await }
                });
                guessed += examined(&join_all(tries).await);
            }
            let right = json!({ "email": "owner@example.org", "password": PASSWORD });
            let mut by_device = right.clone();
            by_device["device_token"] = device.as_str().into();
            // With the device from anywhere, and from the network of before with any device.
            let elsewhere = format!("198.51.100.{tenth}");
            is_in(&anonymous.holding(&log_in(&anonymous, &elsewhere, by_device).await.expect(200).json)).await;
            log_in(&anonymous, "203.0.113.5", right.clone()).await.expect(200);
            lobby.clock.advance(Duration::minutes(6));
        }
        assert!((FREE..=16).contains(&guessed), "{guessed} guesses were looked at within an hour");
    });
}

#[test]
fn of_two_hundred_at_once_exactly_as_many_are_looked_at_as_may() {
    lobby_with(&BEHIND_A_PROXY, async |lobby| {
        owner(lobby, "owner@example.org").await;
        let anonymous = lobby.anonymous();
        for email in ["owner@example.org", "nobody@example.org"] {
            let tries = (0..200).map(|one| {
                let anonymous = &anonymous;
                async move { log_in(anonymous, &somewhere(one), wrong(email)).await }
            });
            assert_eq!(examined(&join_all(tries).await), FREE, "{email}");
        }
    });
}

#[test]
fn one_network_tries_few_accounts_whatever_their_number() {
    lobby_with(&BEHIND_A_PROXY, async |lobby| {
        owner(lobby, "owner@example.org").await;
        let anonymous = lobby.anonymous();
        let stuffing = async |from: &str, round: usize| {
            let tries = (0..40).map(|one| {
                let anonymous = &anonymous;
                async move { log_in(anonymous, from, wrong(&format!("p{round}.{one}@example.org"))).await }
            });
            examined(&join_all(tries).await)
        };
        assert_eq!(stuffing("192.0.2.1", 0).await, 30, "one host");
        let mut together = 30;
        for host in 2..=5 {
            together += stuffing(&format!("192.0.2.{host}"), host).await;
        }
        // A few more where the machine is so slow that the wait is over meanwhile.
        assert!((120..=130).contains(&together), "{together} by the network's hosts");
        assert_eq!(stuffing("2001:db8:0:1::1", 6).await, 30, "another network");
        assert_eq!(stuffing("2001:db8:0:1::2", 7).await, 0, "the same subscriber");
    });
}

#[test]
fn who_knows_the_password_is_not_counted() {
    lobby_with(&BEHIND_A_PROXY, async |lobby| {
        owner(lobby, "owner@example.org").await;
        let anonymous = lobby.anonymous();
        for number in 0..12 {
            let right = json!({ "email": "owner@example.org", "password": PASSWORD });
            log_in(&anonymous, &somewhere(number), right).await.expect(200);
        }
        let left = "SELECT coalesce(sum(failures), 0) FROM accounts.brake_buckets";
        assert_eq!(lobby.database.number(left).await, 0);
    });
}

#[test]
fn a_slowed_down_answer_tells_no_more_than_the_others() {
    lobby_with(&BEHIND_A_PROXY, async |lobby| {
        let (administrator, workspace) = lobby.workspace("crafo").await;
        made(&administrator, &workspace, "known@example.org", "assistant").await;
        let disabled = made(&administrator, &workspace, "disabled@example.org", "assistant").await.id();
        let path = format!("/users/{disabled}");
        administrator.patch(&path, json!({ "status": "disabled" })).await.expect(200);

        let (anonymous, statements) = (lobby.anonymous(), lobby.statements().await);
        let (mut bodies, mut headers) = (BTreeSet::new(), BTreeSet::new());
        for (account, email) in ["known@example.org", "disabled@example.org", "unknown@example.org"].iter().enumerate()
        {
            let tries = (0..FREE).map(|one| {
                let anonymous = &anonymous;
                async move { log_in(anonymous, &somewhere(account * 100 + one), wrong(email)).await }
            });
            assert_eq!(examined(&join_all(tries).await), FREE, "{email}");
            for password in ["not the password", PASSWORD] {
                let body = json!({ "email": email, "password": password });
                let from = somewhere(account * 100 + 50);
                let (answer, seen) = statements.during(log_in(&anonymous, &from, body)).await;
                assert_eq!(seen.len(), 1, "{seen:#?}");
                let mut answer = answer.problem(429, "slow_down");
                let wait: u64 = answer.header("retry-after").parse().unwrap();
                assert!((1..=30).contains(&wait), "{wait}");
                answer.json["request_id"] = Value::Null;
                bodies.insert(answer.json.to_string());
                headers.insert(answer.headers.keys().map(ToString::to_string).collect::<BTreeSet<_>>());
            }
        }
        assert_eq!(bodies.len(), 1, "{bodies:#?}");
        assert_eq!(headers.len(), 1, "{headers:#?}");
    });
}

#[test]
fn waits_double_and_with_time_failures_are_forgiven() {
    lobby_with(&BEHIND_A_PROXY, async |lobby| {
        let anonymous = lobby.anonymous();
        let mut place = 0;
        let mut again = async || {
            place += 1;
            log_in(&anonymous, &somewhere(place), wrong("nobody@example.org")).await
        };
        for _ in 0..FREE {
            again().await.expect(401);
        }
        for wait in [30, 60, 120, 240] {
            let told: i64 = again().await.problem(429, "slow_down").header("retry-after").parse().unwrap();
            assert!((wait / 2 + 1..=wait).contains(&told), "{told} of {wait}");
            lobby.clock.advance(Duration::seconds(told));
            again().await.expect(401);
        }
        lobby.clock.advance(Duration::hours(2));
        for _ in 0..FREE {
            again().await.expect(401);
        }
        again().await.problem(429, "slow_down");
    });
}

#[test]
fn a_device_is_known_to_its_own_account_until_it_is_forgotten() {
    lobby_with(&BEHIND_A_PROXY, async |lobby| {
        let (_, own) = owner(lobby, "owner@example.org").await;
        let (_, foreign) = owner(lobby, "other@example.org").await;
        let anonymous = lobby.anonymous();
        for one in 0..FREE {
            log_in(&anonymous, &somewhere(one), wrong("owner@example.org")).await.expect(401);
        }
        let by = async |device: &str| {
            let body = json!({ "email": "owner@example.org", "password": PASSWORD, "device_token": device });
            log_in(&anonymous, "198.51.100.1", body).await
        };
        let mut forged = own.clone().into_bytes();
        forged[20] = if forged[20] == b'A' { b'B' } else { b'A' };
        for stranger in ["", "lobby_dt_", "rubbish", &foreign, std::str::from_utf8(&forged).unwrap()] {
            by(stranger).await.problem(429, "slow_down");
        }
        let again = by(&own).await.expect(200);
        assert_eq!(again.text("device_token"), own, "the same device keeps its token");
        assert_eq!(lobby.database.number("SELECT count(*) FROM accounts.devices").await, 2);

        // Its own wrong guesses slow it down, too.
        let mut guess = wrong("owner@example.org");
        guess["device_token"] = own.as_str().into();
        let tries = (0..20).map(|_| log_in(&anonymous, "198.51.100.1", guess.clone()));
        assert_eq!(examined(&join_all(tries).await), 10);

        lobby.clock.advance(Duration::seconds(20));
        // Whoever was known is a stranger, and those still have to wait.
        lobby.database.execute("DELETE FROM accounts.devices").await;
        lobby.database.execute("DELETE FROM accounts.familiar_networks").await;
        lobby.database.execute("UPDATE accounts.brake_buckets SET counted_at = counted_at + interval '1 hour'").await;
        by(&own).await.problem(429, "slow_down");
    });
}

#[test]
fn one_s_current_password_is_not_to_be_guessed_either() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let change = async |current: &str| {
            let body = json!({ "current_password": current, "new_password": "another-fine-password-77" });
            person.put("/users/me/password", body).await
        };
        let answers = join_all((0..20).map(|_| change("a wrong guess"))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 422).count(), 10);
        assert_eq!(answers.iter().filter(|answer| answer.status == 429).count(), 10);
        change(PASSWORD).await.problem(429, "slow_down");
        lobby.clock.advance(Duration::seconds(20));
        change(PASSWORD).await.expect(204);
    });
}

#[test]
fn instances_count_together() {
    lobby_with(&BEHIND_A_PROXY, async |lobby| {
        let other = Lobby::on(lobby.database.clone(), &BEHIND_A_PROXY).await;
        let (here, there) = (lobby.anonymous(), other.anonymous());
        let tries = (0..40).map(|one| {
            let client = if one % 2 == 0 { &here } else { &there };
            async move { log_in(client, &somewhere(one), wrong("nobody@example.org")).await }
        });
        let answers = join_all(tries).await;
        other.stop_serving().await;
        assert_eq!(examined(&answers), FREE);
    });
}

#[test]
fn signing_in_costs_two_statements_for_the_brake() {
    lobby(async |lobby| {
        lobby.person().await;
        let statements = lobby.statements().await;
        let anonymous = lobby.anonymous();
        let body = json!({ "email": "person0@example.org", "password": PASSWORD });
        let (answer, seen) = statements.settled(11, async || anonymous.post("/auth/login", body.clone()).await).await;
        answer.expect(200);
        assert_eq!(seen.len(), 11, "{seen:#?}");
        assert_eq!(seen.iter().filter(|statement| statement.contains("brake_")).count(), 2);
    });
}

#[test]
fn a_session_is_from_where_its_client_is() {
    let from = async |lobby: &Lobby| {
        let (owner, _) = owner(lobby, "owner@example.org").await;
        owner.get("/auth/sessions").await.expect(200).items()[0]["address"].clone()
    };
    lobby_with(&BEHIND_A_PROXY, async |lobby| assert_eq!(from(lobby).await, "203.0.113.5"));
    lobby(async |lobby| assert_eq!(from(lobby).await, "127.0.0.1", "nobody is believed who is not trusted"));
}

#[test]
fn a_flood_at_the_door_is_turned_away_and_the_house_goes_on() {
    let narrow = [BEHIND_A_PROXY[0], ("LOBBY__AUTH__HASH_PARALLELISM", "1"), ("LOBBY__AUTH__HASH_QUEUE", "2")];
    lobby_with(&narrow, async |lobby| {
        let inside = lobby.person().await;
        let anonymous = lobby.anonymous();
        let flood = join_all((0..80).map(|one| {
            let anonymous = &anonymous;
            async move { log_in(anonymous, &somewhere(one), wrong(&format!("p{one}@example.org"))).await }
        }));
        let meanwhile = async {
            for _ in 0..30 {
                is_in(&inside).await;
            }
        };
        let (answers, ()) = futures_util::join!(flood, meanwhile);
        let mut turned_away = 0;
        for answer in answers {
            if answer.status == 503 {
                turned_away += 1;
                assert_eq!(answer.problem(503, "busy").header("retry-after"), "1");
            } else {
                answer.problem(401, "invalid_credentials");
            }
        }
        assert!(turned_away > 0, "nobody was turned away");
        // What nobody looked at is not held against anybody.
        let counted = "SELECT count(*) FROM accounts.brake_buckets WHERE failures > 0";
        assert_eq!(lobby.database.number(counted).await, 3 * (80 - turned_away));
    });
}
