//! The ledger in a database of its own: what is recorded here and posted there is never half-done for long.

use serde_json::json;

use super::{UNSOUND, figures, project, recorded, report, reverse};
use crate::harness::{Cluster, Database, Lobby, lobby_with, run};

/// A lobby whose ledger lies elsewhere.
fn apart(test: impl AsyncFnOnce(&Lobby, &Database)) {
    let ledger = run(async { Cluster::get().await.create().await });
    lobby_with(&[("LOBBY__DATABASE__MODULES__BILLING__URL", ledger.url.as_str())], async |lobby| {
        test(lobby, &ledger).await;
    });
    run(async { Cluster::get().await.remove(&ledger).await });
}

#[test]
fn what_is_recorded_is_posted_to_the_other_database() {
    apart(async |lobby, ledger| {
        let (owner, _, project) = project(lobby).await;
        let invoice = recorded(&owner, &project, "invoice", 100).await;
        recorded(&owner, &project, "deposit", 30).await;
        reverse(&owner, &invoice).await;
        assert_eq!(figures(&report(&owner, &project, "").await), [100, 30, 100, 0, 0, -30, 30]);
        assert_eq!(ledger.number("SELECT count(*) FROM billing.entries").await, 6);
        assert_eq!(lobby.database.number("SELECT count(*) FROM billing.entries").await, 0);
        // Its event posts it again, which is no second time.
        lobby.services().settle().await.unwrap();
        assert_eq!(ledger.number("SELECT count(*) FROM billing.entries").await, 6);
        assert_eq!(ledger.number(UNSOUND).await, 0);
    });
}

#[test]
fn what_a_crash_kept_from_being_posted_is_posted_later_and_once() {
    apart(async |lobby, ledger| {
        let (owner, _, project) = project(lobby).await;
        let before = recorded(&owner, &project, "invoice", 100).await;
        // As if the program died after the commit of the operation and before it reached the ledger, each time.
        let post =
            "billing.post(uuid, uuid, text, uuid, date, timestamptz, uuid, uuid[], text[], uuid[], text[], bigint[])";
        ledger.execute(&format!("ALTER FUNCTION {post} RENAME TO post_away")).await;
        let during = recorded(&owner, &project, "invoice", 40).await;
        let (first, second) = (reverse(&owner, &before).await, reverse(&owner, &during).await);
        lobby.services().settle().await.unwrap();
        assert_eq!(ledger.number("SELECT count(*) FROM billing.transfers").await, 1);
        let away = post.replacen("post", "post_away", 1);
        ledger.execute(&format!("ALTER FUNCTION {away} RENAME TO post")).await;
        // The latest first, so that a reversal comes before what it takes back.
        for operation in [&second, &first, &during] {
            let due = format!("UPDATE project.outbox SET next_try_at = '2000-01-01' WHERE resource_id = '{operation}'");
            lobby.database.execute(&due).await;
            lobby.services().settle().await.unwrap();
        }
        lobby.clock.advance(chrono::Duration::hours(2));
        lobby.services().settle().await.unwrap();
        assert_eq!(ledger.number("SELECT count(*) FROM billing.transfers").await, 4);
        assert_eq!(ledger.number("SELECT count(*) FROM billing.entries").await, 8);
        assert_eq!(ledger.number(UNSOUND).await, 0);
        let token =
            owner.signed_out().post("/auth/refresh", json!({ "refresh_token": owner.refresh })).await.expect(200);
        let owner = owner.holding(&token.json);
        assert_eq!(figures(&report(&owner, &project, "").await), [140, 0, 140, 0, 0, 0, 0]);
    });
}
