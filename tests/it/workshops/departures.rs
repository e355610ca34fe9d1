//! Who leaves the workspace leaves its workshops.

use ::workspace::Endings;
use chrono::Duration;
use futures_util::future::{join, join_all};
use serde_json::json;

use super::{crowd, enrol, held::Held, line, studio, workshop};
use crate::harness::{Client, Lobby, lobby};

#[test]
fn the_seat_of_whoever_leaves_or_is_suspended_goes_to_the_first_in_line() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({ "capacity": 1 })).await;
        let people = crowd(lobby, &workspace, "assistant", 3).await;
        for user in &people {
            enrol(&admin, &path, user).await;
        }
        let seated = async |user: &str| {
            lobby.services().settle().await.unwrap();
            assert_eq!(line(&admin, &path).await[0], (user.to_owned(), "confirmed".to_owned()));
        };
        seated(&people[0]).await;
        let member = |user: &str| format!("/workspaces/{workspace}/members/{user}");
        admin.delete(&member(&people[0])).await.expect(204);
        seated(&people[1]).await;
        admin.act(&format!("{}/deactivate", member(&people[1]))).await.expect(200);
        seated(&people[2]).await;
        assert_eq!(line(&admin, &path).await.len(), 1);
        let told =
            "SELECT count(*) FROM workshop.outbox WHERE action = 'workshop.promoted' AND workspace_id IS NOT NULL";
        assert_eq!(lobby.database.number(told).await, 2);
    });
}

#[test]
fn who_attended_a_workshop_that_is_over_is_still_known() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let begins = lobby.clock.now();
        let like = json!({ "starts_at": begins, "ends_at": begins + Duration::minutes(5) });
        let path = workshop(lobby, &admin, &workspace, like).await;
        let people = crowd(lobby, &workspace, "assistant", 1).await;
        enrol(&admin, &path, &people[0]).await;
        lobby.clock.advance(Duration::minutes(6));
        admin.delete(&format!("/workspaces/{workspace}/members/{}", people[0])).await.expect(204);
        lobby.services().settle().await.unwrap();
        assert_eq!(line(&admin, &path).await.len(), 1);
    });
}

/// What tells of memberships that end.
fn endings(lobby: &Lobby) -> Endings {
    Endings::new(lobby.services().databases.system("endings"), lobby.clock.clone())
}

/// Has a membership end in so many minutes.
async fn limit(lobby: &Lobby, admin: &Client, workspace: &str, user: &str, minutes: i64) {
    let end = lobby.clock.now() + Duration::minutes(minutes);
    admin.patch(&format!("/workspaces/{workspace}/members/{user}"), json!({ "expires_at": end })).await.expect(200);
}

async fn settle(lobby: &Lobby) {
    lobby.services().settle().await.unwrap();
}

#[test]
fn the_seat_of_whoever_s_time_is_over_goes_to_the_first_in_line_and_it_is_told_once() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({ "capacity": 1 })).await;
        let people = crowd(lobby, &workspace, "assistant", 2).await;
        for user in &people {
            enrol(&admin, &path, user).await;
        }
        let told = "SELECT count(*) FROM workspace.outbox WHERE action = 'workspace.member_expired'";
        limit(lobby, &admin, &workspace, &people[0], 5).await;
        endings(lobby).tell().await.unwrap();
        assert_eq!(lobby.database.number(told).await, 0, "it isn't over yet");
        lobby.clock.advance(Duration::minutes(6));
        let ends = endings(lobby);
        for told in join_all((0..8).map(|_| ends.tell())).await {
            told.unwrap();
        }
        ends.tell().await.unwrap();
        assert_eq!(lobby.database.number(told).await, 1);
        settle(lobby).await;
        assert_eq!(line(&admin, &path).await, [(people[1].clone(), "confirmed".to_owned())]);

        // Given more time, it ends once more.
        limit(lobby, &admin, &workspace, &people[0], 5).await;
        enrol(&admin, &path, &people[0]).await;
        settle(lobby).await;
        assert_eq!(line(&admin, &path).await.len(), 2);
        lobby.clock.advance(Duration::minutes(6));
        ends.tell().await.unwrap();
        settle(lobby).await;
        assert_eq!((line(&admin, &path).await.len(), lobby.database.number(told).await), (1, 2));
    });
}

#[test]
fn whoever_was_given_more_time_keeps_their_seat_when_the_end_is_heard_of_late() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({ "capacity": 1 })).await;
        let people = crowd(lobby, &workspace, "assistant", 1).await;
        limit(lobby, &admin, &workspace, &people[0], 5).await;
        lobby.clock.advance(Duration::minutes(6));
        endings(lobby).tell().await.unwrap();
        settle(lobby).await;
        limit(lobby, &admin, &workspace, &people[0], 50).await;
        enrol(&admin, &path, &people[0]).await;
        lobby
            .database
            .execute(
                "UPDATE workspace.outbox SET told_at = NULL, at = at + interval '1 hour' \
                 WHERE action = 'workspace.member_expired'",
            )
            .await;
        settle(lobby).await;
        assert_eq!(line(&admin, &path).await.len(), 1);
    });
}

#[test]
fn whoever_s_time_is_over_is_not_told_what_is_written_to_those_who_attend() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({})).await;
        let people = crowd(lobby, &workspace, "assistant", 2).await;
        for user in &people {
            enrol(&admin, &path, user).await;
        }
        settle(lobby).await;
        limit(lobby, &admin, &workspace, &people[0], 5).await;
        lobby.clock.advance(Duration::minutes(6));
        let message = json!({ "title": "Another room", "body": "Up the stairs" });
        admin.post(&format!("/notifications{path}"), message).await.expect(202);
        settle(lobby).await;
        let told = |user: &str| {
            format!(
                "SELECT count(*) FROM activity.notifications WHERE kind = 'workshop_message' AND user_id = '{user}'"
            )
        };
        assert_eq!(lobby.database.number(&told(&people[0])).await, 0);
        assert_eq!(lobby.database.number(&told(&people[1])).await, 1);
    });
}

#[test]
fn a_seat_that_was_given_while_its_holder_left_is_given_on() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({ "capacity": 1 })).await;
        let people = crowd(lobby, &workspace, "assistant", 2).await;
        let mut held = Held::inserting(lobby, "workshop", "attendees").await;
        // It was seen that they are a member; then they leave, and that is heard of before they are registered.
        let (registered, ()) = join(enrol(&admin, &path, &people[0]), async {
            held.met().await;
            admin.delete(&format!("/workspaces/{workspace}/members/{}", people[0])).await.expect(204);
            settle(lobby).await;
            held.let_go().await;
        })
        .await;
        registered.expect(201);
        enrol(&admin, &path, &people[1]).await;
        settle(lobby).await;
        assert_eq!(line(&admin, &path).await, [(people[1].clone(), "confirmed".to_owned())]);
    });
}

#[test]
fn nobody_keeps_a_seat_that_they_moved_up_to_after_they_left() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({ "capacity": 1 })).await;
        let people = crowd(lobby, &workspace, "assistant", 3).await;
        for user in &people {
            enrol(&admin, &path, user).await;
        }
        settle(lobby).await;
        // Nothing told yet that the second's time is over.
        limit(lobby, &admin, &workspace, &people[1], 5).await;
        lobby.clock.advance(Duration::minutes(6));
        admin.delete(&format!("{path}/attendees/{}", people[0])).await.expect(204);
        settle(lobby).await;
        assert_eq!(line(&admin, &path).await, [(people[2].clone(), "confirmed".to_owned())]);
    });
}
