//! Closing months.

use serde_json::json;

use super::{another, figures, project, record, recorded, report};
use crate::harness::lobby;

#[test]
fn a_closed_month_takes_no_operation_until_it_is_reopened() {
    lobby(async |lobby| {
        let (owner, workspace, project) = project(lobby).await;
        let dated = |day: &str| json!({ "type": "invoice", "amount": 10, "occurred_on": day });
        let march = record(&owner, &project, dated("2026-03-15")).await.expect(201).id();
        let path = format!("/workspaces/{workspace}/periods");
        let closed = owner.act(&format!("{path}/2026-03/close")).await.expect(200);
        assert_eq!((&closed.json["month"], &closed.json["is_closed"]), (&json!("2026-03"), &json!(true)));
        for day in ["2026-03-01", "2026-03-31"] {
            let refused = record(&owner, &project, dated(day)).await.problem(409, "period_closed");
            assert_eq!(refused.json["month"], "2026-03");
        }
        for day in ["2026-02-28", "2026-04-01"] {
            record(&owner, &project, dated(day)).await.expect(201);
        }
        let within = json!({ "occurred_on": "2026-03-31" });
        owner.post(&format!("/operations/{march}/reversal"), within).await.problem(409, "period_closed");
        owner.act(&format!("/operations/{march}/reversal")).await.expect(201);
        // Another workspace's months are its own.
        let (other, elsewhere) = lobby.workspace("lobby").await;
        let there = another(&other, &elsewhere, "There").await;
        record(&other, &there, dated("2026-03-15")).await.expect(201);

        let again = owner.act(&format!("{path}/2026-03/close")).await.expect(200);
        assert_eq!(again.json["version"], 1);
        let open = owner.act(&format!("{path}/2026-03/reopen")).await.expect(200);
        assert_eq!((&open.json["is_closed"], &open.json["version"]), (&json!(false), &json!(2)));
        record(&owner, &project, dated("2026-03-31")).await.expect(201);
        owner.act(&format!("{path}/2026-05/reopen")).await.problem(404, "not_found");
        let events = "SELECT count(*) FROM project.outbox WHERE action IN ('project.period_closed', \
                      'project.period_reopened') AND changes ->> 'month' = '2026-03'";
        assert_eq!(lobby.database.number(events).await, 2);
        assert_eq!(figures(&report(&owner, &project, "?from=2026-03-01&to=2026-03-31").await)[0], 20);
    });
}

#[test]
fn months_are_listed_the_latest_first() {
    lobby(async |lobby| {
        let (owner, workspace, _) = project(lobby).await;
        let path = format!("/workspaces/{workspace}/periods");
        for month in ["2025-12", "2026-02", "2026-01"] {
            owner.act(&format!("{path}/{month}/close")).await.expect(200);
        }
        owner.act(&format!("{path}/2026-01/reopen")).await.expect(200);
        let page = owner.get(&format!("{path}?limit=2")).await.expect(200);
        assert_eq!(page.each("month"), ["2026-02", "2026-01"]);
        let next = format!("{path}?limit=2&cursor={}", page.text("next"));
        assert_eq!(owner.get(&next).await.expect(200).each("month"), ["2025-12"]);
        assert_eq!(owner.get(&format!("{path}?is_closed=false")).await.expect(200).each("month"), ["2026-01"]);
        for wrong in ["2026-13", "2026", "2026-1", "march"] {
            owner.act(&format!("{path}/{wrong}/close")).await.problem(404, "not_found");
        }
        let user = lobby.member(&owner, &workspace, "user").await;
        user.get(&path).await.problem(403, "permission_denied");
        user.act(&format!("{path}/2026-02/reopen")).await.problem(403, "permission_denied");
    });
}

#[test]
fn no_operation_comes_into_a_month_after_its_closing_was_answered() {
    lobby(async |lobby| {
        let (owner, workspace, project) = project(lobby).await;
        recorded(&owner, &project, "deposit", 1).await;
        for round in 0..10 {
            let month = format!("2010-{:02}", round + 1);
            let writes = (0..8).map(|_| {
                let body = json!({ "type": "invoice", "amount": 1, "occurred_on": format!("{month}-15") });
                let (owner, project) = (&owner, &project);
                async move { record(owner, project, body).await.status.as_u16() }
            });
            let count = format!("SELECT count(*) FROM project.operations WHERE occurred_on = '{month}-15'");
            let closing = async {
                owner.act(&format!("/workspaces/{workspace}/periods/{month}/close")).await.expect(200);
                lobby.database.number(&count).await
            };
            let (answers, at_closing) =
                futures_util::future::join(futures_util::future::join_all(writes), closing).await;
            assert!(answers.iter().all(|status| [201, 409].contains(status)), "{answers:?}");
            let done = answers.iter().filter(|status| **status == 201).count();
            assert_eq!(lobby.database.number(&count).await, at_closing, "one came after the closing");
            assert_eq!(i64::try_from(done).unwrap(), at_closing);
        }
    });
}
