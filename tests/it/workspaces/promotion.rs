//! Promotion: a role is exchanged for the one that it promises, once, when its holder is onboarded.

use serde_json::json;

use super::{events, eventually, membership};
use crate::harness::{Client, Lobby, lobby, lobby_command};

/// Announces that somebody's profile is complete and their phone confirmed, as accounts do.
async fn onboard(lobby: &Lobby, person: &Client) {
    let sql = format!(
        "INSERT INTO accounts.outbox (id, actor_id, action, resource_kind, resource_id, changes, at, next_try_at) \
         VALUES (gen_random_uuid(), '{0}', 'accounts.onboarding_completed', 'user', '{0}', '{{}}', now(), now())",
        person.user
    );
    lobby.database.execute(&sql).await;
    lobby.services().settle().await.unwrap();
}

async fn role(owner: &Client, workspace: &str, person: &Client) -> String {
    owner.get(&membership(workspace, person)).await.expect(200).text("role")
}

#[test]
fn who_is_onboarded_is_promoted_once_and_may_be_put_back() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let person = lobby.member(&owner, &workspace, "developer").await;
        onboard(lobby, &person).await;
        eventually("promoted", async || role(&owner, &workspace, &person).await == "verified_developer").await;
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
fn a_change_by_hand_in_the_same_moment_has_its_say_and_nobody_is_promoted_twice() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let person = lobby.member(&owner, &workspace, "developer").await;
        let place = format!("{}/role", membership(&workspace, &person));
        let customer = json!({ "role": "customer" });
        let (_, changed) = tokio::join!(onboard(lobby, &person), owner.put(&place, customer));
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
