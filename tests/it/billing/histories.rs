//! Random histories through the whole service: no cent is lost between subscriptions, invoices and the ledger.

use billing::ports::Outcome;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;

use super::{balance, paying, plan, script, seller, subscribe};
use crate::harness::{Client, Lobby};

const CODES: [&str; 5] = ["free", "small", "middle", "big", "yearly"];

/// One thing that somebody does, if it can be done.
async fn act(lobby: &Lobby, dice: &mut StdRng, workspace: &str, person: &Client, current: &mut Option<String>) {
    let outcomes = [Outcome::Paid, Outcome::Paid, Outcome::Declined, Outcome::Pending];
    let next: Vec<Outcome> = (0..3).map(|_| outcomes[dice.random_range(0..4)]).collect();
    script(lobby, person, &next);
    let code = CODES[dice.random_range(0..5)];
    let Some(id) = current.clone() else {
        let answer = subscribe(person, workspace, code).await;
        *current = (answer.status == 201).then(|| answer.id());
        return;
    };
    match dice.random_range(0..10) {
        0..=5 => {
            let quote = person.post(&format!("/subscriptions/{id}/quote"), json!({ "plan": code })).await;
            if quote.status == 200 {
                let body = json!({ "plan": code, "quote": quote.json["quote"] });
                person.post(&format!("/subscriptions/{id}/change"), body).await.expect(200);
            }
        }
        6 => {
            person.delete(&format!("/subscriptions/{id}")).await.expect(200);
        }
        7 | 8 => {
            person.delete(&format!("/subscriptions/{id}?now=true")).await.expect(200);
        }
        _ => {}
    }
    let status = person.get(&format!("/subscriptions/{id}")).await.expect(200).json["status"].clone();
    if status == "canceled" || status == "expired" {
        *current = None;
    }
}

#[test]
fn hundreds_of_random_histories_lose_no_cent() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        let prices =
            [("free", 0, "month"), ("small", 999, "month"), ("middle", 3_333, "month"), ("big", 9_999, "month")];
        for (code, price, interval) in prices.into_iter().chain([("yearly", 99_999, "year")]) {
            plan(&owner, &workspace, code, price, json!({ "interval": interval, "trial_days": price % 15 })).await;
        }
        let mut people = Vec::new();
        for _ in 0..16 {
            people.push((lobby.member(&owner, &workspace, "company_user").await, None));
        }
        let mut dice = StdRng::seed_from_u64(20_260_713);
        for _ in 0..26 {
            for (person, current) in &mut people {
                act(lobby, &mut dice, &workspace, person, current).await;
            }
            let open = owner.get(&format!("/invoices?workspace={workspace}&status=finalised")).await.expect(200);
            for invoice in open.items().iter().filter(|_| dice.random_range(0..3) == 0) {
                owner.act(&format!("/invoices/{}/pay", invoice["id"].as_str().unwrap())).await.expect(200);
            }
            super::pass(&owner, &workspace, dice.random_range(1..20)).await;
        }
        assert!(lobby.database.number("SELECT count(*) FROM billing.subscriptions").await > 100);
        let sum = async |status: &str| {
            let sql =
                format!("SELECT coalesce(sum(total), 0)::bigint FROM billing.invoices WHERE status IN ({status})");
            lobby.database.number(&sql).await
        };
        let taken: i64 = lobby.services().fake_gateway().taken().iter().map(|charge| charge.amount).sum();
        let (paid, open) = (sum("'paid'").await, sum("'finalised'").await);
        assert!(taken > 0 && taken <= paid, "{taken} of {paid}");
        assert_eq!(balance(lobby, &workspace, "plan_cash").await, paid);
        assert_eq!(balance(lobby, &workspace, "plan_receivable").await, open);
        assert_eq!(balance(lobby, &workspace, "plan_revenue").await, -(paid + open));
        // What is open is owed by somebody whose subscription isn't over.
        let stray = "SELECT count(*) FROM billing.invoices i JOIN billing.subscriptions s ON s.id = i.subscription_id \
            WHERE i.status = 'finalised' AND s.status IN ('canceled', 'expired')";
        assert_eq!(lobby.database.number(stray).await, 0);
        let gaps = "SELECT max(number) - count(*) FROM billing.invoices";
        assert_eq!(lobby.database.number(gaps).await, 0);
    });
}
