//! What those who attend a workshop are told of.

use serde_json::json;

use super::{crowd, enrol, studio, workshop};
use crate::harness::{Client, Lobby, lobby};

/// What somebody was told, by kind and title, newest first.
async fn told(lobby: &Lobby, reader: &Client, user: &str) -> Vec<(String, String)> {
    lobby.services().settle().await.unwrap();
    let list = reader.get(&format!("/notifications/{user}?limit=200")).await.expect(200);
    let text = |row: &serde_json::Value, member: &str| row[member].as_str().unwrap().to_owned();
    list.items().iter().map(|row| (text(row, "kind"), text(row, "title"))).collect()
}

#[test]
fn each_who_has_a_seat_gets_a_message_once_and_nobody_else_does() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({ "capacity": 4 })).await;
        let people = crowd(lobby, &workspace, "assistant", 6).await;
        for user in &people {
            enrol(&admin, &path, user).await;
        }
        let message = json!({ "title": "Another room", "body": "Up the stairs" });
        let address = format!("/notifications{path}");
        admin.post_once(&address, "once", &message).await.expect(202);
        admin.post_once(&address, "once", &message).await.expect(202);
        lobby.services().settle().await.unwrap();
        // The event is told once more, as after a crash.
        lobby.database.execute("UPDATE workshop.outbox SET told_at = NULL").await;
        for (place, user) in people.iter().enumerate() {
            let told = told(lobby, &admin, user).await;
            let messages = told.iter().filter(|(kind, _)| kind == "workshop_message").collect::<Vec<_>>();
            assert_eq!(messages.len(), usize::from(place < 4), "{told:?}");
            assert!(messages.iter().all(|(_, title)| title == "Another room"));
            assert_eq!(told.iter().filter(|(kind, _)| kind == "workshop_registered").count(), 1, "{told:?}");
        }
        let sql = "SELECT count(*) FROM activity.notifications WHERE body = 'Up the stairs'";
        assert_eq!(lobby.database.number(sql).await, 4);
        // Each of them by mail, too; and no more.
        let sql = "SELECT array_agg(id) FROM activity.notifications WHERE kind = 'workshop_message'";
        let mut activity = lobby.database.connect_to("activity").await;
        let told: Vec<uuid::Uuid> = sqlx::query_scalar(sql).fetch_one(&mut activity).await.unwrap();
        let sql = "SELECT count(*) FROM mail.outbox WHERE id = ANY ($1)";
        let mut mail = lobby.database.connect_to("mail").await;
        let mailed: i64 = sqlx::query_scalar(sql).bind(told).fetch_one(&mut mail).await.unwrap();
        assert_eq!(mailed, 4);
    });
}

#[test]
fn whoever_moves_up_is_told_and_all_are_told_when_it_is_cancelled() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let first = lobby.member(&admin, &workspace, "assistant").await;
        let second = lobby.member(&admin, &workspace, "assistant").await;
        let path = workshop(lobby, &admin, &workspace, json!({ "capacity": 1 })).await;
        for person in [&first, &second] {
            person.act(&format!("{path}/attendees")).await.expect(201);
        }
        first.delete(&format!("{path}/attendees/me")).await.expect(204);
        let told_second = told(lobby, &second, &second.user).await;
        let seat =
            ("workshop_seat".to_owned(), "You have a seat now, and no longer wait for one: Bookbinding".to_owned());
        assert_eq!(told_second, std::slice::from_ref(&seat), "they registered themselves, and know that");
        admin.patch(&path, json!({ "status": "cancelled" })).await.expect(200);
        let cancelled = ("workshop_cancelled".to_owned(), "A workshop was cancelled: Bookbinding".to_owned());
        assert_eq!(told(lobby, &second, &second.user).await, [cancelled, seat]);
        assert!(told(lobby, &first, &first.user).await.is_empty(), "who isn't registered isn't concerned");
    });
}
