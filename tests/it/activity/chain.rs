//! The chain: what was recorded stays, and what was done to it behind the program's back is named.

use serde_json::json;
use sqlx::Executor;

use super::project;
use crate::harness::{Client, Lobby, lobby, lobby_command};

/// A workspace with some history.
async fn place(lobby: &Lobby) -> (Client, String) {
    let (owner, workspace) = lobby.workspace("lobby").await;
    for number in 0..4 {
        project(&owner, &workspace, &format!("Project {number}")).await;
    }
    (owner, workspace)
}

/// Runs a statement as someone who owns the tables and lifts what protects them.
async fn tamper(lobby: &Lobby, sql: &str) {
    let lift = "ALTER TABLE activity.events DISABLE TRIGGER USER; ALTER TABLE activity.chains DISABLE TRIGGER USER";
    let restore = "ALTER TABLE activity.events ENABLE TRIGGER USER; ALTER TABLE activity.chains ENABLE TRIGGER USER";
    lobby.database.execute(&format!("{lift}; {sql}; {restore}")).await;
}

async fn event(lobby: &Lobby, workspace: &str, seq: i64) -> String {
    let sql = format!("SELECT id::text FROM activity.events WHERE workspace_id = '{workspace}' AND seq = {seq}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .fetch_one(&mut lobby.database.connect_to("activity").await)
        .await
        .unwrap()
}

#[test]
fn no_statement_changes_or_removes_what_was_recorded() {
    lobby(async |lobby| {
        place(lobby).await;
        lobby.services().settle().await.unwrap();
        let mut connection = lobby.database.connect_to("activity").await;
        for refused in [
            "UPDATE activity.events SET action = 'nothing.happened'",
            "UPDATE activity.events SET hash = hash",
            "DELETE FROM activity.events",
            "TRUNCATE activity.events",
            "TRUNCATE activity.events, activity.chains",
            "UPDATE activity.chains SET length = 0",
            "DELETE FROM activity.chains",
            "INSERT INTO activity.chains (workspace_id) VALUES (gen_random_uuid())",
            "SET session_replication_role = replica; DELETE FROM activity.events",
        ] {
            let error = connection.execute(refused).await.expect_err(refused);
            assert!(error.to_string().contains("append-only"), "{refused}: {error}");
        }
        assert_eq!(lobby.services().verifier().verify(None, &[]).await.unwrap().faults, []);
    });
}

#[test]
fn verify_names_the_first_row_that_was_altered_removed_or_inserted() {
    lobby(async |lobby| {
        let mut places = Vec::new();
        for _ in 0..6 {
            places.push(place(lobby).await.1);
        }
        lobby.services().settle().await.unwrap();
        let good = lobby_command(&["audit", "verify"], Some(&lobby.database), &[]).await;
        assert!(good.well, "{good:?}");
        // Each workspace, and what happened in none.
        assert_eq!(good.output.lines().filter(|line| line.contains(": whole, ")).count(), 7, "{}", good.output);

        let [altered, mended, removed, inserted, cut, whole] = &places[..] else { unreachable!() };
        let of = |workspace: &str, seq: i64| format!("WHERE workspace_id = '{workspace}' AND seq = {seq}");
        tamper(lobby, &format!("UPDATE activity.events SET actor_id = gen_random_uuid() {}", of(altered, 3))).await;
        tamper(lobby, &format!("UPDATE activity.events SET facts = '{{\"x\": 1}}' {}", of(altered, 4))).await;
        // Whoever gives the altered row the hash it should have is betrayed by the next.
        let mend = format!(
            "UPDATE activity.events SET action = 'project.read' {this}; \
             UPDATE activity.events e SET hash = sha256((SELECT hash FROM activity.events {before}) \
             || convert_to(activity.content_of(e), 'UTF8')) {this}",
            this = of(mended, 2),
            before = of(mended, 1)
        );
        tamper(lobby, &mend).await;
        tamper(lobby, &format!("DELETE FROM activity.events {}", of(removed, 4))).await;
        let copy = format!(
            "INSERT INTO activity.events SELECT workspace_id, 7, gen_random_uuid(), actor_id, token_id, system_actor, \
             as_platform, action, resource_kind, resource_id, changes, facts, at, hash FROM activity.events {}",
            of(inserted, 6)
        );
        tamper(lobby, &copy).await;
        tamper(lobby, &format!("DELETE FROM activity.events {}", of(cut, 6))).await;

        let said = lobby_command(&["audit", "verify"], Some(&lobby.database), &[]).await;
        assert!(!said.well, "{said:?}");
        let expected = [
            format!("workspace {altered}: row 3 (event {}) was altered", event(lobby, altered, 3).await),
            format!("workspace {mended}: row 3 (event {}) was altered", event(lobby, mended, 3).await),
            format!("workspace {removed}: row 4 was removed"),
            format!("workspace {inserted}: row 7 (event {}) was inserted", event(lobby, inserted, 7).await),
            format!("workspace {cut}: row 6 was removed"),
        ];
        for line in &expected {
            assert!(said.errors.contains(line.as_str()), "{line}\n{}", said.errors);
        }
        assert!(!said.errors.contains(&format!("{altered}: row 4")), "only the first is named: {}", said.errors);
        assert!(said.output.contains(&format!("workspace {whole}: whole, 6:")), "{}", said.output);
        assert_eq!(said.output.matches("whole").count(), 2, "{}", said.output);

        for (workspace, is_whole) in [(whole, true), (cut, false)] {
            let said = lobby_command(&["audit", "verify", "--workspace", workspace], Some(&lobby.database), &[]).await;
            assert_eq!(said.well, is_whole, "{said:?}");
            assert_eq!(said.output.lines().count() + said.errors.matches("row").count(), 1, "{said:?}");
        }
    });
}

#[test]
fn a_chain_that_was_made_anew_is_betrayed_by_the_hash_that_was_kept() {
    lobby(async |lobby| {
        let (owner, workspace) = place(lobby).await;
        lobby.services().settle().await.unwrap();
        let verify = async |expect: &str| {
            let arguments = ["audit", "verify", "--workspace", &workspace, "--expect", expect];
            lobby_command(&arguments, Some(&lobby.database), &[]).await
        };
        let said = lobby_command(&["audit", "verify", "--workspace", &workspace], Some(&lobby.database), &[]).await;
        let kept = said.output.trim().split_once("whole, ").unwrap().1.to_owned();
        assert!(kept.starts_with("6:"), "{kept}");
        owner.patch(&format!("/workspaces/{workspace}"), json!({ "description": "More" })).await.expect(200);
        lobby.services().settle().await.unwrap();
        assert!(verify(&kept).await.well, "what was appended since changes nothing");

        // All rows from the third on are gone, and the chain's end says so: it is whole, but not what it was.
        tamper(
            lobby,
            &format!(
                "DELETE FROM activity.events WHERE workspace_id = '{workspace}' AND seq > 2; \
                 UPDATE activity.chains SET length = 2, head = (SELECT hash FROM activity.events \
                 WHERE workspace_id = '{workspace}' AND seq = 2) WHERE workspace_id = '{workspace}'"
            ),
        )
        .await;
        let said = lobby_command(&["audit", "verify", "--workspace", &workspace], Some(&lobby.database), &[]).await;
        assert!(said.well, "{said:?}");
        let said = verify(&kept).await;
        assert!(!said.well && said.errors.contains("row 6 was removed"), "{said:?}");
        for _ in 0..4 {
            project(&owner, &workspace, "Instead").await;
        }
        lobby.services().settle().await.unwrap();
        let said = verify(&kept).await;
        assert!(!said.well && said.errors.contains("has not the hash that it had"), "{said:?}");
        assert!(!verify("5:beef").await.well, "that is no hash");
    });
}
