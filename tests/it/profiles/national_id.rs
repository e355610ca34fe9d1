//! The national identity number: in no row, event, list or log that tells it, and not lost when the secret changes.

use serde_json::json;

use super::{NATIONAL_ID, made, profile_of};
use crate::harness::{Lobby, PASSWORD, lobby, lobby_command};

const OLD: &str = "a secret that all instances of the tests share";
const NEW: &str = "another secret, after the change of secrets";

/// In how many rows of these tables a text is, whatever the column.
async fn rows_with(lobby: &Lobby, text: &str) -> i64 {
    let mut found = 0;
    for table in ["users", "profiles", "outbox", "idempotency", "sessions", "phone_codes"] {
        let hexed: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        let sql = format!(
            "SELECT count(*) FROM accounts.{table} t WHERE strpos(t::text, '{text}') + strpos(t::text, '{hexed}') > 0"
        );
        found += lobby.database.number(&sql).await;
    }
    found
}

#[test]
fn it_is_sealed_at_rest_and_told_nowhere_else() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let bob = made(lobby, &owner, &workspace, "bob@example.org", "developer").await;
        let set = bob.patch(&profile_of(&bob), json!({ "national_id": format!("  {NATIONAL_ID} ") })).await.expect(200);
        assert_eq!(set.json["national_id"], NATIONAL_ID);
        assert_eq!(rows_with(lobby, NATIONAL_ID).await, 0);
        assert_eq!(rows_with(lobby, "bob@example.org").await, 1, "the look into the tables is blind");
        let lists = ["/users".to_owned(), format!("/users/{}", bob.user), format!("/workspaces/{workspace}/members")];
        for path in lists {
            let answer = owner.get(&path).await.expect(200);
            assert!(!String::from_utf8_lossy(&answer.bytes).contains(NATIONAL_ID), "{path}");
        }
        // The same again is no change; another is.
        let same = bob.patch(&profile_of(&bob), json!({ "national_id": NATIONAL_ID })).await.expect(200);
        assert_eq!(same.header("etag"), set.header("etag"));
        let cleared = bob.patch(&profile_of(&bob), json!({ "national_id": null })).await.expect(200);
        assert!(cleared.json["national_id"].is_null());
    });
}

#[test]
fn after_a_change_of_secrets_it_opens_and_the_former_secret_can_be_dropped() {
    lobby(async |lobby| {
        let (ada, bob) = (lobby.person().await, lobby.person().await);
        for person in [&ada, &bob] {
            person.patch(&profile_of(person), json!({ "national_id": NATIONAL_ID })).await.expect(200);
        }
        let distinct = "SELECT count(DISTINCT substring(national_id from 2 for 4)) FROM accounts.profiles";
        assert_eq!(lobby.database.number(distinct).await, 1);

        let both = [("LOBBY__SERVER__SECRET", NEW), ("LOBBY__SERVER__FORMER_SECRETS", OLD)];
        let said = lobby_command(&["secrets", "reseal"], Some(&lobby.database), &both).await;
        assert!(said.well && said.output.contains("sealed anew"), "{said:?}");

        let rotated = Lobby::on(lobby.database.clone(), &[("LOBBY__SERVER__SECRET", NEW)]).await;
        for (person, email) in [(&ada, "person0@example.org"), (&bob, "person1@example.org")] {
            let again = rotated.anonymous().sign_in(email, PASSWORD).await;
            let seen = again.get(&profile_of(person)).await.expect(200);
            assert_eq!(seen.json["national_id"], NATIONAL_ID, "{email}");
        }
        rotated.stop_serving().await;
    });
}

#[test]
fn a_secret_that_is_missing_is_not_passed_over_in_silence() {
    lobby(async |lobby| {
        let ada = lobby.person().await;
        ada.patch(&profile_of(&ada), json!({ "national_id": NATIONAL_ID })).await.expect(200);
        let new = [("LOBBY__SERVER__SECRET", NEW)];
        let said = lobby_command(&["secrets", "reseal"], Some(&lobby.database), &new).await;
        assert!(!said.well && said.errors.contains("former"), "{said:?}");
        // Nothing was destroyed: with the secret it opens still.
        assert_eq!(ada.get(&profile_of(&ada)).await.expect(200).json["national_id"], NATIONAL_ID);
    });
}
