//! Many at once: seats are given in the order of commits, never one too many, and none stays empty while someone waits.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
    time::Instant,
};

use futures_util::{StreamExt, future::join, stream};
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;

use super::{crowd, studio, workshop};
use crate::harness::{Client, Lobby, lobby};

/// Requests that are under way at a time.
const AT_ONCE: usize = 100;

#[test]
fn of_five_hundred_who_want_twenty_seats_the_first_twenty_have_them() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({ "capacity": 20 })).await;
        let people = crowd(lobby, &workspace, "assistant", 500).await;
        let registered: Vec<(i64, String, Instant, Instant)> = stream::iter(&people)
            .map(async |user| {
                let sent = Instant::now();
                let body = json!({ "user_id": user });
                let answer = admin.post(&format!("{path}/attendees"), body).await.expect(201);
                (answer.json["position"].as_i64().unwrap(), answer.text("status"), sent, Instant::now())
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let mut by_position = registered;
        by_position.sort_by_key(|(position, ..)| *position);
        let positions: Vec<i64> = by_position.iter().map(|(position, ..)| *position).collect();
        assert_eq!(positions, (1..=500).collect::<Vec<_>>());
        let confirmed = |(_, status, ..): &&(i64, String, Instant, Instant)| status == "confirmed";
        assert_eq!(by_position.iter().take_while(confirmed).count(), 20);
        assert_eq!(by_position.iter().filter(confirmed).count(), 20);
        // Whoever was answered before somebody else even asked is before them in line.
        let mut latest = by_position[0].2;
        for (position, _, sent, answered) in &by_position {
            assert!(*answered >= latest, "{position} is behind one who asked after it was answered");
            latest = latest.max(*sent);
        }
        let counts = "SELECT confirmed * 1000 + waitlisted FROM workshop.seats";
        assert_eq!(lobby.database.number(&format!("SELECT ({counts})::bigint")).await, 20_480);
        assert_eq!(faults(lobby, 20).await, 0);
    });
}

/// Seats that are wrong: counted wrong, one too many, or empty while someone waits; one look sees all of it at one instant.
async fn faults(lobby: &Lobby, most: i32) -> i64 {
    let sql = format!(
        "SELECT count(*) FROM workshop.seats s CROSS JOIN LATERAL ( \
             SELECT count(*) FILTER (WHERE a.status = 'confirmed') AS confirmed, \
                 count(*) FILTER (WHERE a.status = 'waitlisted') AS waitlisted, \
                 max(a.position) FILTER (WHERE a.status = 'confirmed' AND a.confirmed_at = a.registered_at) AS last_seated, \
                 min(a.position) FILTER (WHERE a.status = 'waitlisted') AS first_waiting \
             FROM workshop.attendees a WHERE a.workshop_id = s.workshop_id) a \
         WHERE s.confirmed <> a.confirmed OR s.waitlisted <> a.waitlisted OR s.confirmed > {most} \
             OR (s.waitlisted > 0 AND s.confirmed < s.capacity)"
    );
    lobby.database.number(&sql).await
}

/// What someone in the storm does.
async fn act(admin: &Client, path: &str, people: &[String], capacities: &[i32], mut chance: StdRng) {
    for _ in 0..12 {
        let user = &people[chance.random_range(0..people.len())];
        match chance.random_range(0..10) {
            0..5 => {
                let answer = admin.post(&format!("{path}/attendees"), json!({ "user_id": user })).await;
                assert!(matches!(answer.status.as_u16(), 200 | 201), "{}", answer.json);
            }
            5..9 => {
                let answer = admin.delete(&format!("{path}/attendees/{user}")).await;
                assert!(matches!(answer.status.as_u16(), 204 | 404), "{}", answer.json);
            }
            _ => {
                let capacity = capacities[chance.random_range(0..capacities.len())];
                admin.patch(path, json!({ "capacity": capacity })).await.expect(200);
            }
        }
    }
}

async fn storm(lobby: &Lobby, seed: u64, capacities: &[i32], most: i32) {
    let (admin, workspace) = studio(lobby).await;
    let path = workshop(lobby, &admin, &workspace, json!({ "capacity": capacities[0] })).await;
    let people = crowd(lobby, &workspace, "assistant", 30).await;
    let is_over = AtomicBool::new(false);
    let acting = async {
        let mut seeds = StdRng::seed_from_u64(seed);
        let actors = (0..16).map(|_| StdRng::seed_from_u64(seeds.next_u64())).collect::<Vec<_>>();
        let acts = actors.into_iter().map(|chance| act(&admin, &path, &people, capacities, chance));
        futures_util::future::join_all(acts).await;
        is_over.store(true, Ordering::Relaxed);
    };
    let watching = async {
        let mut looks = 0;
        while !is_over.load(Ordering::Relaxed) {
            assert_eq!(faults(lobby, most).await, 0, "after {looks} looks, seed {seed}");
            looks += 1;
        }
        looks
    };
    let ((), looks) = join(acting, watching).await;
    assert!(looks > 5, "the storm was watched");
    assert_eq!(faults(lobby, most).await, 0);
    // Everyone who has a seat was given it once for each time that they lost one, and was told.
    let told = "SELECT action || ' ' || (changes->>'user_id') FROM workshop.outbox WHERE changes ? 'user_id'";
    let mut counted: HashMap<String, i64> = HashMap::new();
    let mut connection = lobby.database.connect_to("workshop").await;
    let rows: Vec<String> = sqlx::query_scalar(told).fetch_all(&mut connection).await.unwrap();
    for row in rows {
        *counted.entry(row).or_default() += 1;
    }
    for user in &people {
        let of = |action: &str| counted.get(&format!("{action} {user}")).copied().unwrap_or_default();
        let sql = format!("SELECT count(*) FROM workshop.attendees WHERE user_id = '{user}'");
        let is_registered = lobby.database.number(&sql).await;
        assert_eq!(of("workshop.registered") - of("workshop.unregistered"), is_registered);
        assert!(of("workshop.promoted") <= of("workshop.registered"));
    }
}

#[test]
fn in_a_storm_no_seat_is_given_twice_and_none_stays_empty_while_someone_waits() {
    lobby(async |lobby| storm(lobby, 7, &[5], 5).await);
}

#[test]
fn in_a_storm_of_changing_capacities_it_is_just_as_true() {
    lobby(async |lobby| storm(lobby, 11, &[3, 5, 8, 2], 8).await);
}

#[test]
fn a_registration_that_races_the_cancellation_is_before_it_or_refused() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let people = crowd(lobby, &workspace, "assistant", 12).await;
        for _ in 0..5 {
            let path = workshop(lobby, &admin, &workspace, json!({})).await;
            let registering = people.iter().map(async |user| {
                let answer = admin.post(&format!("{path}/attendees"), json!({ "user_id": user })).await;
                match answer.status.as_u16() {
                    201 => 1,
                    _ => {
                        answer.problem(409, "workshop_cancelled");
                        0
                    }
                }
            });
            let cancelling = async {
                admin.act(&format!("{path}/cancel")).await.expect(200);
                admin.get(&format!("{path}/availability")).await.expect(200).json["confirmed"].as_i64().unwrap()
            };
            let (done, at_the_end) = join(futures_util::future::join_all(registering), cancelling).await;
            assert_eq!(done.into_iter().sum::<i64>(), at_the_end, "one registered after the cancellation");
        }
    });
}

#[test]
fn a_deletion_that_races_a_registration_never_leaves_an_attendee_of_nothing() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let people = crowd(lobby, &workspace, "assistant", 1).await;
        for _ in 0..15 {
            let path = workshop(lobby, &admin, &workspace, json!({})).await;
            let attendees = format!("{path}/attendees");
            let registering = admin.post(&attendees, json!({ "user_id": people[0] }));
            let (registered, deleted) = join(registering, async { admin.delete(&path).await }).await;
            match (registered.status.as_u16(), deleted.status.as_u16()) {
                (201, 409) | (404, 204) => {}
                other => panic!("{other:?}: {} {}", registered.json, deleted.json),
            }
        }
    });
}
