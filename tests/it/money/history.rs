//! Random histories: whatever comes in whatever order, the books are those that a naive reckoning has.

use std::collections::HashMap;

use billing::{Account, Ledger, Transfer, TransferId};
use chrono::NaiveDate;
use futures_util::future::join_all;
use kernel::{ids::WorkspaceId, money::Currency};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;
use uuid::Uuid;

use super::{UNSOUND, another, bill, figures, project, recording, report};
use crate::harness::{Client, Lobby, lobby};

/// What a naive reckoning knows of a project: issued, paid, credited, refunded, withdrawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Naive([i64; 5]);

impl Naive {
    fn record(&mut self, kind: &str, amount: i64) {
        self.0[match kind {
            "invoice" => 0,
            "deposit" => 1,
            "refund" => 3,
            _ => 4,
        }] += amount;
    }

    fn reverse(&mut self, kind: &str, amount: i64) {
        if kind == "invoice" { self.0[2] += amount } else { self.record(kind, -amount) }
    }

    fn figures(self) -> [i64; 7] {
        let [issued, paid, credited, refunded, withdrawn] = self.0;
        [issued, paid, credited, refunded, withdrawn, issued - paid - credited, paid - refunded - withdrawn]
    }
}

const KINDS: [&str; 4] = ["deposit", "withdrawal", "invoice", "refund"];

/// Sends one operation, now and then several times at once with its key, now and then giving up before the answer, as
/// who lost the network does; then it is sent again until it is answered. Answers its id; none if it was refused.
async fn stubborn(draw: &mut StdRng, client: &Client, project: &str, body: &serde_json::Value) -> Option<String> {
    let key = Uuid::now_v7().to_string();
    if draw.random_bool(0.2) {
        let lost = client.send(recording(client, project, &key, body));
        let patience = std::time::Duration::from_micros(draw.random_range(100..6000));
        let _ = tokio::time::timeout(patience, lost).await;
    }
    if draw.random_bool(0.2) {
        let _ = join_all((0..3).map(|_| client.send(recording(client, project, &key, body)))).await;
    }
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        let answer = client.send(recording(client, project, &key, body)).await;
        match (answer.status.as_u16(), answer.json["code"].as_str()) {
            (201, _) => return Some(answer.id()),
            (409, Some("idempotency_key_in_progress")) if std::time::Instant::now() < deadline => {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            _ => {
                answer.problem(409, "budget_exceeded");
                return None;
            }
        }
    }
}

/// A history of one project, and what it comes to.
async fn live(lobby: &Lobby, owner: &Client, project: &str, seed: u64, steps: usize) {
    let mut draw = StdRng::seed_from_u64(seed);
    let mut naive = Naive::default();
    let mut made: Vec<(String, &str, i64, bool)> = Vec::new();
    bill(owner, project, json!({ "type": "hourly", "limit": 40_000 })).await.expect(200);
    for _ in 0..steps {
        if !made.is_empty() && draw.random_bool(0.3) {
            let at = draw.random_range(0..made.len());
            let (id, kind, amount, is_reversed) = &mut made[at];
            let answer = owner.act(&format!("/operations/{id}/reversal")).await;
            if *is_reversed {
                answer.problem(409, "already_reversed");
            } else {
                answer.expect(201);
                naive.reverse(kind, *amount);
                *is_reversed = true;
            }
            continue;
        }
        let (kind, amount) = (KINDS[draw.random_range(0..4)], draw.random_range(1..5_000));
        let day = format!("2026-{:02}-{:02}", draw.random_range(1..13), draw.random_range(1..29));
        let body = json!({ "type": kind, "amount": amount, "occurred_on": day });
        if let Some(id) = stubborn(&mut draw, owner, project, &body).await {
            naive.record(kind, amount);
            made.push((id, kind, amount, false));
        }
    }
    assert_eq!(figures(&report(owner, project, "").await), naive.figures(), "seed {seed}");
    let months = report(owner, project, "?group_by=month").await;
    let mut summed = [0; 7];
    for group in months["groups"].as_array().unwrap() {
        for (sum, figure) in summed.iter_mut().zip(figures(group)) {
            *sum += figure;
        }
    }
    assert_eq!(summed, naive.figures(), "seed {seed}: the months don't add up");
    let count =
        format!("SELECT count(*) FROM project.operations WHERE project_id = '{project}' AND kind <> 'reversal'");
    assert_eq!(lobby.database.number(&count).await, i64::try_from(made.len()).unwrap(), "seed {seed}");
}

#[test]
fn a_random_history_is_balanced_and_adds_up_to_what_a_naive_reckoning_has() {
    lobby(async |lobby| {
        let (owner, workspace, first) = project(lobby).await;
        let mut projects = vec![first];
        for number in 1..4 {
            projects.push(another(&owner, &workspace, &format!("Project {number}")).await);
        }
        let seed: u64 = rand::random();
        let lives = projects
            .iter()
            .enumerate()
            .map(|(number, project)| live(lobby, &owner, project, seed.wrapping_add(number as u64), 75));
        join_all(lives).await;
        assert_eq!(lobby.database.number(UNSOUND).await, 0, "seed {seed}");
        let posted = "SELECT (SELECT count(*) FROM project.operations) - (SELECT count(*) FROM billing.transfers)";
        assert_eq!(lobby.database.number(posted).await, 0, "seed {seed}");
        let by_project = owner.get(&format!("/workspaces/{workspace}/report?group_by=project")).await.expect(200).json;
        let all = figures(&by_project);
        let each = by_project["groups"].as_array().unwrap().iter().map(figures);
        let summed = each.fold([0; 7], |sum, one| std::array::from_fn(|at| sum[at] + one[at]));
        assert_eq!(summed, all, "seed {seed}");
    });
}

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
