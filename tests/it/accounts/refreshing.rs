//! Refreshing: every token is good once, a lost reply logs nobody out, a copy ends the session.

use std::collections::BTreeSet;

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use super::{is_in, is_out};
use crate::harness::{Answer, Client, PASSWORD, lobby};

async fn refresh(client: &Client) -> Answer {
    client.signed_out().post("/auth/refresh", json!({ "refresh_token": client.refresh })).await
}

#[test]
fn a_refresh_gives_the_next_pair_of_the_same_session() {
    lobby(async |lobby| {
        let first = lobby.person().await;
        let answer = refresh(&first).await.expect(200);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.json["token_type"], "Bearer");
        let second = first.holding(&answer.json);
        assert_ne!(second.refresh, first.refresh);
        assert_ne!(second.token, first.token);
        is_in(&second).await;
        is_in(&first).await;
        let third = second.holding(&refresh(&second).await.expect(200).json);
        assert_eq!(third.get("/auth/sessions").await.expect(200).items().len(), 1);
    });
}

#[test]
fn fifty_at_once_get_one_successor_and_nobody_is_logged_out() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let answers = join_all((0..50).map(|_| refresh(&person))).await;
        let successors: BTreeSet<String> =
            answers.into_iter().map(|answer| answer.expect(200).text("refresh_token")).collect();
        assert_eq!(successors.len(), 1);
        assert_eq!(lobby.database.number("SELECT count(*) FROM accounts.refresh_tokens").await, 2);
        is_in(&person).await;
        let successor = person.holding(&json!({ "refresh_token": successors.first() }));
        is_in(&successor.holding(&refresh(&successor).await.expect(200).json)).await;
    });
}

#[test]
fn a_token_presented_again_within_half_a_minute_leads_to_the_same_successor() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let successor = refresh(&person).await.expect(200).text("refresh_token");
        lobby.clock.advance(Duration::seconds(20));
        let again = refresh(&person).await.expect(200);
        assert_eq!(again.text("refresh_token"), successor);
        is_in(&person.holding(&again.json)).await;
        refresh(&person.holding(&again.json)).await.expect(200);
    });
}

#[test]
fn a_reply_that_is_lost_on_the_way_logs_nobody_out() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let body = json!({ "refresh_token": person.refresh }).to_string();
        let host = lobby.base().trim_start_matches("http://").to_owned();
        let mut connection = TcpStream::connect(&host).await.unwrap();
        let head = "POST /api/v1/auth/refresh HTTP/1.1\r\nContent-Type: application/json\r\nHost: lobby";
        let request = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        connection.write_all(request.as_bytes()).await.unwrap();
        // It is done, and whoever asked is gone before they hear of it.
        let done = "SELECT count(*) FROM accounts.refresh_tokens WHERE replaced_at IS NOT NULL";
        while lobby.database.number(done).await == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        drop(connection);
        lobby.clock.advance(Duration::seconds(29));
        let successor = person.holding(&refresh(&person).await.expect(200).json);
        assert_eq!(lobby.database.number("SELECT count(*) FROM accounts.refresh_tokens").await, 2);
        is_in(&successor).await;
        refresh(&successor).await.expect(200);
    });
}

#[test]
fn a_token_presented_again_later_ends_its_session_and_no_other() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let elsewhere = person.sign_in("person0@example.org", PASSWORD).await;
        let successor = person.holding(&refresh(&person).await.expect(200).json);
        lobby.clock.advance(Duration::seconds(31));
        is_in(&successor).await;

        refresh(&person).await.problem(401, "invalid_refresh_token");
        is_out(&successor).await;
        is_out(&person).await;
        is_in(&elsewhere).await;
        refresh(&elsewhere).await.expect(200);
        let told = "SELECT count(*) FROM accounts.outbox WHERE changes ->> 'reason' = 'token_reused'";
        assert_eq!(lobby.database.number(told).await, 1);
    });
}

#[test]
fn an_old_ancestor_ends_the_session_too() {
    lobby(async |lobby| {
        let first = lobby.person().await;
        let mut last = first.clone();
        for _ in 0..3 {
            lobby.clock.advance(Duration::minutes(1));
            last = last.holding(&refresh(&last).await.expect(200).json);
        }
        refresh(&first).await.problem(401, "invalid_refresh_token");
        is_out(&last).await;
    });
}

#[test]
fn what_is_no_refresh_token_is_refused_and_harms_nobody() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let token = person.refresh.clone().unwrap();
        let mut guessed = token.clone().into_bytes();
        let place = guessed.len() - 10;
        guessed[place] = if guessed[place] == b'A' { b'B' } else { b'A' };
        let guessed = String::from_utf8(guessed).unwrap();
        let access = person.token.clone().unwrap();
        for rubbish in ["", "rubbish", &guessed, &access, &token[..token.len() - 1], &token.replace("lobby_rt_", "")] {
            let body = json!({ "refresh_token": rubbish });
            person.signed_out().post("/auth/refresh", body).await.problem(401, "invalid_refresh_token");
        }
        person.signed_out().post("/auth/refresh", json!({})).await.faults(&["/refresh_token"]);
        refresh(&person).await.expect(200);
    });
}

#[test]
fn a_session_lasts_as_long_as_it_is_used() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let idle = person.sign_in("person0@example.org", PASSWORD).await;
        lobby.clock.advance(Duration::days(20));
        let used = person.holding(&refresh(&person).await.expect(200).json);
        lobby.clock.advance(Duration::days(20));
        refresh(&idle).await.problem(401, "invalid_refresh_token");
        let used = used.holding(&refresh(&used).await.expect(200).json);
        assert_eq!(used.get("/auth/sessions").await.expect(200).items().len(), 1);
    });
}
