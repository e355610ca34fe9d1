//! What operations add up to.

use serde_json::{Value, json};

use super::{another, bill, figures, project, record, recorded, report, reverse};
use crate::harness::{Client, lobby};

async fn on(owner: &Client, project: &str, kind: &str, amount: i64, day: &str) -> String {
    let body = json!({ "type": kind, "amount": amount, "occurred_on": day });
    record(owner, project, body).await.expect(201).id()
}

#[test]
fn a_report_adds_up_what_happened_between_two_days() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        assert_eq!(figures(&report(&owner, &project, "").await), [0; 7]);
        let first = on(&owner, &project, "invoice", 1000, "2026-01-10").await;
        on(&owner, &project, "invoice", 500, "2026-02-10").await;
        on(&owner, &project, "deposit", 700, "2026-02-20").await;
        on(&owner, &project, "refund", 50, "2026-03-01").await;
        on(&owner, &project, "withdrawal", 200, "2026-03-02").await;
        let body = json!({ "occurred_on": "2026-03-03" });
        owner.post(&format!("/operations/{first}/reversal"), body).await.expect(201);
        let told = report(&owner, &project, "").await;
        assert_eq!(figures(&told), [1500, 700, 1000, 50, 200, -200, 450]);
        assert_eq!(
            (&told["currency"], &told["exponent"], &told["project_id"]),
            (&json!("EUR"), &json!(2), &json!(project))
        );
        assert_eq!(figures(&report(&owner, &project, "?to=2026-01-31").await), [1000, 0, 0, 0, 0, 1000, 0]);
        let february = report(&owner, &project, "?from=2026-02-01&to=2026-02-28").await;
        assert_eq!(figures(&february), [500, 700, 0, 0, 0, -200, 700]);
        assert_eq!(figures(&report(&owner, &project, "?from=2026-02-20&to=2026-02-20").await)[1], 700);
        assert_eq!(figures(&report(&owner, &project, "?currency=USD").await), [0; 7]);

        let monthly = report(&owner, &project, "?group_by=month").await;
        let months: Vec<(&str, [i64; 7])> = monthly["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|group| (group["month"].as_str().unwrap(), figures(group)))
            .collect();
        let expected = [
            ("2026-01", [1000, 0, 0, 0, 0, 1000, 0]),
            ("2026-02", [500, 700, 0, 0, 0, -200, 700]),
            ("2026-03", [0, 0, 1000, 50, 200, -1000, -250]),
        ];
        assert_eq!(months, expected);
        assert_eq!(figures(&monthly), [1500, 700, 1000, 50, 200, -200, 450]);
        for (query, pointer) in [
            ("?from=yesterday", "?from"),
            ("?from=2026-02-01&to=2026-01-01", "?from"),
            ("?currency=eur", "?currency"),
            ("?group_by=week", "?group_by"),
            ("?format=xml", "?format"),
            ("?as_of=now", "?as_of"),
            ("?until=2026-01-01", "?until"),
        ] {
            owner.get(&format!("/projects/{project}/report{query}")).await.faults(&[pointer]);
        }
    });
}

#[test]
fn a_report_answers_what_was_known_at_any_moment() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        let invoice = recorded(&owner, &project, "invoice", 80).await;
        let then = lobby.clock.now();
        lobby.clock.advance(chrono::Duration::minutes(5));
        reverse(&owner, &invoice).await;
        on(&owner, &project, "deposit", 5, "2020-01-01").await;
        let as_of = format!("?as_of={}", then.format("%Y-%m-%dT%H:%M:%S%.6fZ"));
        let told = report(&owner, &project, &as_of).await;
        assert_eq!(figures(&told), [80, 0, 0, 0, 0, 80, 0]);
        assert_eq!(figures(&report(&owner, &project, "").await), [80, 5, 80, 0, 0, -5, 5]);
        // Known by the end of a day of long ago: nothing, though something is dated there.
        assert_eq!(figures(&report(&owner, &project, "?as_of=2020-01-01").await), [0; 7]);
    });
}

#[test]
fn a_workspace_reports_each_currency_and_project() {
    lobby(async |lobby| {
        let (owner, workspace, first) = project(lobby).await;
        let second = another(&owner, &workspace, "=SUM(1,2) \"quoted\"").await;
        let abroad = another(&owner, &workspace, "Abroad").await;
        bill(&owner, &abroad, json!({ "type": "fixed", "currency": "JPY" })).await.expect(200);
        on(&owner, &first, "invoice", 100, "2026-01-10").await;
        on(&owner, &second, "deposit", 30, "2026-01-11").await;
        on(&owner, &abroad, "invoice", 9000, "2026-01-12").await;
        // What another workspace has is none of this one's.
        let (other, elsewhere) = lobby.workspace("lobby").await;
        let there = another(&other, &elsewhere, "There").await;
        recorded(&other, &there, "invoice", 1_000_000).await;

        let path = format!("/workspaces/{workspace}/report");
        let told = owner.get(&path).await.expect(200).json;
        assert_eq!((&told["currency"], figures(&told)), (&json!("EUR"), [100, 30, 0, 0, 0, 70, 30]));
        let totals: Vec<(&Value, [i64; 7])> =
            told["totals"].as_array().unwrap().iter().map(|total| (&total["currency"], figures(total))).collect();
        let (euro, yen) = (json!("EUR"), json!("JPY"));
        assert_eq!(totals, [(&euro, [100, 30, 0, 0, 0, 70, 30]), (&yen, [9000, 0, 0, 0, 0, 9000, 0])]);
        let yen = owner.get(&format!("{path}?currency=JPY")).await.expect(200).json;
        assert_eq!((figures(&yen)[0], &yen["exponent"]), (9000, &json!(0)));

        let by_project = owner.get(&format!("{path}?group_by=project&currency=EUR")).await.expect(200).json;
        let groups = by_project["groups"].as_array().unwrap();
        let issued = |id: &str| groups.iter().find(|group| group["project"]["id"] == id).map(|group| figures(group)[0]);
        assert_eq!((issued(&first), issued(&second), issued(&abroad)), (Some(100), Some(0), None));

        let csv = owner.get(&format!("{path}?group_by=project&format=csv")).await.expect(200);
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        let text = String::from_utf8(csv.bytes).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines[0].starts_with("currency,exponent,month,project_id,project_key,project_name,issued,paid"));
        let quoted = lines.iter().find(|line| line.contains(&second)).unwrap();
        assert!(quoted.ends_with("\"'=SUM(1,2) \"\"quoted\"\"\",0,30,0,0,0,-30,30"), "{quoted}");
    });
}

#[test]
fn a_report_is_for_those_whom_the_permission_reaches() {
    lobby(async |lobby| {
        let (owner, workspace, project) = project(lobby).await;
        let user = lobby.member(&owner, &workspace, "user").await;
        let path = format!("/projects/{project}/report");
        user.get(&path).await.problem(403, "permission_denied");
        user.get(&format!("/workspaces/{workspace}/report")).await.problem(403, "permission_denied");
        let member = json!({ "user_id": user.user });
        owner.post(&format!("/projects/{project}/members"), member).await.expect(201);
        user.get(&path).await.expect(200);
        user.get(&format!("{path}?format=csv")).await.expect(200);
        let (stranger, _) = lobby.workspace("lobby").await;
        stranger.get(&path).await.problem(404, "not_found");
        stranger.get(&format!("/workspaces/{workspace}/report")).await.problem(404, "not_found");
    });
}

#[test]
fn what_adds_up_to_more_than_can_be_kept_is_said_and_shorter_times_are_told() {
    lobby(async |lobby| {
        let (owner, workspace, project) = project(lobby).await;
        on(&owner, &project, "invoice", 1_000_000_000_000, "2026-01-10").await;
        let body = json!({ "type": "invoice", "amount": 1_000_000_000_001_i64, "occurred_on": "2026-01-10" });
        record(&owner, &project, body).await.faults(&["/amount"]);
        // As many as nobody records in a test, in two.
        let sql = format!(
            "INSERT INTO project.operations (id, workspace_id, project_id, kind, amount, currency, occurred_on, recorded_at, \
             recorded_by, request_key) SELECT gen_random_uuid(), '{workspace}', '{project}', 'invoice', 5000000000000000000, 'EUR', \
             '2026-02-10', now(), '{}', decode(n::text, 'escape') FROM generate_series(1, 2) n",
            owner.user
        );
        lobby.database.execute(&sql).await;
        let sql = "SELECT billing.post(gen_random_uuid(), e.workspace_id, 'many ' || n, NULL, '2026-02-10', now(), NULL, \
            array_agg(a.id), array_agg(a.kind), array_agg(a.owner_id), array_agg(a.currency), \
            array_agg(5000000000000000000 * sign(e.amount)::bigint)) FROM generate_series(1, 2) n, billing.entries e \
            JOIN billing.accounts a ON a.id = e.account_id GROUP BY n, e.workspace_id";
        lobby.database.execute(sql).await;
        for path in [format!("/projects/{project}/report"), format!("/workspaces/{workspace}/report")] {
            owner.get(&path).await.problem(422, "total_too_large");
            let january = owner.get(&format!("{path}?to=2026-01-31")).await.expect(200);
            assert_eq!(january.json["issued"], 1_000_000_000_000_i64);
        }
        let budget = json!({ "type": "fixed", "limit": 1_000 });
        owner.put(&format!("/projects/{project}/billing"), budget).await.problem(422, "total_too_large");
    });
}
