//! A long history of the ledger alone: whatever is posted in whatever order, every account holds what a naive reckoning has.

use std::collections::HashMap;

use billing::{Account, Ledger, Transfer, TransferId};
use chrono::NaiveDate;
use futures_util::future::join_all;
use kernel::{ids::WorkspaceId, money::Currency};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use uuid::Uuid;

use crate::{
    harness::{Lobby, lobby},
    money::UNSOUND,
};

/// How many operations the long history has.
const LONG: usize = 100_000;

/// Run by hand: `cargo test -p tests --test it a_history_of_100_000 -- --ignored --nocapture`.
#[test]
#[ignore = "takes minutes; run by hand"]
fn a_history_of_100_000_transfers_is_balanced_and_every_balance_is_the_naive_one() {
    lobby(async |lobby| {
        let ledger = Ledger::new(&lobby.services().databases);
        let seed: u64 = rand::random();
        let workspace = WorkspaceId(Uuid::now_v7());
        let owners: Vec<Uuid> = (0..40).map(|_| Uuid::now_v7()).collect();
        let began = std::time::Instant::now();
        let workers = (0..8_usize).map(|worker| {
            // Each worker has owners of its own, so that it knows what there is to take back; account kinds repeat.
            let owners = owners[worker * 5..(worker + 1) * 5].to_vec();
            work(lobby, ledger.clone(), workspace, owners, seed.wrapping_add(worker as u64), LONG / 8)
        });
        let mut naive: HashMap<Uuid, i64> = HashMap::new();
        for balances in join_all(workers).await {
            naive.extend(balances);
        }
        println!("{LONG} posts in {:?}, seed {seed}", began.elapsed());
        let mut connection = lobby.database.connect_to("billing").await;
        let sums: Vec<(Uuid, i64)> =
            sqlx::query_as("SELECT account_id, sum(amount)::bigint FROM billing.entries GROUP BY 1")
                .fetch_all(&mut connection)
                .await
                .unwrap();
        assert_eq!(sums.into_iter().collect::<HashMap<_, _>>(), naive, "seed {seed}");
        assert_eq!(lobby.database.number(UNSOUND).await, 0, "seed {seed}");
        assert_eq!(lobby.database.number("SELECT sum(amount)::bigint FROM billing.entries").await, 0, "seed {seed}");
    });
}

/// Posts, posts again, gives up half-way, takes back; answers the naive balance of every account.
async fn work(
    lobby: &Lobby,
    ledger: Ledger,
    workspace: WorkspaceId,
    owners: Vec<Uuid>,
    seed: u64,
    steps: usize,
) -> HashMap<Uuid, i64> {
    let mut draw = StdRng::seed_from_u64(seed);
    let currencies = ["EUR", "JPY", "KWD"].map(|code| Currency::of(code).unwrap());
    let kinds = ["cash", "receivable", "revenue", "refunds", "payouts"];
    let system = lobby.services().databases.system::<billing::Schema>("history");
    let mut naive: HashMap<Uuid, i64> = HashMap::new();
    let mut made: Vec<(Transfer, bool)> = Vec::new();
    for _ in 0..steps {
        let now = lobby.clock.now();
        let reversed = (!made.is_empty() && draw.random_bool(0.2)).then(|| draw.random_range(0..made.len()));
        let id = TransferId::new(now);
        let day = NaiveDate::from_ymd_opt(2026, draw.random_range(1..13), draw.random_range(1..29)).unwrap();
        let (entries, reverses) = match reversed {
            Some(at) => (Transfer::mirrored(&made[at].0.entries), Some(made[at].0.id)),
            None => {
                let owner = owners[draw.random_range(0..owners.len())];
                let mut account = |currency| Account { kind: kinds[draw.random_range(0..5)], owner, currency };
                let mut entries = Vec::new();
                for currency in currencies {
                    let (debit, credit) = (account(currency), account(currency));
                    if debit != credit {
                        entries.extend(Transfer::between(debit, credit, 1 + i64::from(id.0.as_bytes()[15]) * 31));
                    }
                    if draw_ends(id, entries.len()) {
                        break;
                    }
                }
                (entries, None)
            }
        };
        if entries.is_empty() {
            continue;
        }
        let transfer = Transfer {
            id,
            workspace,
            key: format!("history:{id}"),
            reverses,
            occurred_on: day,
            posted_at: now,
            actor: None,
            entries,
        };
        if draw.random_bool(0.05) {
            // A crash before the commit: nothing of it stays.
            let tx = system.begin().await.unwrap();
            let _ = ledger.post_in(&tx, &transfer).await;
            drop(tx);
        }
        match ledger.post(&transfer).await {
            Ok(posted) => assert!(posted.is_new && posted.id == id),
            Err(error) => {
                let at = reversed.unwrap_or_else(|| panic!("seed {seed}: {error}"));
                assert!(made[at].1 || made[at].0.reverses.is_some(), "seed {seed}: {error}");
                continue;
            }
        }
        if let Some(at) = reversed {
            assert!(!made[at].1 && made[at].0.reverses.is_none(), "seed {seed}: taken back twice");
            made[at].1 = true;
        }
        if draw.random_bool(0.1) {
            let again = Transfer { id: TransferId::new(now), ..transfer.clone() };
            let posted = ledger.post(&again).await.unwrap();
            assert!(!posted.is_new && posted.id == id, "seed {seed}: posted twice");
        }
        for entry in &transfer.entries {
            *naive.entry(entry.account.id(workspace).0).or_default() += entry.amount;
        }
        made.push((transfer, false));
    }
    naive
}

/// Whether a transfer has enough entries: in one currency mostly, in more now and then.
fn draw_ends(id: TransferId, entries: usize) -> bool {
    entries > 0 && !id.0.as_bytes()[14].is_multiple_of(4)
}
