//! What is asked of a subscription before the worker has come by, and what the worker does with one that fails.

use billing::ports::Outcome::Declined;
use chrono::Duration;
use serde_json::{Value, json};

use super::{balance, change, paying, plan, script, seller, shop, subscribe};
use crate::harness::{Client, Lobby, lobby_with};

/// Moves the time of all billing to a minute after the period's end, and lets nothing happen in it.
async fn pass_unseen(lobby: &Lobby) {
    let sql = "INSERT INTO billing.test_clocks SELECT workspace_id, \
        (state->>'period_end')::timestamptz + interval '1 minute' - now(), now() FROM billing.subscriptions";
    lobby.database.execute(sql).await;
}

async fn quoted(person: &Client, id: &str, plan: &str) -> Value {
    person.post(&format!("/subscriptions/{id}/quote"), json!({ "plan": plan })).await.expect(200).json
}

#[test]
fn a_quote_of_the_former_period_buys_nothing_in_the_next() {
    paying(async |lobby| {
        let (_, workspace, member) = shop(lobby, &[("free", 0), ("company", 9_900)]).await;
        let id = subscribe(&member, &workspace, "free").await.expect(201).id();
        let former = quoted(&member, &id, "company").await;
        pass_unseen(lobby).await;
        let body = json!({ "plan": "company", "quote": former["quote"] });
        let refused = member.post(&format!("/subscriptions/{id}/change"), body).await.problem(409, "quote_changed");
        assert_eq!(refused.json["quote"]["amount"], 9_900, "a whole period, which has just begun");
        assert_eq!(change(&member, &id, "company").await, 9_900);
        let has = member.get(&format!("/subscriptions/{id}")).await.expect(200);
        assert_eq!((&has.json["plan"]["price"], &has.json["status"]), (&json!(9_900), &json!("active")));
        assert_eq!(balance(lobby, &workspace, "plan_cash").await, 9_900);
    });
}

#[test]
fn who_changes_or_cancels_after_the_period_does_so_in_the_next_which_is_billed() {
    paying(async |lobby| {
        let (_, workspace, member) = shop(lobby, &[("small", 3_000), ("big", 9_000)]).await;
        let id = subscribe(&member, &workspace, "small").await.expect(201).id();
        script(lobby, &member, &[Declined]);
        pass_unseen(lobby).await;
        let path = format!("/subscriptions/{id}");
        member.post(&format!("{path}/quote"), json!({ "plan": "big" })).await.problem(409, "payment_due");
        let late = member.get(&path).await.expect(200);
        assert_eq!((&late.json["status"], &late.json["payment_due"]), (&json!("past_due"), &json!(true)));
        member.delete(&path).await.expect(200);
        let invoices = member.get(&format!("/invoices?workspace={workspace}")).await.expect(200);
        let stand: Vec<_> = invoices.items().iter().map(|invoice| invoice["status"].clone()).collect();
        assert_eq!(stand, [json!("void"), json!("paid")], "the next period was billed");
    });
}

#[test]
fn production_goes_by_no_clock_that_was_moved_before() {
    let variables = [("LOBBY__PROFILE", "production"), ("LOBBY__SERVER__PUBLIC_URL", "https://lobby.example.org")];
    lobby_with(&variables, async |lobby| {
        let (owner, workspace, member) = shop(lobby, &[("free", 0), ("company", 9_900)]).await;
        let id = subscribe(&member, &workspace, "free").await.expect(201).id();
        let quote = quoted(&member, &id, "company").await;
        pass_unseen(lobby).await;
        assert_eq!(lobby.services().subscriptions().run().await.unwrap(), 0);
        assert_eq!(quoted(&member, &id, "company").await, quote, "nothing has become of it");
        let other = lobby.member(&owner, &workspace, "company_user").await;
        let begun = subscribe(&other, &workspace, "free").await.expect(201).json;
        assert!(begun["period_start"].as_str() <= begun["created_at"].as_str(), "it begins today");
    });
}

#[test]
fn one_that_fails_is_put_off_and_all_others_go_on() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        plan(&owner, &workspace, "growth", 1_900, json!({})).await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            let member = lobby.member(&owner, &workspace, "company_user").await;
            ids.push(subscribe(&member, &workspace, "growth").await.expect(201).id());
        }
        // The first that is due has a state that nobody can read.
        let broken = &ids[0];
        lobby.database.execute("CREATE TABLE public.kept AS SELECT id, state FROM billing.subscriptions").await;
        let sql = "UPDATE billing.subscriptions SET state = '{}', due_at = due_at - interval '1 day' WHERE id = ";
        lobby.database.execute(&format!("{sql} '{broken}'")).await;
        lobby.clock.advance(Duration::days(32));
        let subscriptions = lobby.services().subscriptions();
        subscriptions.run().await.unwrap();
        let renewed = "SELECT count(*) FROM billing.invoices WHERE bill = 2 AND status = 'paid'";
        assert_eq!(lobby.database.number(renewed).await, 2);
        let failures = format!("SELECT failures::bigint FROM billing.subscriptions WHERE id = '{broken}'");
        assert_eq!(lobby.database.number(&failures).await, 1);
        assert_eq!((subscriptions.run().await.unwrap(), lobby.database.number(&failures).await), (0, 1), "it waits");
        lobby.clock.advance(Duration::seconds(61));
        subscriptions.run().await.unwrap();
        assert_eq!(lobby.database.number(&failures).await, 2);
        lobby.clock.advance(Duration::seconds(61));
        subscriptions.run().await.unwrap();
        assert_eq!(lobby.database.number(&failures).await, 2, "longer each time");
        // Mended, it goes on when its time has come.
        let sql = "UPDATE billing.subscriptions s SET state = k.state FROM public.kept k WHERE k.id = s.id AND s.id = ";
        lobby.database.execute(&format!("{sql} '{broken}'")).await;
        lobby.clock.advance(Duration::seconds(61));
        subscriptions.run().await.unwrap();
        assert_eq!((lobby.database.number(renewed).await, lobby.database.number(&failures).await), (3, 0));
    });
}
