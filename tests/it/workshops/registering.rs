//! Registering, waiting, withdrawing, coming.

use chrono::Duration;
use serde_json::{Value, json};

use super::{crowd, enrol, instant, line, studio, workshop};
use crate::harness::{PASSWORD, lobby};

#[test]
fn whoever_comes_after_the_last_seat_waits_and_has_the_first_that_is_free() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({ "capacity": 1, "title": "Felting" })).await;
        let people = crowd(lobby, &workspace, "assistant", 2).await;
        let assistant = lobby.member(&admin, &workspace, "assistant").await;
        let (mine, me) = (format!("{path}/attendees"), format!("{path}/attendees/me"));
        assert_eq!(enrol(&admin, &path, &people[0]).await.text("status"), "confirmed");
        assert_eq!(enrol(&admin, &path, &people[1]).await.json["place_in_line"], 1);
        assistant.get(&me).await.problem(404, "not_registered");
        assistant.delete(&me).await.problem(404, "not_registered");
        let registered = assistant.act(&mine).await.expect(201);
        assert_eq!(registered.header("location"), format!("/api/v1{me}"));
        assert_eq!((registered.text("status").as_str(), &registered.json["place_in_line"]), ("waitlisted", &json!(2)));
        // Registering once more changes nothing, and tells how things are.
        let again = assistant.act(&mine).await.expect(200);
        assert_eq!(again.json, registered.json);
        assert_eq!(assistant.get(&me).await.expect(200).json, registered.json);
        let seats = assistant.get(&format!("{path}/availability")).await.expect(200).json;
        assert_eq!((&seats["confirmed"], &seats["waitlisted"], &seats["free"]), (&json!(1), &json!(2), &json!(0)));
        assert_eq!((&seats["registration"], &seats["registered_as"]), (&json!("waitlist"), &json!("waitlisted")));

        admin.delete(&format!("{path}/attendees/{}", people[0])).await.expect(204);
        let waiting = assistant.get(&me).await.expect(200);
        assert_eq!((waiting.text("status").as_str(), &waiting.json["place_in_line"]), ("waitlisted", &json!(1)));
        admin.delete(&format!("{path}/attendees/{}", people[1])).await.expect(204);
        let seated = assistant.get(&me).await.expect(200);
        assert_eq!((seated.text("status").as_str(), &seated.json["place_in_line"]), ("confirmed", &Value::Null));
        for user in [&people[1], &assistant.user] {
            let told = format!(
                "SELECT count(*) FROM workshop.outbox WHERE action = 'workshop.promoted' \
                 AND changes->>'user_id' = '{user}' AND changes->>'title' = 'Felting'"
            );
            assert_eq!(lobby.database.number(&told).await, 1);
        }
    });
}

#[test]
fn more_seats_are_taken_at_once_and_fewer_evict_nobody() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({ "capacity": 2 })).await;
        let people = crowd(lobby, &workspace, "assistant", 5).await;
        for user in &people {
            enrol(&admin, &path, user).await;
        }
        let confirmed = async || {
            let line = line(&admin, &path).await;
            assert_eq!(line.iter().map(|(user, _)| user).collect::<Vec<_>>(), people.iter().collect::<Vec<_>>());
            line.iter().take_while(|(_, status)| status == "confirmed").count()
        };
        assert_eq!(confirmed().await, 2);
        admin.patch(&path, json!({ "capacity": 4 })).await.expect(200);
        assert_eq!(confirmed().await, 4);
        admin.patch(&path, json!({ "capacity": 1 })).await.expect(200);
        assert_eq!(confirmed().await, 4);
        let seats = admin.get(&format!("{path}/availability")).await.expect(200).json;
        assert_eq!((&seats["free"], &seats["registration"]), (&json!(0), &json!("waitlist")));
        admin.patch(&path, json!({ "capacity": null })).await.expect(200);
        assert_eq!(confirmed().await, 5);
    });
}

#[test]
fn outside_its_window_registration_is_closed_and_says_when_it_is_open() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let assistant = lobby.member(&admin, &workspace, "assistant").await;
        let now = lobby.clock.now();
        let (opens, closes) = (now + Duration::minutes(3), now + Duration::minutes(6));
        let like = json!({ "registration_opens_at": opens, "registration_closes_at": closes });
        let path = workshop(lobby, &admin, &workspace, like).await;
        let attendees = format!("{path}/attendees");
        let state = async || admin.get(&format!("{path}/availability")).await.expect(200).text("registration");
        let refused = assistant.act(&attendees).await.problem(403, "registration_closed").json;
        assert_eq!((instant(&refused["opens_at"]), instant(&refused["closes_at"])), (opens, closes));
        assert_eq!(state().await, "not_yet");
        // Whoever runs it lets people in at any time.
        let people = crowd(lobby, &workspace, "assistant", 1).await;
        enrol(&admin, &path, &people[0]).await;
        lobby.clock.advance(Duration::minutes(4));
        assert_eq!(state().await, "open");
        assistant.act(&attendees).await.expect(201);
        lobby.clock.advance(Duration::minutes(3));
        assert_eq!(state().await, "closed");
        let other = lobby.member(&admin, &workspace, "assistant").await;
        other.act(&attendees).await.problem(403, "registration_closed");
        // Who is registered hears that they are, whenever they ask.
        assistant.act(&attendees).await.expect(200);
    });
}

#[test]
fn nobody_registers_for_what_is_over_or_withdraws_from_it() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let assistant = lobby.member(&admin, &workspace, "assistant").await;
        let begins = lobby.clock.now();
        let like = json!({ "starts_at": begins, "ends_at": begins + Duration::minutes(5), "capacity": 1 });
        let path = workshop(lobby, &admin, &workspace, like).await;
        let people = crowd(lobby, &workspace, "assistant", 2).await;
        assistant.act(&format!("{path}/attendees")).await.expect(201);
        enrol(&admin, &path, &people[0]).await;
        lobby.clock.advance(Duration::minutes(6));
        let late = json!({ "user_id": people[1] });
        admin.post(&format!("{path}/attendees"), late).await.problem(403, "registration_closed");
        assistant.delete(&format!("{path}/attendees/me")).await.problem(409, "workshop_finished");
        // A seat that is free when it is over is nobody's any more.
        admin.delete(&format!("{path}/attendees/{}", assistant.user)).await.expect(204);
        assert_eq!(line(&admin, &path).await, [(people[0].clone(), "waitlisted".to_owned())]);
    });
}

#[test]
fn only_members_are_registered_and_only_by_who_may() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let creator = lobby.member(&admin, &workspace, "creator").await;
        let assistant = lobby.member(&admin, &workspace, "assistant").await;
        let stranger = lobby.person().await;
        let path = workshop(lobby, &creator, &workspace, json!({})).await;
        let attendees = format!("{path}/attendees");
        admin.post(&attendees, json!({ "user_id": stranger.user })).await.faults(&["/user_id"]);
        assistant.post(&attendees, json!({ "user_id": creator.user })).await.problem(403, "permission_denied");
        creator.act(&attendees).await.problem(403, "permission_denied");
        stranger.act(&attendees).await.problem(404, "not_found");
        assert_eq!(lobby.database.number("SELECT count(*) FROM workshop.attendees").await, 0);
    });
}

#[test]
fn a_repeated_registration_with_its_key_is_answered_as_the_first() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let assistant = lobby.member(&admin, &workspace, "assistant").await;
        let path = format!("{}/attendees", workshop(lobby, &admin, &workspace, json!({})).await);
        let first = assistant.post_once(&path, "mine", &json!({})).await.expect(201);
        let again = assistant.post_once(&path, "mine", &json!({})).await.expect(201);
        assert_eq!(first.json, again.json);
        assert_eq!(lobby.database.number("SELECT count(*) FROM workshop.attendees").await, 1);
    });
}

#[test]
fn addresses_are_told_to_those_who_manage_attendees_and_to_nobody_else() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let creator = lobby.member(&admin, &workspace, "creator").await;
        let other = lobby.member(&admin, &workspace, "creator").await;
        let (one, two) =
            (lobby.member(&admin, &workspace, "assistant").await, lobby.member(&admin, &workspace, "assistant").await);
        let path = format!("{}/attendees", workshop(lobby, &creator, &workspace, json!({})).await);
        one.get(&path).await.problem(403, "permission_denied");
        one.act(&path).await.expect(201);
        two.act(&path).await.expect(201);
        for person in [&one, &other] {
            let answer = person.get(&path).await.expect(200);
            assert_eq!(answer.items().len(), 2);
            assert!(!String::from_utf8_lossy(&answer.bytes).contains('@'), "an address is told");
        }
        for person in [&creator, &admin] {
            let answer = person.get(&path).await.expect(200);
            assert!(answer.items().iter().all(|item| item["email"].as_str().is_some_and(|mail| mail.contains('@'))));
        }
        // Page by page, in the order in which they came.
        let first = admin.get(&format!("{path}?limit=1")).await.expect(200);
        let next = admin.get(&format!("{path}?limit=1&cursor={}", first.text("next"))).await.expect(200);
        assert_eq!((first.each("user_id"), next.each("user_id")), (vec![&*one.user], vec![&*two.user]));
        assert_eq!(next.json["next"], Value::Null);
    });
}

#[test]
fn whoever_came_is_counted_and_can_not_withdraw() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let like = json!({ "capacity": 2, "starts_at": lobby.clock.now() });
        let path = workshop(lobby, &admin, &workspace, like).await;
        let assistant = lobby.member(&admin, &workspace, "assistant").await;
        let people = crowd(lobby, &workspace, "assistant", 3).await;
        assistant.act(&format!("{path}/attendees")).await.expect(201);
        enrol(&admin, &path, &people[0]).await;
        enrol(&admin, &path, &people[1]).await;
        let check_in = |user: &str| format!("{path}/attendees/{user}/check-in");
        let came = admin.act(&check_in(&assistant.user)).await.expect(200);
        assert_eq!(admin.act(&check_in(&assistant.user)).await.expect(200).json, came.json);
        admin.act(&check_in(&people[1])).await.problem(409, "waitlisted");
        admin.act(&check_in(&people[2])).await.problem(404, "not_registered");
        assistant.delete(&format!("{path}/attendees/me")).await.problem(409, "checked_in");
        admin.delete(&format!("{path}/attendees/{}", people[0])).await.expect(204);
        assistant.act(&format!("{path}/favorite")).await.expect(201);
        assistant.act(&format!("{path}/favorite")).await.expect(200);
        let stats = admin.get(&format!("{path}/stats")).await.expect(200).json;
        let registrations = &stats["registrations"];
        assert_eq!(registrations["confirmed"], 2);
        assert_eq!((&registrations["waitlisted"], &registrations["withdrawn"]), (&json!(0), &json!(1)));
        assert_eq!(stats["attendance"], json!({ "checked_in": 1, "absent": 1 }));
        assert_eq!(stats["favorites"], 1);
        assert_eq!(registrations["by_day"][0]["total"], 2);
        let shown = admin.get(&format!("{path}/attendees?checked_in=true")).await.expect(200);
        assert_eq!(shown.each("user_id"), [&*assistant.user]);
    });
}

#[test]
fn nobody_is_checked_in_before_the_first_day_or_after_it_was_cancelled() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        // Where it begins at noon, its first day began twelve hours before.
        let day = lobby.clock.now().date_naive() + chrono::Days::new(2);
        let noon = day.and_hms_opt(12, 0, 0).unwrap().and_utc();
        let like = json!({ "starts_at": noon, "ends_at": noon + Duration::hours(2), "timezone": "Etc/UTC" });
        let path = workshop(lobby, &admin, &workspace, like).await;
        let people = crowd(lobby, &workspace, "assistant", 2).await;
        for user in &people {
            enrol(&admin, &path, user).await;
        }
        let check_in = |user: &str| format!("{path}/attendees/{user}/check-in");
        let midnight = noon - Duration::hours(12);
        lobby.clock.advance(midnight - Duration::minutes(1) - lobby.clock.now());
        let email = "person0@example.org";
        let admin = admin.sign_in(email, PASSWORD).await;
        let early = admin.act(&check_in(&people[0])).await.problem(403, "check_in_not_open");
        assert_eq!(instant(&early.json["opens_at"]), midnight);
        lobby.clock.advance(Duration::minutes(2));
        admin.act(&check_in(&people[0])).await.expect(200);
        // Once it is over, it may be made up for.
        lobby.clock.advance(Duration::hours(20));
        let admin = admin.sign_in(email, PASSWORD).await;
        admin.act(&check_in(&people[1])).await.expect(200);

        let like = json!({ "starts_at": lobby.clock.now(), "ends_at": lobby.clock.now() + Duration::hours(9) });
        let path = workshop(lobby, &admin, &workspace, like).await;
        enrol(&admin, &path, &people[0]).await;
        admin.act(&format!("{path}/cancel")).await.expect(200);
        let check_in = format!("{path}/attendees/{}/check-in", people[0]);
        admin.act(&check_in).await.problem(409, "workshop_cancelled");
    });
}
