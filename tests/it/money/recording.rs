//! Operations: recorded, listed, read, taken back.

use reqwest::Method;
use serde_json::{Value, json};

use super::{another, bill, figures, project, record, recorded, recording, report, reverse};
use crate::harness::lobby;

#[test]
fn an_operation_is_answered_as_it_was_recorded() {
    lobby(async |lobby| {
        let (owner, workspace, project) = project(lobby).await;
        let body = json!({
            "type": "invoice", "amount": 12_000, "description": "March", "occurred_on": "2026-03-31",
        });
        let made = record(&owner, &project, body).await.expect(201);
        let id = made.id();
        assert_eq!(made.header("location"), format!("/api/v1/operations/{id}"));
        let told = json!({
            "id": id, "workspace_id": workspace, "project_id": project, "type": "invoice", "amount": 12_000,
            "currency": "EUR", "exponent": 2, "description": "March", "occurred_on": "2026-03-31", "over_budget": false,
            "reverses": null, "reversed_by": null, "proof": null, "created_at": made.json["created_at"],
            "created_by": owner.user,
        });
        assert_eq!(made.json, told);
        assert_eq!(owner.get(&format!("/operations/{id}")).await.expect(200).json, told);
        let listed = owner.get(&format!("/projects/{project}/operations")).await.expect(200);
        assert_eq!(listed.items(), [told]);
    });
}

#[test]
fn an_operation_without_a_key_is_refused_and_told_why() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        let path = format!("/projects/{project}/operations");
        let body = json!({ "type": "deposit", "amount": 1 });
        owner.post(&path, body.clone()).await.problem(400, "idempotency_key_required");
        let malformed = recording(&owner, &project, "with a blank", &body);
        owner.send(malformed).await.problem(400, "idempotency_key_malformed");
        assert_eq!(lobby.database.number("SELECT count(*) FROM project.operations").await, 0);
    });
}

#[test]
fn what_is_not_sound_is_refused_with_its_place() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        let faults: [(Value, &str); 12] = [
            (json!({ "type": "deposit" }), "/amount"),
            (json!({ "amount": 1 }), "/type"),
            (json!({ "type": "gift", "amount": 1 }), "/type"),
            (json!({ "type": "reversal", "amount": 1 }), "/type"),
            (json!({ "type": "deposit", "amount": 0 }), "/amount"),
            (json!({ "type": "deposit", "amount": -5 }), "/amount"),
            (json!({ "type": "deposit", "amount": 1.5 }), "/amount"),
            (json!({ "type": "deposit", "amount": 1_000_000_000_000_001_i64 }), "/amount"),
            (json!({ "type": "deposit", "amount": "1" }), "/amount"),
            (json!({ "type": "deposit", "amount": 1, "occurred_on": "2026-02-30" }), "/occurred_on"),
            (json!({ "type": "deposit", "amount": 1, "occurred_on": "0001-01-01" }), "/occurred_on"),
            (json!({ "type": "deposit", "amount": 1, "currency": "EUR" }), "/currency"),
        ];
        for (body, pointer) in faults {
            record(&owner, &project, body).await.faults(&[pointer]);
        }
        assert_eq!(lobby.database.number("SELECT count(*) FROM project.operations").await, 0);
    });
}

#[test]
fn a_key_makes_one_operation_however_late_it_is_repeated() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        let body = json!({ "type": "deposit", "amount": 500 });
        let first = owner.send(recording(&owner, &project, "once", &body)).await.expect(201);
        let again = owner.send(recording(&owner, &project, "once", &body)).await.expect(201);
        assert_eq!((again.id(), again.header("idempotency-replayed")), (first.id(), "true"));
        let other = json!({ "type": "deposit", "amount": 501 });
        owner.send(recording(&owner, &project, "once", &other)).await.problem(422, "idempotency_key_reused");
        // Replies are forgotten; that it was recorded isn't.
        lobby.database.execute("DELETE FROM project.idempotency").await;
        let late = owner.send(recording(&owner, &project, "once", &body)).await.problem(409, "recorded_before");
        assert_eq!(late.json["operation_id"], first.id());
        assert_eq!(figures(&report(&owner, &project, "").await)[1], 500);
    });
}

#[test]
fn an_operation_is_taken_back_once_and_what_takes_back_is_not() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        let invoice = recorded(&owner, &project, "invoice", 900).await;
        let path = format!("/operations/{invoice}/reversal");
        let body = json!({ "description": "Wrong client", "occurred_on": "2026-04-01" });
        let reversal = owner.post(&path, body).await.expect(201);
        let told = (&reversal.json["type"], &reversal.json["reverses"], &reversal.json["amount"]);
        assert_eq!(told, (&json!("reversal"), &json!(invoice), &json!(900)));
        owner.act(&path).await.problem(409, "already_reversed");
        owner.act(&format!("/operations/{}/reversal", reversal.id())).await.problem(409, "not_reversible");
        let original = owner.get(&format!("/operations/{invoice}")).await.expect(200);
        assert_eq!(original.json["reversed_by"], reversal.id());
        assert_eq!(figures(&report(&owner, &project, "").await), [900, 0, 900, 0, 0, 0, 0]);
    });
}

#[test]
fn each_kind_is_taken_back_to_where_it_came_from() {
    lobby(async |lobby| {
        let (owner, workspace, _) = project(lobby).await;
        for (kind, during) in [
            ("invoice", [70, 0, 0, 0, 0, 70, 0]),
            ("deposit", [0, 70, 0, 0, 0, -70, 70]),
            ("refund", [0, 0, 0, 70, 0, 0, -70]),
            ("withdrawal", [0, 0, 0, 0, 70, 0, -70]),
        ] {
            let project = another(&owner, &workspace, kind).await;
            let operation = recorded(&owner, &project, kind, 70).await;
            assert_eq!(figures(&report(&owner, &project, "").await), during, "{kind}");
            reverse(&owner, &operation).await;
            let after = figures(&report(&owner, &project, "").await);
            let invoiced = if kind == "invoice" { 70 } else { 0 };
            assert_eq!(after, [invoiced, 0, invoiced, 0, 0, 0, 0], "{kind}");
        }
    });
}

#[test]
fn who_takes_part_sees_operations_and_records_none() {
    lobby(async |lobby| {
        let (owner, workspace, project) = project(lobby).await;
        let operation = recorded(&owner, &project, "deposit", 5).await;
        let user = lobby.member(&owner, &workspace, "user").await;
        let client = lobby.member(&owner, &workspace, "client").await;
        let (read, list) = (format!("/operations/{operation}"), format!("/projects/{project}/operations"));
        user.get(&read).await.problem(404, "not_found");
        user.get(&list).await.problem(403, "permission_denied");
        for person in [&user, &client] {
            let member = json!({ "user_id": person.user });
            owner.post(&format!("/projects/{project}/members"), member).await.expect(201);
        }
        user.get(&read).await.expect(200);
        assert_eq!(user.get(&list).await.expect(200).each("id"), [operation.as_str()]);
        record(&user, &project, json!({ "type": "deposit", "amount": 1 })).await.problem(403, "permission_denied");
        user.act(&format!("{read}/reversal")).await.problem(403, "permission_denied");
        client.get(&read).await.problem(404, "not_found");
        client.get(&list).await.problem(403, "permission_denied");
        client.get(&format!("/projects/{project}/report")).await.expect(200);
        let (stranger, _) = lobby.workspace("lobby").await;
        stranger.get(&read).await.problem(404, "not_found");
        stranger.act(&format!("{read}/reversal")).await.problem(404, "not_found");
    });
}

#[test]
fn an_inactive_project_takes_no_operations() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        let deposit = recorded(&owner, &project, "deposit", 5).await;
        owner.act(&format!("/projects/{project}/deactivate")).await.expect(200);
        let body = json!({ "type": "deposit", "amount": 1 });
        record(&owner, &project, body).await.problem(409, "project_inactive");
        owner.act(&format!("/operations/{deposit}/reversal")).await.problem(409, "project_inactive");
        bill(&owner, &project, json!({ "type": "fixed" })).await.problem(409, "project_inactive");
    });
}

#[test]
fn a_project_with_operations_is_not_deleted() {
    lobby(async |lobby| {
        let (owner, workspace, project) = project(lobby).await;
        let deposit = recorded(&owner, &project, "deposit", 5).await;
        reverse(&owner, &deposit).await;
        owner.delete(&format!("/projects/{project}")).await.problem(409, "project_has_operations");
        let empty = another(&owner, &workspace, "Empty").await;
        bill(&owner, &empty, json!({ "type": "hourly", "rate": 5 })).await.expect(200);
        owner.delete(&format!("/projects/{empty}")).await.expect(204);
    });
}

#[test]
fn a_list_of_operations_comes_in_pages_and_filtered() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        let mut made = Vec::new();
        for number in 0..5 {
            let kind = if number % 2 == 0 { "deposit" } else { "invoice" };
            let body = json!({ "type": kind, "amount": 1, "occurred_on": format!("2026-01-0{}", 5 - number) });
            made.push(record(&owner, &project, body).await.expect(201).id());
        }
        let path = format!("/projects/{project}/operations");
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = owner.get(&format!("{path}?limit=2{cursor}")).await.expect(200);
            seen.extend(page.each("id").into_iter().map(str::to_owned));
            match page.json["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, made);
        let ids = async |query: &str| {
            let page = owner.get(&format!("{path}?{query}")).await.expect(200);
            page.each("id").into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(ids("type=invoice").await, [made[1].clone(), made[3].clone()]);
        assert_eq!(ids("from=2026-01-04").await, made[..2]);
        assert_eq!(ids("from=2026-01-02&to=2026-01-03").await, made[2..4]);
        owner.get(&format!("{path}?type=gift")).await.faults(&["?type"]);
        owner.get(&format!("{path}?kind=invoice")).await.faults(&["?kind"]);
    });
}

#[test]
fn a_list_and_a_report_cost_what_they_must() {
    lobby(async |lobby| {
        let (owner, workspace, project) = project(lobby).await;
        let operation = recorded(&owner, &project, "deposit", 5).await;
        let statements = lobby.statements().await;
        for (path, expected) in [
            (format!("/operations/{operation}"), 1),
            (format!("/projects/{project}/billing"), 1),
            (format!("/projects/{project}/operations"), 2),
            (format!("/projects/{project}/report"), 2),
            (format!("/workspaces/{workspace}/report?currency=EUR&group_by=month"), 1),
        ] {
            let (answer, seen) = statements.settled(expected, async || owner.get(&path).await).await;
            answer.expect(200);
            assert_eq!(seen.len(), expected, "GET {path} sent {seen:#?}");
        }
    });
}

#[test]
fn recording_takes_ten_round_trips_and_repeating_it_six() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        let body = json!({ "type": "deposit", "amount": 5 });
        let statements = lobby.statements().await;
        // The first fixes the currency.
        recorded(&owner, &project, "deposit", 5).await;
        // The look of the guard, begin, credential, role, key, books, operation, transfer, event with the reply, commit.
        let (answer, seen) = statements.settled(10, async || record(&owner, &project, body.clone()).await).await;
        answer.expect(201);
        assert_eq!(seen.len(), 10, "recording sent {seen:#?}");
        let again = async || owner.send(recording(&owner, &project, "again", &body)).await;
        let first = again().await.expect(201).id();
        let (answer, seen) = statements.settled(6, again).await;
        assert_eq!(answer.expect(201).id(), first);
        assert_eq!(seen.len(), 6, "repeating sent {seen:#?}");
    });
}

#[test]
fn an_operation_announces_itself() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        let deposit = recorded(&owner, &project, "deposit", 5).await;
        let reversal = reverse(&owner, &deposit).await;
        for (action, operation) in [("project.operation_recorded", &deposit), ("project.operation_reversed", &reversal)]
        {
            let sql = format!(
                "SELECT count(*) FROM project.outbox WHERE action = '{action}' AND resource_id = '{operation}' \
                 AND actor_id = '{}' AND changes ->> 'project_id' = '{project}' AND changes ->> 'amount' = '5'",
                owner.user
            );
            assert_eq!(lobby.database.number(&sql).await, 1, "{action}");
        }
    });
}

#[test]
fn a_token_may_record_if_its_permissions_say_so() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        let view = json!({ "can_view_projects": true, "can_view_operations": true });
        let token = async |name: &str, permissions: Value| {
            let body = json!({ "name": name, "permissions": permissions });
            let made = owner.post("/users/me/tokens", body).await.expect(201);
            owner.with_token(&made.text("token"))
        };
        let reader = token("reads", view).await;
        reader.call(Method::GET, &format!("/projects/{project}/operations"), None).await.expect(200);
        let body = json!({ "type": "deposit", "amount": 1 });
        record(&reader, &project, body.clone()).await.problem(403, "permission_denied");
        let writes = json!({ "can_view_projects": true, "can_record_operations": true });
        let writer = token("writes", writes).await;
        record(&writer, &project, body).await.expect(201);
        // Beyond the budget takes more than to record.
        let body = json!({ "type": "invoice", "amount": 1, "allow_over_budget": true });
        let refused = record(&writer, &project, body).await.problem(403, "permission_denied");
        assert_eq!(refused.json["permission"], "can_manage_project_billing");
    });
}
