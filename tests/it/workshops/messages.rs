//! Messages to those who attend.

use ::workshop::{Audiences, BroadcastId, WorkshopId};
use chrono::Duration;
use futures_util::future::join_all;
use kernel::ids::UserId;
use serde_json::json;

use super::{crowd, enrol, studio, workshop};
use crate::harness::{PASSWORD, lobby};

#[test]
fn a_message_goes_to_those_who_have_a_seat_at_that_moment_to_each_once() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let creator = lobby.member(&admin, &workspace, "creator").await;
        let path = workshop(lobby, &creator, &workspace, json!({ "capacity": 5 })).await;
        let mut people = crowd(lobby, &workspace, "assistant", 7).await;
        for user in &people {
            enrol(&admin, &path, user).await;
        }
        let message = json!({ "title": "Another room", "body": "Up the stairs" });
        let address = format!("/notifications{path}");
        let sent = creator.post_once(&address, "once", &message).await.expect(202);
        assert_eq!(sent.json["recipients"], 5);
        assert_eq!(creator.post_once(&address, "once", &message).await.expect(202).json, sent.json);
        // Who comes and goes later changes nothing about it.
        admin.delete(&format!("{path}/attendees/{}", people[0])).await.expect(204);

        let audiences = Audiences::new(lobby.services().databases.system("messages"));
        let id: BroadcastId = sent.text("id").parse().unwrap();
        let mut told: Vec<UserId> = Vec::new();
        loop {
            let page = audiences.recipients(id, told.last().copied(), 2).await.unwrap();
            if page.is_empty() {
                break;
            }
            told.extend(page);
        }
        let mut seated: Vec<UserId> = people[..5].iter().map(|user| user.parse().unwrap()).collect();
        seated.sort();
        assert_eq!(told, seated);
        let written = audiences.message(id).await.unwrap().unwrap();
        assert_eq!((written.title.as_str(), written.body.as_str()), ("Another room", "Up the stairs"));
        let workshop: WorkshopId = path.trim_start_matches("/workshops/").parse().unwrap();
        people.remove(0);
        let mut registered: Vec<UserId> = people.iter().map(|user| user.parse().unwrap()).collect();
        registered.sort();
        assert_eq!(audiences.registered(workshop, None, 100).await.unwrap(), registered);

        // The log says that something was written, and not what.
        let event = "SELECT count(*) FROM workshop.outbox WHERE action = 'workshop.broadcast'";
        assert_eq!(lobby.database.number(event).await, 1);
        assert_eq!(lobby.database.number(&format!("{event} AND changes::text LIKE '%stairs%'")).await, 0);
    });
}

#[test]
fn only_whoever_runs_a_workshop_writes_to_its_attendees() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let creator = lobby.member(&admin, &workspace, "creator").await;
        let other = lobby.member(&admin, &workspace, "creator").await;
        let stranger = lobby.person().await;
        let path = format!("/notifications{}", workshop(lobby, &creator, &workspace, json!({})).await);
        let message = || json!({ "title": "Hello", "body": "There" });
        other.post(&path, message()).await.problem(403, "permission_denied");
        stranger.post(&path, message()).await.problem(404, "not_found");
        assert_eq!(admin.post(&path, message()).await.expect(202).json["recipients"], 0);
        creator.post(&path, json!({ "title": " ", "body": "x" })).await.faults(&["/title"]);
        creator.post(&path, json!({ "title": "x" })).await.faults(&["/body"]);
        creator.post("/notifications/workshops/none", message()).await.problem(404, "not_found");
        assert_eq!(lobby.database.number("SELECT count(*) FROM workshop.broadcasts").await, 1);
    });
}

#[test]
fn so_many_messages_a_day_go_to_those_who_attend_a_workshop_however_many_are_sent_at_once() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = format!("/notifications{}", workshop(lobby, &admin, &workspace, json!({})).await);
        let message = || json!({ "title": "Hello", "body": "There" });
        let answers = join_all((0..16).map(|_| admin.post(&path, message()))).await;
        let (sent, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 202);
        assert_eq!(sent.len(), 10);
        for answer in refused {
            let wait: i64 = answer.problem(429, "too_many_messages").header("retry-after").parse().unwrap();
            assert!((86_000..=86_401).contains(&wait), "{wait}");
        }
        assert_eq!(lobby.database.number("SELECT count(*) FROM workshop.broadcasts").await, 10);
        // Another workshop's attendees have had none.
        let beside = format!("/notifications{}", workshop(lobby, &admin, &workspace, json!({})).await);
        admin.post(&beside, message()).await.expect(202);
        lobby.clock.advance(Duration::hours(24) + Duration::seconds(1));
        let admin = admin.sign_in("person0@example.org", PASSWORD).await;
        admin.post(&path, message()).await.expect(202);
    });
}
