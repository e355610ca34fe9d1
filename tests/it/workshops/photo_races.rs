//! Photos that come in while something becomes of their workshop, or come in twice.

use futures_util::{
    StreamExt,
    future::{join, join_all},
    stream::FuturesUnordered,
};
use reqwest::{Method, multipart};
use serde_json::json;

use super::{held::Held, studio, workshop};
use crate::harness::{Answer, Client, Lobby, lobby, picture};

/// Photos that are shown, and those that are kept back.
const SHOWN: &str = "SELECT count(*) FROM gallery.images WHERE status = 'approved'";
const KEPT_BACK: &str = "SELECT count(*) FROM gallery.images WHERE status = 'draft'";

/// Uploads a picture to a list of photos, perhaps under a key.
async fn add(person: &Client, path: &str, seed: u8, key: Option<&str>) -> Answer {
    let file = multipart::Part::bytes(picture(seed)).file_name("mine.jpg");
    let form = multipart::Form::new().part("file", file);
    let request = person.request(Method::POST, path).multipart(form);
    person.send(if let Some(key) = key { request.header("Idempotency-Key", key) } else { request }).await
}

async fn settle(lobby: &Lobby) {
    lobby.services().settle().await.unwrap();
}

#[test]
fn a_photo_is_kept_back_when_its_workshop_becomes_a_draft_while_it_comes_in() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({})).await;
        let photos = format!("{path}/photos");
        let mut held = Held::inserting(lobby, "gallery", "images").await;
        let (added, ()) = join(add(&admin, &photos, 1, None), async {
            held.met().await;
            admin.patch(&path, json!({ "status": "draft" })).await.expect(200);
            settle(lobby).await;
            held.let_go().await;
        })
        .await;
        added.expect(201);
        assert_eq!((lobby.database.number(SHOWN).await, lobby.database.number(KEPT_BACK).await), (0, 1));
    });
}

#[test]
fn a_photo_is_shown_when_its_workshop_is_published_while_it_comes_in() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({ "status": "draft" })).await;
        let photos = format!("{path}/photos");
        let mut held = Held::inserting(lobby, "gallery", "images").await;
        let (added, ()) = join(add(&admin, &photos, 1, None), async {
            held.met().await;
            admin.patch(&path, json!({ "status": "published" })).await.expect(200);
            settle(lobby).await;
            held.let_go().await;
        })
        .await;
        added.expect(201);
        assert_eq!((lobby.database.number(SHOWN).await, lobby.database.number(KEPT_BACK).await), (1, 0));
    });
}

#[test]
fn of_many_photos_that_come_in_around_the_end_of_a_publication_none_stays_public() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({})).await;
        let photos = format!("{path}/photos?allow_duplicate=true");
        let mut adding: FuturesUnordered<_> = (0..16).map(|_| add(&admin, &photos, 1, None)).collect();
        adding.next().await.unwrap().expect(201);
        let (_, rest) = join(admin.patch(&path, json!({ "status": "draft" })), adding.collect::<Vec<Answer>>()).await;
        assert_eq!(rest.iter().filter(|answer| answer.status == 201).count(), 15);
        settle(lobby).await;
        assert_eq!((lobby.database.number(SHOWN).await, lobby.database.number(KEPT_BACK).await), (0, 16));
    });
}

#[test]
fn photos_follow_what_their_workshop_is_and_not_an_event_that_comes_late() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({ "status": "draft" })).await;
        add(&admin, &format!("{path}/photos"), 1, None).await.expect(201);
        for status in ["published", "draft"] {
            admin.patch(&path, json!({ "status": status })).await.expect(200);
        }
        settle(lobby).await;
        assert_eq!(lobby.database.number(SHOWN).await, 0);
        // The publication is told again, as after a failure.
        lobby
            .database
            .execute(
                "UPDATE workshop.outbox SET told_at = NULL WHERE action = 'workshop.updated' \
                 AND changes #>> '{status,to}' = 'published'",
            )
            .await;
        settle(lobby).await;
        assert_eq!((lobby.database.number(SHOWN).await, lobby.database.number(KEPT_BACK).await), (0, 1));
    });
}

#[test]
fn a_photo_of_an_attendee_is_added_once_under_its_key() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({})).await;
        let photos = format!("{path}/attendee-photos");
        let first = add(&admin, &photos, 1, Some("once")).await.expect(201);
        let again = add(&admin, &photos, 1, Some("once")).await.expect(201);
        assert_eq!((again.id(), again.header("idempotency-replayed")), (first.id(), "true"));
        add(&admin, &photos, 2, Some("once")).await.problem(422, "idempotency_key_reused");
        add(&admin, &photos, 2, Some("twice")).await.expect(201);
        assert_eq!(lobby.database.number("SELECT count(*) FROM gallery.images").await, 2);
    });
}

#[test]
fn of_many_requests_with_one_key_at_once_one_adds_a_photo() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({})).await;
        for part in ["photos", "attendee-photos"] {
            let photos = format!("{path}/{part}?allow_duplicate=true");
            let answers = join_all((0..16).map(|_| add(&admin, &photos, 1, Some("once")))).await;
            let added: Vec<String> = answers.iter().filter(|answer| answer.status == 201).map(Answer::id).collect();
            assert!(!added.is_empty() && added.iter().all(|id| *id == added[0]), "{added:?}");
            for refused in answers.into_iter().filter(|answer| answer.status != 201) {
                refused.problem(409, "idempotency_key_in_progress");
            }
            assert_eq!(add(&admin, &photos, 1, Some("once")).await.expect(201).id(), added[0]);
        }
        assert_eq!(lobby.database.number("SELECT count(*) FROM gallery.images").await, 2);
        // Another key is another photo.
        add(&admin, &format!("{path}/photos?allow_duplicate=true"), 1, Some("else")).await.expect(201);
        assert_eq!(lobby.database.number("SELECT count(*) FROM gallery.images").await, 3);
    });
}

#[test]
fn whoever_describes_a_workshop_is_not_told_which_photo_of_an_attendee_is_the_same() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({})).await;
        add(&admin, &format!("{path}/attendee-photos"), 1, None).await.expect(201);
        let refused = add(&admin, &format!("{path}/photos"), 1, None).await.expect(409);
        assert!(refused.json["existing"].is_null(), "{}", refused.json);
        let known = add(&admin, &format!("{path}/attendee-photos"), 1, None).await.expect(409);
        assert!(!known.json["existing"].is_null(), "{}", known.json);
    });
}
