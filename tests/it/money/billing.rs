//! How projects are billed, and their budgets.

use reqwest::Method;
use serde_json::{Value, json};

use super::{bill, project, record, recorded, reverse};
use crate::harness::lobby;

#[test]
fn billing_is_said_and_read() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        let path = format!("/projects/{project}/billing");
        let unsaid = owner.get(&path).await.expect(200);
        let told = json!({
            "project_id": project, "type": "non_billable", "rate": null, "limit": null, "currency": "EUR",
            "exponent": 2, "invoiced": null, "withdrawn": null, "version": 0, "updated_at": null,
        });
        assert_eq!((unsaid.json.clone(), unsaid.header("etag")), (told, "\"0\""));
        let said = bill(&owner, &project, json!({ "type": "hourly", "rate": 120, "limit": 900, "currency": "KWD" }));
        let said = said.await.expect(200);
        let told = (&said.json["type"], &said.json["rate"], &said.json["limit"], &said.json["exponent"]);
        assert_eq!(told, (&json!("hourly"), &json!(120), &json!(900), &json!(3)));
        assert_eq!((said.json["version"].clone(), said.json["invoiced"].clone()), (json!(1), json!(0)));
        assert_eq!(owner.get(&path).await.expect(200).json, said.json);
        // What is left out is empty, only the currency stays.
        let said = bill(&owner, &project, json!({ "type": "per_task" })).await.expect(200);
        assert_eq!(
            (&said.json["rate"], &said.json["limit"], &said.json["currency"]),
            (&Value::Null, &Value::Null, &json!("KWD"))
        );
        let same = bill(&owner, &project, json!({ "type": "per_task" })).await.expect(200);
        assert_eq!((same.json["version"].clone(), same.header("etag")), (json!(2), "\"2\""));
        let late = owner.request(Method::PUT, &path).header("If-Match", "\"1\"").json(&json!({ "type": "fixed" }));
        owner.send(late).await.problem(412, "precondition_failed");
        let events = "SELECT count(*) FROM project.outbox WHERE action = 'project.billing_changed'";
        assert_eq!(lobby.database.number(events).await, 2);
    });
}

#[test]
fn what_is_no_billing_is_refused_with_its_place() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        for (body, pointer) in [
            (json!({}), "/type"),
            (json!({ "type": "daily" }), "/type"),
            (json!({ "type": "hourly", "rate": -1 }), "/rate"),
            (json!({ "type": "hourly", "limit": -1 }), "/limit"),
            (json!({ "type": "hourly", "currency": "eur" }), "/currency"),
            (json!({ "type": "hourly", "currency": "XXX" }), "/currency"),
            (json!({ "type": "hourly", "budget": 1 }), "/budget"),
            (json!({ "type": "non_billable", "rate": 1 }), ""),
        ] {
            bill(&owner, &project, body).await.faults(&[pointer]);
        }
    });
}

#[test]
fn a_currency_is_fixed_by_the_first_operation() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        bill(&owner, &project, json!({ "type": "fixed", "currency": "JPY" })).await.expect(200);
        let made = record(&owner, &project, json!({ "type": "deposit", "amount": 3 })).await.expect(201);
        assert_eq!((&made.json["currency"], &made.json["exponent"]), (&json!("JPY"), &json!(0)));
        let other = json!({ "type": "fixed", "currency": "USD" });
        bill(&owner, &project, other).await.problem(409, "currency_in_use");
        bill(&owner, &project, json!({ "type": "hourly", "currency": "JPY" })).await.expect(200);
    });
}

#[test]
fn what_is_not_billed_takes_no_invoices() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        // While nobody said anything, anything goes.
        recorded(&owner, &project, "invoice", 1).await;
        bill(&owner, &project, json!({ "type": "non_billable" })).await.expect(200);
        let invoice = json!({ "type": "invoice", "amount": 1 });
        record(&owner, &project, invoice).await.problem(409, "not_billable");
        recorded(&owner, &project, "withdrawal", 1).await;
    });
}

#[test]
fn a_budget_bounds_invoices_and_withdrawals_each_by_itself() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        // What was recorded before there was a budget counts.
        let first = recorded(&owner, &project, "invoice", 400).await;
        recorded(&owner, &project, "withdrawal", 1000).await;
        let billing = bill(&owner, &project, json!({ "type": "fixed", "limit": 1000 })).await.expect(200);
        assert_eq!((&billing.json["invoiced"], &billing.json["withdrawn"]), (&json!(400), &json!(1000)));
        let refused = record(&owner, &project, json!({ "type": "invoice", "amount": 601 })).await;
        let refused = refused.problem(409, "budget_exceeded");
        let told = (&refused.json["limit"], &refused.json["used"], &refused.json["currency"]);
        assert_eq!(told, (&json!(1000), &json!(400), &json!("EUR")));
        recorded(&owner, &project, "invoice", 600).await;
        for kind in ["invoice", "withdrawal"] {
            let body = json!({ "type": kind, "amount": 1 });
            record(&owner, &project, body).await.problem(409, "budget_exceeded");
        }
        for kind in ["deposit", "refund"] {
            recorded(&owner, &project, kind, 5000).await;
        }
        // What is taken back finds room again.
        reverse(&owner, &first).await;
        recorded(&owner, &project, "invoice", 400).await;
        let billing = owner.get(&format!("/projects/{project}/billing")).await.expect(200);
        assert_eq!(billing.json["invoiced"], 1000);
    });
}

#[test]
fn who_manages_billing_may_go_beyond_the_budget() {
    lobby(async |lobby| {
        let (owner, workspace, project) = project(lobby).await;
        bill(&owner, &project, json!({ "type": "fixed", "limit": 100 })).await.expect(200);
        let within = json!({ "type": "invoice", "amount": 100, "allow_over_budget": true });
        assert_eq!(record(&owner, &project, within).await.expect(201).json["over_budget"], false);
        let beyond = json!({ "type": "invoice", "amount": 1, "allow_over_budget": true });
        assert_eq!(record(&owner, &project, beyond.clone()).await.expect(201).json["over_budget"], true);
        let role =
            json!({ "name": "clerk", "permissions": { "can_view_projects": true, "can_record_operations": true } });
        owner.post(&format!("/workspaces/{workspace}/roles"), role).await.expect(201);
        let clerk = lobby.member(&owner, &workspace, "clerk").await;
        recorded(&clerk, &project, "deposit", 1).await;
        record(&clerk, &project, beyond).await.problem(403, "permission_denied");
        let plain = json!({ "type": "invoice", "amount": 1 });
        record(&clerk, &project, plain).await.problem(409, "budget_exceeded");
    });
}
