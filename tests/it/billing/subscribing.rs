//! Subscribing, changing, cancelling, and what that costs.

use billing::ports::Outcome::{Declined, Paid};
use serde_json::json;

use super::{balance, change, pass, paying, plan, script, seller, shop, subscribe};
use crate::harness::{lobby, lobby_with};

#[test]
fn fourteen_of_thirty_one_days_at_a_hundred_euros_are_forty_five_sixteen() {
    paying(async |lobby| {
        let (_, workspace, member) = shop(lobby, &[("free", 0), ("hundred", 10_000)]).await;
        let id = subscribe(&member, &workspace, "free").await.expect(201).id();
        // As if it had begun 17 days ago in a month of 31 days: of the 14 that are left the first has begun.
        let moved = "state || jsonb_build_object('anchor', a, 'period_start', a, 'period_end', a + interval '31 days')";
        let sql = format!(
            "UPDATE billing.subscriptions SET due_at = a + interval '31 days', state = {moved} \
             FROM (SELECT now() - interval '17 days 1 hour' AS a) AS a"
        );
        lobby.database.execute(&sql).await;
        assert_eq!(change(&member, &id, "hundred").await, 4516);
        let invoices = member.get(&format!("/invoices?workspace={workspace}")).await.expect(200);
        assert_eq!((&invoices.items()[0]["total"], &invoices.items()[0]["status"]), (&json!(4516), &json!("paid")));
        let subscription = member.get(&format!("/subscriptions/{id}")).await.expect(200);
        assert_eq!(subscription.json["plan"]["price"], 10_000);
        assert_eq!(balance(lobby, &workspace, "plan_cash").await, 4516);
        assert_eq!(balance(lobby, &workspace, "plan_receivable").await, 0);
    });
}

#[test]
fn what_was_quoted_is_charged_or_nothing_is() {
    paying(async |lobby| {
        let (owner, workspace, member) = shop(lobby, &[("small", 3_000), ("big", 9_000)]).await;
        let id = subscribe(&member, &workspace, "small").await.expect(201).id();
        let (quoting, changing) = (format!("/subscriptions/{id}/quote"), format!("/subscriptions/{id}/change"));
        let quote = member.post(&quoting, json!({ "plan": "big" })).await.expect(200).json;
        assert_eq!((&quote["amount"], &quote["effective"]), (&json!(6_000), &json!("now")));
        pass(&owner, &workspace, 3).await;
        let body = json!({ "plan": "big", "quote": quote["quote"] });
        let refusal = member.post(&changing, body).await.problem(409, "quote_changed");
        let now = &refusal.json["quote"];
        assert!(now["amount"].as_i64().unwrap() < 6_000);
        assert_eq!(balance(lobby, &workspace, "plan_cash").await, 3_000);
        let body = json!({ "plan": "big", "quote": now["quote"] });
        let changed = member.post(&changing, body).await.expect(200);
        assert_eq!(changed.json["plan"]["price"], 9_000);
        assert_eq!(balance(lobby, &workspace, "plan_cash").await, 3_000 + now["amount"].as_i64().unwrap());
        // Down waits for the renewal.
        assert_eq!(change(&member, &id, "small").await, 0);
        let waits = member.get(&format!("/subscriptions/{id}")).await.expect(200);
        assert_eq!((&waits.json["plan"]["price"], &waits.json["next_plan"]["price"]), (&json!(9_000), &json!(3_000)));
        pass(&owner, &workspace, 29).await;
        let renewed = member.get(&format!("/subscriptions/{id}")).await.expect(200);
        assert_eq!((&renewed.json["plan"]["price"], &renewed.json["status"]), (&json!(3_000), &json!("active")));
        member.post(&quoting, json!({ "plan": "small" })).await.problem(409, "same_plan");
        member.post(&quoting, json!({ "plan": "none" })).await.expect(422);
    });
}

#[test]
fn a_trial_is_given_once() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        plan(&owner, &workspace, "growth", 1_900, json!({ "trial_days": 14 })).await;
        let member = lobby.member(&owner, &workspace, "company_user").await;
        let first = subscribe(&member, &workspace, "growth").await.expect(201);
        assert_eq!((&first.json["status"], &first.json["in_force"]), (&json!("trialing"), &json!(true)));
        subscribe(&member, &workspace, "growth").await.problem(409, "already_subscribed");
        let path = format!("/subscriptions/{}", first.id());
        let ended = member.delete(&format!("{path}?now=true")).await.expect(200);
        assert_eq!((&ended.json["status"], &ended.json["in_force"]), (&json!("canceled"), &json!(false)));
        script(lobby, &member, &[Declined]);
        let second = subscribe(&member, &workspace, "growth").await.expect(201);
        assert_eq!((&second.json["status"], &second.json["in_force"]), (&json!("past_due"), &json!(false)));
        let quote = json!({ "plan": "growth" });
        member.post(&format!("/subscriptions/{}/quote", second.id()), quote).await.problem(409, "payment_due");
    });
}

#[test]
fn an_operator_says_when_it_is_paid_and_then_it_begins() {
    lobby(async |lobby| {
        let (owner, workspace, member) = shop(lobby, &[("growth", 1_900)]).await;
        let id = subscribe(&member, &workspace, "growth").await.expect(201).id();
        let path = format!("/subscriptions/{id}");
        assert_eq!(member.get(&path).await.expect(200).json["in_force"], false);
        let invoices = member.get(&format!("/invoices?workspace={workspace}")).await.expect(200);
        let pay = format!("/invoices/{}/pay", invoices.items()[0]["id"].as_str().unwrap());
        member.act(&pay).await.problem(403, "permission_denied");
        owner.act(&pay).await.expect(200);
        let begun = member.get(&path).await.expect(200);
        assert_eq!((&begun.json["status"], &begun.json["in_force"]), (&json!("active"), &json!(true)));
        owner.act(&pay).await.problem(409, "invoice_status");
        assert_eq!(balance(lobby, &workspace, "plan_cash").await, 1_900);
    });
}

#[test]
fn a_renewal_that_is_never_paid_runs_out_of_patience() {
    paying(async |lobby| {
        let (owner, workspace, member) = shop(lobby, &[("growth", 1_900)]).await;
        let id = subscribe(&member, &workspace, "growth").await.expect(201).id();
        script(lobby, &member, &[Declined]);
        let status = async || {
            let subscription = member.get(&format!("/subscriptions/{id}")).await.expect(200);
            (subscription.json["status"].as_str().unwrap().to_owned(), subscription.json["in_force"] == true)
        };
        pass(&owner, &workspace, 31).await;
        assert_eq!(status().await, ("past_due".to_owned(), true));
        pass(&owner, &workspace, 7).await;
        assert_eq!(status().await, ("grace".to_owned(), true));
        pass(&owner, &workspace, 7).await;
        assert_eq!(status().await, ("expired".to_owned(), false));
        assert_eq!(balance(lobby, &workspace, "plan_receivable").await, 0, "what isn't paid is taken back");
        assert_eq!(balance(lobby, &workspace, "plan_revenue").await, -1_900);
        // Two weeks were used: they are on the first bill of who returns.
        let left = member.get(&format!("/subscriptions/{id}")).await.expect(200);
        let arrears = left.json["arrears"].as_i64().unwrap();
        assert!((858..=950).contains(&arrears), "14 of 28 to 31 days, not {arrears}");
        plan(&owner, &workspace, "free", 0, json!({})).await;
        script(lobby, &member, &[Paid]);
        let returned = subscribe(&member, &workspace, "free").await.expect(201);
        assert_eq!((&returned.json["status"], &returned.json["arrears"]), (&json!("active"), &json!(0)));
        assert_eq!(balance(lobby, &workspace, "plan_cash").await, 1_900 + arrears);
        let left = member.get(&format!("/subscriptions/{id}")).await.expect(200);
        assert_eq!(left.json["arrears"], 0, "it is the other one's");
    });
}

#[test]
fn who_cancels_keeps_what_is_paid() {
    paying(async |lobby| {
        let (owner, workspace, member) = shop(lobby, &[("growth", 1_900)]).await;
        let id = subscribe(&member, &workspace, "growth").await.expect(201).id();
        let path = format!("/subscriptions/{id}");
        let canceled = member.delete(&path).await.expect(200);
        assert_eq!((&canceled.json["in_force"], &canceled.json["ends_at_period_end"]), (&json!(true), &json!(true)));
        assert_eq!(member.delete(&path).await.expect(200).json["sequence"], canceled.json["sequence"]);
        member.post(&format!("{path}/quote"), json!({ "plan": "growth" })).await.problem(409, "subscription_ends");
        pass(&owner, &workspace, 31).await;
        assert_eq!(member.get(&path).await.expect(200).json["status"], "canceled");
        assert_eq!(balance(lobby, &workspace, "plan_cash").await, 1_900);
    });
}

#[test]
fn production_moves_no_clock() {
    let variables = [("LOBBY__PROFILE", "production"), ("LOBBY__SERVER__PUBLIC_URL", "https://lobby.example.org")];
    lobby_with(&variables, async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        let path = format!("/workspaces/{workspace}/test-clock");
        owner.post(&path, json!({ "days": 1 })).await.problem(403, "test_clock_refused");
        assert_eq!(lobby.database.number("SELECT count(*) FROM billing.test_clocks").await, 0);
    });
}

#[test]
fn a_plan_that_is_off_sale_is_kept_by_who_has_it_and_sold_to_nobody() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        let plan = plan(&owner, &workspace, "growth", 1_900, json!({})).await;
        let member = lobby.member(&owner, &workspace, "company_user").await;
        let id = subscribe(&member, &workspace, &plan).await.expect(201).id();
        owner.delete(&format!("/plans/{plan}")).await.expect(204);
        let late = lobby.member(&owner, &workspace, "company_user").await;
        subscribe(&late, &workspace, "growth").await.problem(409, "plan_not_for_sale");
        subscribe(&late, &workspace, "nothing").await.expect(422);
        pass(&owner, &workspace, 31).await;
        assert_eq!(member.get(&format!("/subscriptions/{id}")).await.expect(200).json["status"], "active");
    });
}

#[test]
fn thirty_two_requests_at_once_make_one_subscription() {
    paying(async |lobby| {
        let (_, workspace, member) = shop(lobby, &[("growth", 1_900)]).await;
        let all = (0..32).map(|_| subscribe(&member, &workspace, "growth"));
        let answers = futures_util::future::join_all(all).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        assert!(answers.iter().all(|answer| [201, 409].contains(&answer.status.as_u16())));
        assert_eq!(lobby.services().fake_gateway().taken().len(), 1);
        assert_eq!(balance(lobby, &workspace, "plan_cash").await, 1_900);
    });
}

#[test]
fn a_request_that_is_repeated_is_answered_how_the_subscription_stands_by_then() {
    paying(async |lobby| {
        let (_, workspace, member) = shop(lobby, &[("small", 3_000), ("big", 9_000)]).await;
        let body = json!({ "plan": "small", "workspace": workspace });
        let first = member.post_once("/subscriptions", "the-key", &body).await.expect(201);
        assert_eq!(first.json["status"], "active", "it is paid");
        let again = async || {
            let again = member.post_once("/subscriptions", "the-key", &body).await.expect(201);
            let told = (again.header("idempotency-replayed"), again.header("location"));
            assert_eq!(told, ("true", first.header("location")));
            let stands = member.get(&format!("/subscriptions/{}", first.id())).await.expect(200);
            assert_eq!((&again.json, again.header("etag")), (&stands.json, stands.header("etag")));
            again.json
        };
        assert_eq!(again().await, first.json);
        let path = format!("/subscriptions/{}", first.id());
        let quote = member.post(&format!("{path}/quote"), json!({ "plan": "big" })).await.expect(200).json;
        let change = json!({ "plan": "big", "quote": quote["quote"] });
        let changed = member.post_once(&format!("{path}/change"), "another-key", &change).await.expect(200);
        assert_eq!(changed.json["plan"]["price"], 9_000);
        let repeated = member.post_once(&format!("{path}/change"), "another-key", &change).await.expect(200);
        assert_eq!((repeated.header("idempotency-replayed"), &repeated.json), ("true", &changed.json));
        assert_eq!(again().await["plan"]["price"], 9_000);
        member.delete(&format!("{path}?now=true")).await.expect(200);
        assert_eq!(again().await["status"], "canceled");
        let other = json!({ "plan": "big", "workspace": workspace });
        member.post_once("/subscriptions", "the-key", &other).await.problem(422, "idempotency_key_reused");
    });
}
