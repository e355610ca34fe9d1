//! When someone is onboarded, and that it is told exactly once.

use futures_util::future::{join, join_all};
use kernel::ids::UserId;
use serde_json::json;

use super::{NATIONAL_ID, PHONE, complete_profile, confirm, events, missing, profile_of, with_messages};
use crate::harness::{Client, Lobby};

async fn told(lobby: &Lobby, client: &Client) -> i64 {
    events(lobby, "onboarding_completed", client).await
}

#[test]
fn what_is_missing_is_named_until_nothing_is() {
    with_messages(async |lobby, messages| {
        let ada = lobby.person().await;
        let all =
            ["first_name", "last_name", "username", "bio", "description", "national_id", "phone", "phone_confirmed"];
        assert_eq!(missing(&ada).await, all);
        ada.patch("/users/me", json!({ "first_name": "Ada", "username": "ada" })).await.expect(200);
        ada.patch(&profile_of(&ada), json!({ "bio": "Counts.", "phone": PHONE })).await.expect(200);
        assert_eq!(missing(&ada).await, ["last_name", "description", "national_id", "phone_confirmed"]);
        complete_profile(&ada, "ada").await;
        assert_eq!(missing(&ada).await, ["phone_confirmed"]);
        assert_eq!(told(lobby, &ada).await, 0);
        confirm(lobby, messages, &ada, PHONE).await;
        assert_eq!(missing(&ada).await, [""; 0]);
        assert_eq!(told(lobby, &ada).await, 1);
    });
}

#[test]
fn it_is_told_once_and_again_only_after_something_was_missing() {
    with_messages(async |lobby, messages| {
        let ada = lobby.person().await;
        confirm(lobby, messages, &ada, PHONE).await;
        complete_profile(&ada, "ada").await;
        assert_eq!(told(lobby, &ada).await, 1);
        let onboarded = "SELECT count(*) FROM accounts.profiles WHERE onboarded_at IS NOT NULL";
        assert_eq!(lobby.database.number(onboarded).await, 1);

        ada.patch(&profile_of(&ada), json!({ "bio": "Counts a lot." })).await.expect(200);
        ada.patch("/users/me", json!({ "first_name": "Augusta" })).await.expect(200);
        assert_eq!(told(lobby, &ada).await, 1);

        ada.patch("/users/me", json!({ "last_name": null })).await.expect(200);
        assert_eq!(lobby.database.number(onboarded).await, 0);
        assert_eq!(missing(&ada).await, ["last_name"]);
        ada.patch("/users/me", json!({ "last_name": "King" })).await.expect(200);
        assert_eq!(told(lobby, &ada).await, 2);
        ada.patch(&profile_of(&ada), json!({ "bio": "   " })).await.expect(200);
        assert_eq!(missing(&ada).await, ["bio"]);
    });
}

#[test]
fn when_the_last_two_come_at_the_same_moment_it_is_told_exactly_once() {
    with_messages(async |lobby, messages| {
        for round in 0..8 {
            let ada = lobby.person().await;
            let phone = format!("+4179123456{round}");
            ada.patch("/users/me", json!({ "first_name": "Ada", "last_name": "Lovelace" })).await.expect(200);
            let most = json!({ "description": "With engines.", "national_id": NATIONAL_ID });
            ada.patch(&profile_of(&ada), most).await.expect(200);
            ada.post("/users/me/phone", json!({ "phone": phone })).await.expect(202);
            let code = messages.last_code(lobby, &phone).await;

            let username = format!("ada{round}");
            let profile = profile_of(&ada);
            let (one, (two, three)) = join(
                ada.patch("/users/me", json!({ "username": username })),
                join(
                    ada.patch(&profile, json!({ "bio": "Counts." })),
                    ada.post("/users/me/phone/verify", json!({ "code": code })),
                ),
            )
            .await;
            for answer in [one, two, three] {
                answer.expect(200);
            }
            assert_eq!(told(lobby, &ada).await, 1, "round {round}");
        }
    });
}

#[test]
fn in_and_out_many_times_at_once_it_is_told_as_often_as_it_became_true() {
    with_messages(async |lobby, messages| {
        let ada = lobby.person().await;
        confirm(lobby, messages, &ada, PHONE).await;
        complete_profile(&ada, "ada").await;
        let bios = (0..20).map(|turn| {
            let (ada, profile) = (ada.clone(), profile_of(&ada));
            async move {
                let bio = if turn % 2 == 0 { "" } else { "Counts." };
                ada.patch(&profile, json!({ "bio": bio })).await.expect(200);
            }
        });
        join_all(bios).await;
        // Every change of the bio took it away or brought it back, in turn.
        let changes = "SELECT count(*) FROM accounts.outbox WHERE action = 'accounts.profile_updated' \
            AND changes->'fields' = '[\"bio\"]'";
        let changes = lobby.database.number(changes).await;
        assert!(changes > 0);
        assert_eq!(told(lobby, &ada).await, 1 + changes / 2);
    });
}

#[test]
fn others_may_ask_whether_someone_is_onboarded() {
    with_messages(async |lobby, messages| {
        let ada = lobby.person().await;
        let directory = accounts::Directory::new(lobby.services().databases.system("test"));
        let user = UserId(ada.user.parse().unwrap());
        complete_profile(&ada, "ada").await;
        assert!(!directory.is_onboarded(user).await.unwrap());
        confirm(lobby, messages, &ada, PHONE).await;
        assert!(directory.is_onboarded(user).await.unwrap());
    });
}
