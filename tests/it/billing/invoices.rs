//! Invoices: numbers without gaps, what they post, and that what was finalised stays.

use futures_util::future::join_all;
use serde_json::json;
use sqlx::Executor;

use super::{balance, plan, seller, subscribe};
use crate::harness::{Client, lobby};

async fn draft(owner: &Client, workspace: &str, user: &str, amount: i64) -> String {
    let lines = json!([{ "description": "Prints", "amount": amount + 5 }, { "description": "Less", "amount": -5 }]);
    let body = json!({ "workspace": workspace, "user_id": user, "currency": "EUR", "lines": lines });
    owner.post("/invoices", body).await.expect(201).id()
}

#[test]
fn sixty_four_finalisations_at_once_are_numbered_without_gap_or_double() {
    lobby(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        let mut drafts = Vec::new();
        for number in 1..=64 {
            drafts.push(draft(&owner, &workspace, &owner.user, number).await);
        }
        // Each is asked for twice at once: one of the two is refused, and takes no number with it.
        let all = drafts.iter().chain(&drafts).map(|id| {
            let path = format!("/invoices/{id}/finalise");
            let owner = owner.clone();
            async move { owner.act(&path).await }
        });
        let answers = join_all(all).await;
        let mut numbers: Vec<i64> = answers
            .iter()
            .filter(|answer| answer.status == 200)
            .map(|answer| answer.json["number"].as_i64().unwrap())
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=64).collect::<Vec<_>>());
        assert_eq!(answers.iter().filter(|answer| answer.status == 409).count(), 64);
        assert_eq!(balance(lobby, &workspace, "plan_receivable").await, (1..=64).sum::<i64>());
    });
}

#[test]
fn an_invoice_goes_from_draft_to_finalised_to_paid_and_no_way_back() {
    lobby(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        let member = lobby.member(&owner, &workspace, "company_user").await;
        let id = draft(&owner, &workspace, &member.user, 700).await;
        let path = format!("/invoices/{id}");
        member.get(&path).await.problem(404, "not_found");
        assert!(member.get(&format!("/invoices?workspace={workspace}")).await.expect(200).items().is_empty());
        owner.act(&format!("{path}/pay")).await.problem(409, "invoice_status");
        owner.act(&format!("{path}/finalise")).await.expect(200);
        assert_eq!(member.get(&path).await.expect(200).json["total"], 700);
        member.act(&format!("{path}/void")).await.problem(403, "permission_denied");
        owner.act(&format!("{path}/pay")).await.expect(200);
        owner.act(&format!("{path}/void")).await.problem(409, "invoice_status");
        let mut connection = lobby.database.connect_to("billing").await;
        for change in ["UPDATE billing.invoices SET total = 1", "DELETE FROM billing.invoices"] {
            assert!(connection.execute(change).await.is_err(), "{change}");
        }
        let held = [("plan_receivable", 0), ("plan_cash", 700), ("plan_revenue", -700)];
        for (kind, amount) in held {
            assert_eq!(balance(lobby, &workspace, kind).await, amount, "{kind}");
        }
        // A report of projects shows none of it.
        let report = owner.get(&format!("/workspaces/{workspace}/report")).await.expect(200);
        assert!(!report.json.to_string().contains("700"), "{}", report.json);
    });
}

#[test]
fn taking_an_invoice_back_takes_back_what_it_posted_and_what_rested_on_it() {
    lobby(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        plan(&owner, &workspace, "growth", 1_900, json!({})).await;
        let member = lobby.member(&owner, &workspace, "company_user").await;
        let subscription = subscribe(&member, &workspace, "growth").await.expect(201).id();
        let invoice = owner.get(&format!("/invoices?workspace={workspace}")).await.expect(200).items()[0].clone();
        let path = format!("/invoices/{}", invoice["id"].as_str().unwrap());
        assert_eq!(balance(lobby, &workspace, "plan_receivable").await, 1_900);
        owner.act(&format!("{path}/void")).await.expect(200);
        assert_eq!(balance(lobby, &workspace, "plan_receivable").await, 0);
        assert_eq!(balance(lobby, &workspace, "plan_revenue").await, 0);
        let ended = member.get(&format!("/subscriptions/{subscription}")).await.expect(200);
        assert_eq!(ended.json["status"], "canceled");
        // Its number is taken for good.
        let next = draft(&owner, &workspace, &member.user, 5).await;
        assert_eq!(owner.act(&format!("/invoices/{next}/finalise")).await.expect(200).json["number"], 2);
        let body = json!({ "workspace": workspace, "user_id": member.user, "currency": "EUR",
            "lines": [{ "description": "Nothing", "amount": 0 }] });
        owner.post("/invoices", body).await.expect(422);
    });
}
