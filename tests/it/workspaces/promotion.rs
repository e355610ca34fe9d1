//! Promotion: a role is exchanged for the one that it promises, once, when its holder is onboarded.

use futures_util::future::join;
use serde_json::json;

use super::{events, eventually, membership};
use crate::{
    harness::{Client, Lobby, lobby, lobby_command},
    profiles::{Messages, PHONE, complete_profile, confirm, profile_of, with_messages},
};

/// Completes somebody's profile, and confirms their phone.
async fn onboard(lobby: &Lobby, messages: &Messages, person: &Client) {
    complete_profile(person, "dev").await;
    confirm(lobby, messages, person, PHONE).await;
    lobby.services().settle().await.unwrap();
}

async fn role(owner: &Client, workspace: &str, person: &Client) -> String {
    owner.get(&membership(workspace, person)).await.expect(200).text("role")
}

#[test]
fn who_is_onboarded_is_promoted_once_and_may_be_put_back() {
    with_messages(async |lobby, messages| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let person = lobby.member(&owner, &workspace, "developer").await;
        onboard(lobby, messages, &person).await;
        eventually("promoted", async || role(&owner, &workspace, &person).await == "verified_developer").await;
        let mailed = "SELECT count(*) FROM mail.outbox WHERE action = 'workspace.member_promoted'";
        eventually("there is mail about it", async || lobby.database.number(mailed).await == 1).await;
        let place = format!("{}/role", membership(&workspace, &person));
        owner.put(&place, json!({ "role": "developer" })).await.expect(200);
        // Told again, it changes nothing any more; and being put back is no reason either.
        let again = "UPDATE accounts.outbox SET told_at = NULL, next_try_at = at WHERE action = 'accounts.onboarding_completed'";
        lobby.database.execute(again).await;
        lobby.services().settle().await.unwrap();
        let waiting = "SELECT (SELECT count(*) FROM accounts.outbox WHERE told_at IS NULL) \
             + (SELECT count(*) FROM workspace.outbox WHERE told_at IS NULL)";
        eventually("all is told", async || lobby.database.number(waiting).await == 0).await;
        assert_eq!(role(&owner, &workspace, &person).await, "developer");
        assert_eq!(events(lobby, "member_promoted").await, 1);

        // By another way to such a role it is.
        owner.put(&place, json!({ "role": "customer" })).await.expect(200);
        owner.put(&place, json!({ "role": "developer" })).await.expect(200);
        eventually("promoted", async || role(&owner, &workspace, &person).await == "verified_developer").await;
        let (other, elsewhere) = lobby.workspace("devhub").await;
        other.bring(&elsewhere, &person, "developer").await;
        eventually("promoted", async || role(&other, &elsewhere, &person).await == "verified_developer").await;
        assert_eq!(events(lobby, "member_promoted").await, 3);
    });
}

#[test]
fn when_the_last_two_come_at_the_same_moment_one_is_promoted_exactly_once() {
    with_messages(async |lobby, messages| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        for round in 0..6 {
            let person = lobby.member(&owner, &workspace, "developer").await;
            complete_profile(&person, &format!("dev{round}")).await;
            person.patch(&profile_of(&person), json!({ "bio": "" })).await.expect(200);
            let phone = format!("+4144668180{round}");
            person.post("/users/me/phone", json!({ "phone": phone })).await.expect(202);
            let code = messages.last_code(lobby, &phone).await;
            let (completed, confirmed) = join(
                person.patch(&profile_of(&person), json!({ "bio": "Builds." })),
                person.post("/users/me/phone/verify", json!({ "code": code })),
            )
            .await;
            completed.expect(200);
            confirmed.expect(200);
            eventually("promoted", async || role(&owner, &workspace, &person).await == "verified_developer").await;
            lobby.services().settle().await.unwrap();
            assert_eq!(events(lobby, "member_promoted").await, round + 1);
        }
    });
}

#[test]
fn a_change_by_hand_in_the_same_moment_has_its_say_and_nobody_is_promoted_twice() {
    with_messages(async |lobby, messages| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let person = lobby.member(&owner, &workspace, "developer").await;
        let place = format!("{}/role", membership(&workspace, &person));
        let customer = json!({ "role": "customer" });
        let (_, changed) = tokio::join!(onboard(lobby, messages, &person), owner.put(&place, customer));
        changed.expect(200);
        let waiting = "SELECT count(*) FROM accounts.outbox WHERE told_at IS NULL";
        eventually("it is told", async || lobby.database.number(waiting).await == 0).await;
        assert_eq!(
            role(&owner, &workspace, &person).await,
            "customer",
            "the hand came before or after, and both end so"
        );
        assert!(events(lobby, "member_promoted").await <= 1);
    });
}

#[test]
fn the_operator_gives_roles_by_the_same_rules() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let person = lobby.member(&owner, &workspace, "customer").await;
        let set = async |user: &str, role: &str| {
            let arguments = ["member", "set-role", "--workspace", &workspace, "--user", user, "--role", role];
            lobby_command(&arguments, Some(&lobby.database), &[]).await
        };
        let said = set("PERSON1@example.org", "verified_developer").await;
        assert!(said.well, "{said:?}");
        eventually("given", async || role(&owner, &workspace, &person).await == "verified_developer").await;
        for (user, wanted, word) in [
            ("person0@example.org", "customer", "hand it over"),
            ("person1@example.org", "emperor", "has no role emperor"),
            ("nobody@example.org", "customer", "no account"),
        ] {
            let said = set(user, wanted).await;
            assert!(!said.well && said.errors.contains(word), "{said:?}");
        }
        let audited = "SELECT count(*) FROM workspace.outbox WHERE action = 'workspace.member_role_changed' \
             AND system_actor = 'command-line'";
        assert_eq!(lobby.database.number(audited).await, 1);
    });
}
