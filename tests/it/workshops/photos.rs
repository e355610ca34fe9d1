//! Photos of workshops: by whom, and on which days.

use chrono::{DateTime, Duration, Utc};
use reqwest::{Method, multipart};
use serde_json::json;

use super::{enrol, instant, studio, workshop};
use crate::harness::{Answer, Client, Lobby, PASSWORD, lobby, picture};

/// Uploads a picture to a list of photos.
async fn add(person: &Client, path: &str, seed: u8) -> Answer {
    let file = multipart::Part::bytes(picture(seed)).file_name("mine.jpg");
    let form = multipart::Form::new().text("description", format!("Picture {seed}")).part("file", file);
    person.send(person.request(Method::POST, path).multipart(form)).await
}

#[test]
fn what_describes_a_workshop_is_shown_with_it_and_deleted_all_or_none() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let creator = lobby.member(&admin, &workspace, "creator").await;
        let other = lobby.member(&admin, &workspace, "creator").await;
        let assistant = lobby.member(&admin, &workspace, "assistant").await;
        let (path, beside) = (
            workshop(lobby, &creator, &workspace, json!({})).await,
            workshop(lobby, &other, &workspace, json!({})).await,
        );
        let photos = format!("{path}/photos");
        let mut ids = Vec::new();
        for seed in 0..3 {
            let added = add(&creator, &photos, seed).await.expect(201);
            assert_eq!(added.header("location"), format!("/api/v1/photos/{}", added.id()));
            ids.push(added.id());
        }
        add(&creator, &photos, 0).await.expect(409);
        let foreign = add(&other, &format!("{beside}/photos"), 7).await.expect(201).id();
        for person in [&other, &assistant] {
            add(person, &photos, 9).await.problem(403, "permission_denied");
            person.delete(&format!("{photos}/{}", ids[0])).await.problem(403, "permission_denied");
        }
        let shown = assistant.get(&format!("{photos}?limit=2")).await.expect(200);
        assert_eq!(shown.each("id"), [ids[2].as_str(), ids[1].as_str()], "the newest first");
        let rest = assistant.get(&format!("{photos}?limit=2&cursor={}", shown.text("next"))).await.expect(200);
        assert_eq!(rest.each("id"), [ids[0].as_str()]);
        let count = async || assistant.get(&photos).await.expect(200).items().len();

        let all = json!({ "photo_ids": [ids[0], foreign] });
        creator.call(Method::DELETE, &photos, Some(&all)).await.faults(&["/photo_ids"]);
        assert_eq!(count().await, 3);
        creator.call(Method::DELETE, &photos, Some(&json!({ "photo_ids": [] }))).await.faults(&["/photo_ids"]);
        creator.delete(&format!("{photos}/{foreign}")).await.problem(404, "not_found");
        creator.delete(&format!("{photos}/none")).await.problem(404, "not_found");
        let two = json!({ "photo_ids": [ids[0], ids[1]] });
        creator.call(Method::DELETE, &photos, Some(&two)).await.expect(204);
        assert_eq!(count().await, 1);
        creator.delete(&format!("{photos}/{}", ids[2])).await.expect(204);
        assert_eq!(count().await, 0);
        assert_eq!(assistant.get(&format!("{beside}/photos")).await.expect(200).items().len(), 1);
    });
}

#[test]
fn photos_share_what_becomes_of_their_workshop() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let creator = lobby.member(&admin, &workspace, "creator").await;
        let assistant = lobby.member(&admin, &workspace, "assistant").await;
        let path = workshop(lobby, &creator, &workspace, json!({ "status": "draft" })).await;
        let photo = format!("/photos/{}", add(&creator, &format!("{path}/photos"), 1).await.expect(201).id());
        assistant.get(&photo).await.problem(404, "not_found");
        assistant.get(&format!("{path}/photos")).await.problem(404, "not_found");
        creator.patch(&path, json!({ "status": "published" })).await.expect(200);
        lobby.services().settle().await.unwrap();
        assistant.get(&photo).await.expect(200);
        let stats = creator.get(&format!("{path}/stats")).await.expect(200);
        assert_eq!(stats.json["photos"], json!({ "description": 1, "attendee": 0, "likes": 0, "comments": 0 }));
        creator.delete(&path).await.expect(204);
        lobby.services().settle().await.unwrap();
        assistant.get(&photo).await.problem(404, "not_found");
        assert_eq!(lobby.database.number("SELECT count(*) FROM gallery.images").await, 0);
    });
}

/// Moves the clock to an instant that is to come.
fn go_to(lobby: &Lobby, instant: DateTime<Utc>) {
    lobby.clock.advance(instant - lobby.clock.now());
}

/// What whoever has a seat is answered at an instant, just before and just after which the answer is to change.
async fn window(lobby: &Lobby, zone: &str, times: (&str, &str), days: (&str, &str)) {
    let at = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
    let (admin, workspace) = studio(lobby).await;
    let assistant = lobby.member(&admin, &workspace, "assistant").await;
    let like = json!({ "starts_at": times.0, "ends_at": times.1, "timezone": zone });
    let path = workshop(lobby, &admin, &workspace, like).await;
    assistant.act(&format!("{path}/attendees")).await.expect(201);
    let photos = format!("{path}/attendee-photos");
    // Who signed in long ago is signed in no longer; the days of the workshop are far away.
    let (boss, me) = (email(&admin).await, email(&assistant).await);
    let (opens_at, closes_at) = (at(days.0), at(days.1));
    go_to(lobby, opens_at - Duration::minutes(1));
    let (admin, assistant) = (again(&admin, &boss).await, again(&assistant, &me).await);
    let early = add(&assistant, &photos, 1).await.problem(403, "upload_window_closed");
    assert_eq!((instant(&early.json["opens_at"]), instant(&early.json["closes_at"])), (opens_at, closes_at), "{zone}");
    // Whoever may add photos to everything may at any time.
    add(&admin, &photos, 2).await.expect(201);
    go_to(lobby, opens_at + Duration::seconds(1));
    add(&assistant, &photos, 3).await.expect(201);
    go_to(lobby, closes_at - Duration::minutes(1));
    let assistant = again(&assistant, &me).await;
    add(&assistant, &photos, 4).await.expect(201);
    go_to(lobby, closes_at + Duration::seconds(1));
    add(&assistant, &photos, 5).await.problem(403, "upload_window_closed");
    assert_eq!(assistant.get(&photos).await.expect(200).items().len(), 3);
}

/// The same person, signed in at this moment.
async fn again(person: &Client, email: &str) -> Client {
    person.sign_in(email, PASSWORD).await
}

/// Where somebody is written to.
async fn email(person: &Client) -> String {
    person.get("/users/me").await.expect(200).text("email")
}

/// The next year in which a test can go to the days in question by moving its clock ahead, and how its days fall.
fn next(zone_days: &[(&'static str, &'static str, &'static str, &'static str)]) -> usize {
    let now = kernel::clock::Clock::system().now();
    zone_days.iter().position(|days| days.2.parse::<DateTime<Utc>>().unwrap() > now + Duration::hours(1)).unwrap()
}

#[test]
fn on_a_day_of_twenty_three_hours_photos_are_added_for_twenty_three_hours() {
    const DAYS: &[(&str, &str, &str, &str)] = &[
        ("2027-03-28T08:00:00Z", "2027-03-28T15:00:00Z", "2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z"),
        ("2031-03-30T08:00:00Z", "2031-03-30T15:00:00Z", "2031-03-29T23:00:00Z", "2031-03-30T22:00:00Z"),
        ("2036-03-30T08:00:00Z", "2036-03-30T15:00:00Z", "2036-03-29T23:00:00Z", "2036-03-30T22:00:00Z"),
    ];
    lobby(async |lobby| {
        let (starts, ends, from, until) = DAYS[next(DAYS)];
        window(lobby, "Europe/Berlin", (starts, ends), (from, until)).await;
    });
}

#[test]
fn on_a_day_of_twenty_five_hours_photos_are_added_for_twenty_five_hours() {
    // Nowhere near the server's zone, whichever that is: its day begins when it is midnight there.
    const DAYS: &[(&str, &str, &str, &str)] = &[
        ("2027-11-07T15:00:00Z", "2027-11-07T20:00:00Z", "2027-11-07T04:00:00Z", "2027-11-08T05:00:00Z"),
        ("2032-11-07T15:00:00Z", "2032-11-07T20:00:00Z", "2032-11-07T04:00:00Z", "2032-11-08T05:00:00Z"),
        ("2038-11-07T15:00:00Z", "2038-11-07T20:00:00Z", "2038-11-07T04:00:00Z", "2038-11-08T05:00:00Z"),
    ];
    lobby(async |lobby| {
        let (starts, ends, from, until) = DAYS[next(DAYS)];
        window(lobby, "America/New_York", (starts, ends), (from, until)).await;
    });
}

#[test]
fn over_three_days_photos_are_added_from_the_first_midnight_to_the_last() {
    // In Auckland it is the day after for half of the time; the clocks are put forward on the second day.
    const DAYS: &[(&str, &str, &str, &str)] = &[
        ("2027-09-24T21:00:00Z", "2027-09-27T04:00:00Z", "2027-09-24T12:00:00Z", "2027-09-27T11:00:00Z"),
        ("2032-09-24T21:00:00Z", "2032-09-27T04:00:00Z", "2032-09-24T12:00:00Z", "2032-09-27T11:00:00Z"),
        ("2038-09-24T21:00:00Z", "2038-09-27T04:00:00Z", "2038-09-24T12:00:00Z", "2038-09-27T11:00:00Z"),
    ];
    lobby(async |lobby| {
        let (starts, ends, from, until) = DAYS[next(DAYS)];
        window(lobby, "Pacific/Auckland", (starts, ends), (from, until)).await;
    });
}

#[test]
fn photos_of_those_who_attend_are_added_by_whoever_has_a_seat() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let creator = lobby.member(&admin, &workspace, "creator").await;
        let (seated, waiting, neither) = (
            lobby.member(&admin, &workspace, "assistant").await,
            lobby.member(&admin, &workspace, "assistant").await,
            lobby.member(&admin, &workspace, "assistant").await,
        );
        let begins = lobby.clock.now();
        let like = json!({ "starts_at": begins, "ends_at": begins + Duration::hours(1), "capacity": 1 });
        let path = workshop(lobby, &creator, &workspace, like).await;
        enrol(&admin, &path, &seated.user).await;
        enrol(&admin, &path, &waiting.user).await;
        let photos = format!("{path}/attendee-photos");
        add(&seated, &photos, 1).await.expect(201);
        add(&waiting, &photos, 2).await.problem(403, "not_registered");
        add(&neither, &photos, 3).await.problem(403, "not_registered");
        add(&creator, &photos, 4).await.problem(403, "permission_denied");
        add(&admin, &photos, 5).await.expect(201);
        let stranger = lobby.person().await;
        add(&stranger, &photos, 6).await.problem(404, "not_found");
        for person in [&creator, &waiting, &neither] {
            assert_eq!(person.get(&photos).await.expect(200).items().len(), 2);
        }
        // A draft is nothing that somebody may know of.
        let draft = workshop(lobby, &creator, &workspace, json!({ "status": "draft" })).await;
        add(&neither, &format!("{draft}/attendee-photos"), 7).await.problem(404, "not_found");
        assert_eq!(lobby.database.number("SELECT count(*) FROM gallery.images").await, 2);
    });
}

/// Looking at images is not enough for a photo of a workshop: it takes the right to see that side of workshops too, by
/// whichever name it is asked for.
#[test]
fn a_photo_is_for_those_who_see_that_side_of_workshops() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({})).await;
        let describing = add(&admin, &format!("{path}/photos"), 1).await.expect(201).id();
        let attending = add(&admin, &format!("{path}/attendee-photos"), 2).await.expect(201).id();
        let comment = admin.post(&format!("/photos/{attending}/comments"), json!({ "body": "Well done" })).await;
        let comment = format!("/comments/{}", comment.expect(201).id());
        let looks = ["can_view_images", "can_like_images", "can_view_comments"];
        let cases: [(&str, &[&str], u16, u16); 3] = [
            ("looker", &[], 404, 404),
            ("reader", &["can_view_workshops"], 200, 404),
            ("guest", &["can_view_workshops", "can_view_attendee_photos"], 200, 200),
        ];
        for (name, more, description, attendees) in cases {
            let held: serde_json::Map<_, _> =
                looks.iter().chain(more).map(|key| ((*key).to_owned(), json!(true))).collect();
            let role = json!({ "name": name, "permissions": held });
            admin.post(&format!("/workspaces/{workspace}/roles"), role).await.expect(201);
            let person = lobby.member(&admin, &workspace, name).await;
            for (photo, answer) in [(&describing, description), (&attending, attendees)] {
                for bytes in ["", "/content", "/content?variant=thumbnail"] {
                    person.get(&format!("/images/{photo}{bytes}")).await.expect(answer);
                }
                person.get(&format!("/photos/{photo}")).await.expect(answer);
                person.get(&format!("/photos/{photo}/comments")).await.expect(answer);
                let liked = person.act(&format!("/photos/{photo}/like")).await;
                assert_eq!(liked.status, if answer == 200 { 201 } else { answer });
            }
            person.get(&comment).await.expect(attendees);
        }
    });
}
