//! Who leaves the workspace leaves its workshops.

use chrono::Duration;
use serde_json::json;

use super::{crowd, enrol, line, studio, workshop};
use crate::harness::lobby;

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
