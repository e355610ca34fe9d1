//! What happens by itself: once, also where two instances see to it, and where one dies half-way.

use billing::ports::Outcome;
use chrono::Duration;
use futures_util::future::join_all;
use serde_json::json;

use super::{paying, plan, seller, subscribe};
use crate::harness::{Client, Lobby};

/// Members who all have a plan that is due in a month.
async fn members(lobby: &Lobby, owner: &Client, workspace: &str, number: usize) {
    plan(owner, workspace, "growth", 1_000, json!({})).await;
    let member = lobby.member(owner, workspace, "company_user").await;
    subscribe(&member, workspace, "growth").await.expect(201);
    // As many more of it, for people that there needn't be.
    let sql = format!(
        "INSERT INTO billing.subscriptions SELECT gen_random_uuid(), workspace_id, gen_random_uuid(), plan_id, plan_version, \
         status, in_force, due_at, state, sequence, created_by, created_at, updated_at \
         FROM billing.subscriptions, generate_series(2, {number})"
    );
    lobby.database.execute(&sql).await;
}

/// That each was billed once more, and each bill paid once.
async fn renewed_once(lobby: &Lobby, number: i64) {
    let twice = "SELECT count(*) FROM (SELECT subscription_id FROM billing.invoices WHERE bill = 2 AND status = 'paid' \
        GROUP BY subscription_id HAVING count(*) = 1) AS once";
    assert_eq!(lobby.database.number(twice).await, number);
    assert_eq!(lobby.database.number("SELECT count(*) FROM billing.invoices WHERE bill > 2").await, 0);
    let numbers = "SELECT max(number) - count(DISTINCT number) FROM billing.invoices";
    assert_eq!(lobby.database.number(numbers).await, 0, "numbers without gap or double");
    let waiting =
        "SELECT count(*) FROM billing.subscriptions WHERE status <> 'active' OR due_at < now() + interval '40 days'";
    assert_eq!(lobby.database.number(waiting).await, 0);
}

#[test]
fn two_instances_renew_each_subscription_once() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        members(lobby, &owner, &workspace, 60).await;
        let other = Lobby::on(lobby.database.clone(), &[("LOBBY__BILLING__GATEWAY", "fake")]).await;
        for clock in [&lobby.clock, &other.clock] {
            clock.advance(Duration::days(32));
        }
        let (one, two) = (lobby.services().subscriptions(), other.services().subscriptions());
        let happened = join_all([one.run(), two.run(), one.run(), two.run()]).await;
        let happened: u64 = happened.into_iter().map(Result::unwrap).sum();
        assert!(happened >= 60, "{happened}");
        renewed_once(lobby, 60).await;
        other.stop_serving().await;
    });
}

#[test]
fn what_was_due_long_ago_is_asked_for_once_by_the_many_who_look() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        members(lobby, &owner, &workspace, 60).await;
        let other = Lobby::on(lobby.database.clone(), &[("LOBBY__BILLING__GATEWAY", "fake")]).await;
        for clock in [&lobby.clock, &other.clock] {
            clock.advance(Duration::days(32));
        }
        // Longer ago than an answer is waited for: whoever comes by while one asks must not take that for no answer.
        let (one, two) = (lobby.services().subscriptions(), other.services().subscriptions());
        for happened in join_all([one.run(), two.run(), one.run(), two.run(), one.run(), two.run()]).await {
            happened.unwrap();
        }
        let again = "SELECT count(*) FROM billing.invoices WHERE bill = 2 AND paid_at <> finalised_at";
        assert_eq!(lobby.database.number(again).await, 0, "paid when it was asked for again");
        let late = "SELECT count(*) FROM billing.outbox WHERE action = 'billing.payment_too_late'";
        assert_eq!(lobby.database.number(late).await, 0, "taken for paid after it was taken back");
        let taken = [lobby, &other].map(|instance| instance.services().fake_gateway().taken().len());
        assert_eq!(taken.iter().sum::<usize>(), 61, "each was asked for by one of the two");
        other.stop_serving().await;
    });
}

#[test]
fn a_worker_that_dies_half_way_leaves_nothing_undone_and_nothing_done_twice() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        members(lobby, &owner, &workspace, 40).await;
        lobby.clock.advance(Duration::days(32));
        let subscriptions = lobby.services().subscriptions();
        // Cut off wherever it is, again and again.
        for cut in 1..60 {
            let cut = std::time::Duration::from_millis(cut % 12);
            let _ = tokio::time::timeout(cut, subscriptions.run()).await;
        }
        // What was asked for and not answered is asked for again after a while, with the same key.
        lobby.clock.advance(Duration::minutes(11));
        subscriptions.run().await.unwrap();
        renewed_once(lobby, 40).await;
        let taken = lobby.services().fake_gateway().taken();
        let mut invoices: Vec<_> = taken.iter().map(|charge| charge.invoice).collect();
        invoices.sort();
        invoices.dedup();
        assert_eq!((invoices.len(), taken.len()), (41, 41), "nobody paid twice");
    });
}

#[test]
fn what_a_gateway_declines_is_asked_for_again_until_it_is_paid() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        plan(&owner, &workspace, "growth", 1_000, json!({})).await;
        let member = lobby.member(&owner, &workspace, "company_user").await;
        let id = subscribe(&member, &workspace, "growth").await.expect(201).id();
        super::script(lobby, &member, &[Outcome::Declined, Outcome::Declined, Outcome::Paid]);
        lobby.clock.advance(Duration::days(31) + Duration::days(6));
        // The token is older than it lives by now; the owner of the clock looks past HTTP.
        lobby.services().subscriptions().run().await.unwrap();
        let sql = format!("SELECT count(*) FROM billing.subscriptions WHERE id = '{id}' AND status = 'active'");
        assert_eq!(lobby.database.number(&sql).await, 1);
        assert_eq!(lobby.services().fake_gateway().taken().len(), 2);
    });
}
