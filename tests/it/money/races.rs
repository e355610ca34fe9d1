//! Money that many want to move at once.

use futures_util::future::join_all;
use serde_json::json;

use super::{UNSOUND, bill, figures, project, record, recorded, recording, report};
use crate::harness::lobby;

#[test]
fn of_64_operations_at_once_with_one_key_there_is_one() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        let body = json!({ "type": "deposit", "amount": 700 });
        let answers = join_all((0..64).map(|_| owner.send(recording(&owner, &project, "one", &body)))).await;
        let mut ids = std::collections::BTreeSet::new();
        for answer in answers {
            match answer.status.as_u16() {
                201 => {
                    ids.insert(answer.id());
                }
                _ => drop(answer.problem(409, "idempotency_key_in_progress")),
            }
        }
        assert_eq!(ids.len(), 1);
        for (table, rows) in [("project.operations", 1), ("billing.transfers", 1), ("billing.entries", 2)] {
            assert_eq!(lobby.database.number(&format!("SELECT count(*) FROM {table}")).await, rows, "{table}");
        }
        assert_eq!(figures(&report(&owner, &project, "").await), [0, 700, 0, 0, 0, -700, 700]);
    });
}

#[test]
fn a_budget_that_many_want_is_used_up_exactly() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        bill(&owner, &project, json!({ "type": "fixed", "limit": 1000 })).await.expect(200);
        let answers = join_all((0..48).map(|number| {
            let kind = if number % 2 == 0 { "invoice" } else { "withdrawal" };
            record(&owner, &project, json!({ "type": kind, "amount": 90 }))
        }))
        .await;
        let (done, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        // Eleven times 90 is within 1000, twelve times isn't; of either kind.
        assert_eq!(done.len(), 22);
        for answer in refused {
            assert_eq!(answer.problem(409, "budget_exceeded").json["used"], 990);
        }
        let figures = figures(&report(&owner, &project, "").await);
        assert_eq!((figures[0], figures[4]), (990, 990));
    });
}

#[test]
fn a_budget_set_while_operations_run_counts_each_of_them_once() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        for round in 1..=5 {
            let writes =
                join_all((0..12).map(|_| record(&owner, &project, json!({ "type": "invoice", "amount": 10 }))));
            let setting = async {
                bill(&owner, &project, json!({ "type": "fixed" })).await.expect(200);
                bill(&owner, &project, json!({ "type": "fixed", "limit": 100_000 + round })).await.expect(200)
            };
            let (answers, _) = futures_util::future::join(writes, setting).await;
            assert!(answers.iter().all(|answer| answer.status == 201));
            let billing = owner.get(&format!("/projects/{project}/billing")).await.expect(200);
            assert_eq!(billing.json["invoiced"], round * 120);
        }
    });
}

#[test]
fn of_many_reversals_at_once_one_is_made() {
    lobby(async |lobby| {
        let (owner, workspace, project) = project(lobby).await;
        let second = lobby.member(&owner, &workspace, "admin").await;
        bill(&owner, &project, json!({ "type": "fixed", "limit": 5000 })).await.expect(200);
        for _ in 0..5 {
            let invoice = recorded(&owner, &project, "invoice", 100).await;
            let path = format!("/operations/{invoice}/reversal");
            let people = [&owner, &second];
            let answers = join_all((0..16).map(|number| people[number % 2].act(&path))).await;
            let (done, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
            assert_eq!(done.len(), 1);
            for answer in refused {
                answer.problem(409, "already_reversed");
            }
        }
        assert_eq!(figures(&report(&owner, &project, "").await), [500, 0, 500, 0, 0, 0, 0]);
        assert_eq!(lobby.database.number(UNSOUND).await, 0);
        let billing = owner.get(&format!("/projects/{project}/billing")).await.expect(200);
        assert_eq!(billing.json["invoiced"], 0);
    });
}

#[test]
fn reversals_closings_and_a_budget_at_once_do_not_wait_for_each_other_in_a_circle() {
    lobby(async |lobby| {
        let (owner, workspace, project) = project(lobby).await;
        bill(&owner, &project, json!({ "type": "fixed", "limit": 1_000_000 })).await.expect(200);
        for round in 0..5 {
            let made = join_all((0..6).map(|_| recorded(&owner, &project, "invoice", 7))).await;
            let reversals = join_all(made.iter().map(|id| {
                let path = format!("/operations/{id}/reversal");
                let owner = &owner;
                async move { owner.act(&path).await.expect(201) }
            }));
            let writes = join_all((0..6).map(|_| recorded(&owner, &project, "invoice", 7)));
            let closings = join_all((1..=6).map(|month| {
                let path = format!("/workspaces/{workspace}/periods/20{:02}-{month:02}/close", round + 10);
                let owner = &owner;
                async move { owner.act(&path).await.expect(200) }
            }));
            futures_util::future::join3(reversals, writes, closings).await;
        }
        let billing = owner.get(&format!("/projects/{project}/billing")).await.expect(200);
        assert_eq!(billing.json["invoiced"], 5 * 6 * 7);
    });
}
