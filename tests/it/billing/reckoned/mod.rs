//! Random histories of subscriptions, over HTTP and through the worker, held against a model that reckons for itself: after
//! each step what is told of subscriptions, invoices, roles and entitlements is what the model has, to the cent and to the
//! microsecond.
//!
//! `LOBBY_TESTS_HISTORIES=2000 LOBBY_TESTS_MINUTES=60 cargo test -p tests --test it -- billing::reckoned` plays more;
//! `LOBBY_TESTS_SEED` plays those of another run.

mod acting;
mod calendar;
mod person;
mod shop;
mod subscription;

use std::{collections::BTreeMap, time::Instant};

use futures_util::future::join_all;
use rand::{RngExt, SeedableRng, rngs::StdRng};

use self::{acting::Place, shop::Shop};
use crate::harness::{Client, Lobby, from_environment, lobby_with};

/// Workspaces at a time, and members of each.
const SHOPS: usize = 5;
const MEMBERS: usize = 5;
/// Histories that the suite plays: one of each member.
const USUAL: usize = 100;
/// How often each does something, and time passes.
const ROUNDS: usize = 12;
/// Hours that pass while tokens live, in one round after the other.
const HOURS: i64 = 20;

const SETTINGS: [(&str, &str); 2] = [("LOBBY__BILLING__GATEWAY", "fake"), ("LOBBY__AUTH__ACCESS_MINUTES", "1440")];

/// The same person with a token that lives on.
async fn refreshed(person: &Client) -> Client {
    let body = serde_json::json!({ "refresh_token": person.refresh });
    person.holding(&person.signed_out().post("/auth/refresh", body).await.expect(200).json)
}

/// Plays some histories side by side.
async fn play(lobby: &Lobby, shops: &mut [Shop], dice: &mut StdRng) {
    let mut hours = 0;
    for round in 0..ROUNDS {
        join_all(shops.iter_mut().map(async |shop| {
            shop.act(lobby).await;
            shop.check().await;
            if shop.dice.random_bool(0.15) {
                shop.reprice().await;
            }
            let days = [1, 1, 2, 3, 5, 6, 7, 8, 13, 14, 27, 30, 31, 45, 90, 370];
            let days = days[shop.dice.random_range(0..if round % 4 == 3 { 16 } else { 13 })];
            shop.pass(lobby, days).await;
            shop.check().await;
        }))
        .await;
        // Another time of the day, for all.
        let more = dice.random_range(0..4).min(HOURS - hours);
        hours += more;
        lobby.clock.advance(chrono::Duration::hours(more));
        lobby.services().subscriptions().run().await.unwrap();
        for shop in shops.iter_mut() {
            let now = shop.now(lobby);
            for member in &mut shop.members {
                member.did.push(format!("{more} hours pass"));
                member.person.pass(now);
            }
        }
    }
    for shop in shops {
        let Shop { owner, workspace, plans, members, ahead, .. } = shop;
        let place = Place { lobby, owner, workspace, plans, ahead: *ahead };
        join_all(members.iter_mut().map(|member| place.leave(member))).await;
        shop.check().await;
        shop.check_ledger(lobby).await;
    }
}

/// That the gateway took money once for each bill that the model says it was asked for with success.
fn taken_once(lobby: &Lobby, shops: &[Shop]) {
    let mut taken: BTreeMap<(uuid::Uuid, String), Vec<i64>> = BTreeMap::new();
    for charge in lobby.services().fake_gateway().taken() {
        taken.entry((charge.payer, charge.currency)).or_default().push(charge.amount);
    }
    let mut expected: BTreeMap<(uuid::Uuid, String), Vec<i64>> = BTreeMap::new();
    for member in shops.iter().flat_map(|shop| &shop.members) {
        for bill in member.person.all.iter().flat_map(|one| &one.bills).filter(|bill| bill.by_gateway) {
            let payer = member.client.user.parse().unwrap();
            expected.entry((payer, bill.currency.to_owned())).or_default().push(bill.total());
        }
    }
    for amounts in taken.values_mut().chain(expected.values_mut()) {
        amounts.sort_unstable();
    }
    assert_eq!(taken, expected);
}

#[test]
fn histories_of_subscriptions_come_to_what_a_model_reckons_to_the_cent() {
    let seed = from_environment("LOBBY_TESTS_SEED").unwrap_or_else(rand::random::<u32>);
    let histories = from_environment("LOBBY_TESTS_HISTORIES").map_or(USUAL, |number| number as usize);
    println!("LOBBY_TESTS_SEED={seed} LOBBY_TESTS_HISTORIES={histories}");
    lobby_with(&SETTINGS, async |lobby| {
        lobby.unlogged().await;
        let mut dice = StdRng::seed_from_u64(seed.into());
        let mut people = Vec::new();
        for _ in 0..SHOPS * (MEMBERS + 1) {
            people.push(lobby.person().await);
        }
        let (mut played, began): (Vec<Shop>, _) = (Vec::new(), Instant::now());
        for _ in 0..histories.div_ceil(SHOPS * MEMBERS) {
            people = join_all(people.iter().map(refreshed)).await;
            let (owners, members) = people.split_at(SHOPS);
            let open = owners.iter().zip(members.chunks(MEMBERS));
            let open = open.map(|(owner, members)| Shop::open(lobby, owner, members, dice.random::<u32>().into()));
            let mut shops = join_all(open.collect::<Vec<_>>()).await;
            play(lobby, &mut shops, &mut dice).await;
            played.extend(shops);
        }
        taken_once(lobby, &played);
        let all = || played.iter().flat_map(|shop| &shop.members).flat_map(|member| &member.person.all);
        let bills = all().flat_map(|one| &one.bills);
        let (paid, voided) =
            (bills.clone().filter(|bill| bill.paid.is_some()), bills.clone().filter(|bill| bill.voided.is_some()));
        let counts = [all().count(), bills.count(), paid.count(), voided.count()];
        println!("subscriptions, bills, paid and void: {counts:?} in {:?}", began.elapsed());
        assert!(counts.iter().all(|count| *count >= histories / 2), "nothing much happened: {counts:?}");
    });
}
