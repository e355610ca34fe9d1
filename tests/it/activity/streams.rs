//! Event streams: what comes is sent, whoever comes back has missed nothing, and who may no longer is sent away.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use kernel::outbox::Subscriber;
use reqwest::Method;
use serde_json::json;

use super::notifications::{notifier, tell};
use crate::harness::{Following, Lobby, PASSWORD, SOON, come_and_go, lobby, lobby_with};

#[test]
fn what_comes_is_sent_and_who_comes_back_goes_on_where_they_were() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("gallery").await;
        let before = tell(lobby, &workspace, &owner.user).await;
        let mut stream = Following::open(&owner, None).await;
        let first = tell(lobby, &workspace, &owner.user).await;
        let seen = stream.next().await.unwrap();
        assert_eq!((seen.event.as_str(), seen.subject()), ("notification", first.resource_id.to_string()));
        assert_eq!(seen.data["kind"], "image_approved");
        let known = owner.get(&format!("/notifications/{}", owner.user)).await.expect(200);
        assert_eq!(seen.data, known.items()[0], "the stream and the list show the same");
        drop(stream);

        let away: Vec<String> =
            [tell(lobby, &workspace, &owner.user).await, tell(lobby, &workspace, &owner.user).await]
                .map(|event| event.resource_id.to_string())
                .to_vec();
        let mut stream = Following::open(&owner, Some(&seen.place)).await;
        for missed in &away {
            assert_eq!(&stream.next().await.unwrap().subject(), missed);
        }
        // Told once more by whoever tells events, it is in the feed already.
        notifier(lobby).hear(&first).await.unwrap();
        let last = tell(lobby, &workspace, &owner.user).await;
        assert_eq!(stream.next().await.unwrap().subject(), last.resource_id.to_string());

        // From the very beginning, and without waiting.
        let all = owner.get("/events?after=0&follow=false").await.expect(200);
        let text = String::from_utf8(all.bytes).unwrap();
        assert_eq!(text.matches("event: notification\n").count(), 5);
        assert!(text.contains(&before.resource_id.to_string()));
        let now = owner.get("/events?follow=false").await.expect(200);
        assert!(!String::from_utf8(now.bytes).unwrap().contains("event: notification"));
        for wrong in ["-1", "x", ""] {
            let request = owner.request(Method::GET, "/events").header("Last-Event-ID", wrong);
            owner.send(request).await.problem(400, "last_event_id");
        }
        owner.get("/events?after=-1").await.faults(&["?after"]);
        let head = owner.call(Method::HEAD, "/events", None).await;
        assert_eq!((head.status.as_u16(), head.header("content-type")), (200, "text/event-stream"));
        lobby.anonymous().get("/events").await.problem(401, "unauthenticated");
    });
}

#[test]
fn a_stream_shows_ones_own_and_nothing_of_others() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("gallery").await;
        let member = lobby.member(&owner, &workspace, "beta_player").await;
        let (stranger, elsewhere) = lobby.workspace("gallery").await;
        let mut stream = Following::open(&owner, None).await;
        tell(lobby, &workspace, &member.user).await;
        tell(lobby, &elsewhere, &stranger.user).await;
        // Of a workspace that one isn't in, also what was about oneself.
        tell(lobby, &elsewhere, &owner.user).await;
        let mine = tell(lobby, &workspace, &owner.user).await;
        assert_eq!(stream.next().await.unwrap().subject(), mine.resource_id.to_string());
    });
}

#[test]
fn a_stream_ends_with_the_session_the_token_and_the_membership() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("gallery").await;
        let member = lobby.member(&owner, &workspace, "beta_player").await;
        let stream = Following::open(&member, None).await;
        let path = format!("/workspaces/{workspace}/members/{}", member.user);
        owner.act(&format!("{path}/deactivate")).await.expect(200);
        assert!(stream.ends().await, "it goes on for who is suspended");
        owner.act(&format!("{path}/activate")).await.expect(200);

        let token = {
            let body = json!({ "name": "bot", "permissions": { "can_view_notifications": "own" } });
            member.post("/users/me/tokens", body).await.expect(201)
        };
        let bot = member.with_token(&token.text("token"));
        let (session, by_token) = (Following::open(&member, None).await, Following::open(&bot, None).await);
        member.delete(&format!("/users/me/tokens/{}", token.id())).await.expect(204);
        assert!(by_token.ends().await, "it goes on with a revoked token");
        member.act("/auth/logout").await;
        assert!(session.ends().await, "it goes on after the session");

        let stream = Following::open(&owner, None).await;
        lobby.clock.advance(chrono::Duration::minutes(16));
        assert!(stream.ends().await, "it goes on after the access token");
    });
}

#[test]
fn nobody_has_more_streams_than_allowed_and_one_that_ended_counts_no_more() {
    lobby_with(&[("LOBBY__EVENTS__STREAMS_PER_PERSON", "2")], async |lobby| {
        let (owner, _) = lobby.workspace("gallery").await;
        let (_first, second) = (Following::open(&owner, None).await, Following::open(&owner, None).await);
        owner.get("/events").await.problem(429, "too_many_streams");
        drop(second);
        let deadline = Instant::now() + SOON;
        while owner.request(Method::GET, "/events").send().await.unwrap().status() != 200 {
            assert!(Instant::now() < deadline, "a stream whose client went counts for ever");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
}

#[test]
fn a_stream_outlives_the_time_limit_of_requests_and_ends_with_the_server() {
    let variables = [("LOBBY__SERVER__REQUEST_SECONDS", "1"), ("LOBBY__EVENTS__HEARTBEAT_SECONDS", "1")];
    lobby(async |first| {
        let (owner, workspace) = first.workspace("gallery").await;
        let second = Lobby::on(first.database.clone(), &variables).await;
        let there = second.anonymous().sign_in("person0@example.org", PASSWORD).await;
        let mut stream = Following::open(&there, None).await;
        let opened = Instant::now();
        while opened.elapsed() < Duration::from_secs(2) {
            // What one instance writes is heard on the other.
            let event = tell(first, &workspace, &owner.user).await;
            assert_eq!(stream.next().await.expect("it was cut").subject(), event.resource_id.to_string());
            tokio::time::sleep(Duration::from_millis(600)).await;
        }
        let stopping = Instant::now();
        let (ended, ()) = tokio::join!(stream.ends(), second.stop_serving());
        assert!(ended, "the server stopped, and the stream didn't");
        println!("stopped within {:?}", stopping.elapsed());
    });
}

#[test]
fn a_hundred_who_come_and_go_miss_nothing_and_get_nothing_twice() {
    const PEOPLE: usize = 10;
    const CLIENTS: usize = 10;
    const EVENTS: usize = 30;
    // A client is back before the server has seen that it went.
    lobby_with(&[("LOBBY__EVENTS__STREAMS_PER_PERSON", "50")], async |lobby| {
        let (owner, workspace) = lobby.workspace("gallery").await;
        let mut people = vec![owner.clone()];
        for _ in 1..PEOPLE {
            people.push(lobby.member(&owner, &workspace, "beta_player").await);
        }
        lobby.services().settle().await.unwrap();
        let mut places = BTreeMap::new();
        for person in &people {
            let sql = format!("SELECT count(*) FROM activity.notifications WHERE user_id = '{}'", person.user);
            places.insert(person.user.clone(), lobby.database.number(&sql).await.to_string());
        }
        let telling = async {
            let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for _ in 0..EVENTS {
                for person in &people {
                    let event = tell(lobby, &workspace, &person.user).await;
                    told.entry(person.user.clone()).or_default().push(event.resource_id.to_string());
                }
            }
            told
        };
        let clients = people.iter().flat_map(|person| std::iter::repeat_n(person, CLIENTS)).map(|person| {
            let place = places[&person.user].clone();
            async move { (person.user.clone(), come_and_go(person, place, EVENTS).await) }
        });
        let (told, heard) = tokio::join!(telling, join_all(clients));
        let mut came_back = 0;
        for (user, (seen, visits)) in heard {
            assert_eq!(seen, told[&user]);
            came_back += visits - 1;
        }
        println!("{} clients came back {came_back} times", PEOPLE * CLIENTS);
        assert!(came_back > PEOPLE * CLIENTS, "hardly anybody went");
    });
}
