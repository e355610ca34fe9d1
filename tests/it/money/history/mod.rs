//! Random histories: whatever comes in whatever order, and whatever dies meanwhile, the books are those that a naive
//! reckoning has, to the cent.
//!
//! `LOBBY_TESTS_OPERATIONS=100000 LOBBY_TESTS_MINUTES=60 cargo test -p tests --test it -- money::history::a_history` plays a
//! long one; `LOBBY_TESTS_SEED` plays that of another run.

mod checks;
mod crashing;
mod ledger;
mod model;
mod sending;
mod worker;

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use futures_util::future::{join, join_all};
use kernel::clock::Clock;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

use self::{
    checks::steadily,
    crashing::{Mortal, SETTINGS},
    model::{Asked, Books, Entry, Figures},
    sending::Tally,
    worker::Worker,
};
use crate::harness::{Client, Lobby, from_environment, lobby_with};

/// Currencies, and how many digits of their amounts are behind the point.
const CURRENCIES: [(&str, u8); 3] = [("JPY", 0), ("EUR", 2), ("KWD", 3)];
/// How many work side by side, each with a project of their own, beside one of each currency that all have.
const WORKERS: usize = 6;
/// How many operations the suite plays.
const USUAL: usize = 2_400;
/// After so many it is looked whether all is right, and what holds is changed.
const CHAPTER: usize = 600;

/// How a project is billed at the moment.
#[derive(Clone, Copy, Debug)]
struct Rules {
    kind: &'static str,
    limit: Option<i64>,
}

/// A project whose money it is.
struct Project {
    id: String,
    currency: &'static str,
    exponent: u8,
    rules: Mutex<Rules>,
}

impl Project {
    fn rules(&self) -> Rules {
        *self.rules.lock().unwrap()
    }
}

/// All that there is.
struct World {
    workspace: String,
    /// Whoever records: an owner and an administrator.
    people: Vec<Client>,
    /// Who may record and nothing more.
    clerk: Client,
    /// Who belongs somewhere else.
    stranger: Client,
    /// Those of one each, and then those of all.
    projects: Vec<Project>,
    /// A project that takes nothing.
    dormant: String,
    /// Months that are closed.
    closed: Mutex<BTreeSet<(i32, u32)>>,
    books: Mutex<Books>,
    instance: Mortal,
    tally: Tally,
    clock: Clock,
}

impl World {
    async fn begin(lobby: &Lobby) -> Self {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let admin = lobby.member(&owner, &workspace, "admin").await;
        let role =
            json!({ "name": "clerk", "permissions": { "can_view_projects": true, "can_record_operations": true } });
        owner.post(&format!("/workspaces/{workspace}/roles"), role).await.expect(201);
        let clerk = lobby.member(&owner, &workspace, "clerk").await;
        let (stranger, _) = lobby.workspace("lobby").await;
        let mut projects = Vec::new();
        for number in 0..WORKERS + CURRENCIES.len() {
            let (currency, exponent) = CURRENCIES[number % CURRENCIES.len()];
            let id = super::another(&owner, &workspace, &format!("Project {number}")).await;
            let rules = Rules { kind: "fixed", limit: Some(30_000) };
            let body = json!({ "type": rules.kind, "limit": rules.limit, "currency": currency });
            super::bill(&owner, &id, body).await.expect(200);
            projects.push(Project { id, currency, exponent, rules: rules.into() });
        }
        let dormant = super::another(&owner, &workspace, "Dormant").await;
        owner.act(&format!("/projects/{dormant}/deactivate")).await.expect(200);
        Self {
            workspace,
            people: vec![owner, admin],
            clerk,
            stranger,
            projects,
            dormant,
            closed: Mutex::default(),
            books: Mutex::default(),
            instance: Mortal::start(lobby).await,
            tally: Tally::default(),
            clock: lobby.clock.clone(),
        }
    }

    fn owner(&self) -> &Client {
        &self.people[0]
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The projects that all work at.
    fn shared(&self) -> std::ops::Range<usize> {
        WORKERS..self.projects.len()
    }

    /// What a report of these projects is asked.
    fn asked(&self, projects: impl IntoIterator<Item = usize>) -> Asked {
        Asked { projects: projects.into_iter().collect(), ..Asked::default() }
    }

    /// Why nothing of that day is taken, if anything is why.
    fn reasons(&self, _: usize, day: NaiveDate) -> BTreeSet<&'static str> {
        let is_closed = self.closed.lock().unwrap().contains(&(day.year(), day.month()));
        is_closed.then_some("period_closed").into_iter().collect()
    }

    /// That an operation is told as it is known.
    fn holds(&self, entry: &Entry, told: &Value) {
        let project = &self.projects[entry.project];
        let reverses = entry.reverses.map(|at| self.books().entries[at].id.clone());
        let expected = json!({
            "id": entry.id, "workspace_id": self.workspace, "project_id": project.id, "currency": project.currency,
            "exponent": project.exponent, "type": if reverses.is_some() { "reversal" } else { entry.kind },
            "amount": i64::try_from(entry.amount).unwrap(), "occurred_on": entry.day, "reverses": reverses,
            "over_budget": entry.over_budget, "created_by": entry.by,
        });
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&told[name], value, "{name} of {told}");
        }
    }

    /// Changes what holds, while nobody works: budgets and how projects are billed, months that are closed.
    async fn turn(&self, dice: &mut StdRng) {
        for (at, project) in self.projects.iter().enumerate() {
            let used = {
                let books = self.books();
                books.used(at, "invoice").max(books.used(at, "withdrawal"))
            };
            let room = i64::try_from(used).unwrap() + dice.random_range(0..200_000);
            let kinds = ["fixed", "hourly", "per_task", "non_billable"];
            let kind = kinds[dice.random_range(0..if self.shared().contains(&at) { 3 } else { 4 })];
            let rules = Rules { kind, limit: Some(room.min(1_000_000_000_000)).filter(|_| dice.random_bool(0.75)) };
            let body = json!({ "type": rules.kind, "limit": rules.limit });
            steadily(async || super::bill(self.owner(), &project.id, body.clone()).await).await;
            *project.rules.lock().unwrap() = rules;
        }
        let former = std::mem::take(&mut *self.closed.lock().unwrap());
        for (year, month) in former {
            let path = format!("/workspaces/{}/periods/{year}-{month:02}/reopen", self.workspace);
            steadily(async || self.owner().act(&path).await).await;
        }
        for _ in 0..2 {
            let (year, month) = (dice.random_range(2024..2027), dice.random_range(1..=12));
            let path = format!("/workspaces/{}/periods/{year}-{month:02}/close", self.workspace);
            steadily(async || self.owner().act(&path).await).await;
            self.closed.lock().unwrap().insert((year, month));
        }
    }
}

#[test]
fn a_history_with_crashes_is_balanced_to_the_cent_and_each_operation_counts_once() {
    let seed = from_environment("LOBBY_TESTS_SEED").unwrap_or_else(rand::random::<u32>);
    let operations = from_environment("LOBBY_TESTS_OPERATIONS").map_or(USUAL, |number| number as usize);
    println!("LOBBY_TESTS_SEED={seed} LOBBY_TESTS_OPERATIONS={operations}");
    lobby_with(&SETTINGS, async |lobby| {
        // What is sent is nothing to be counted here, and it is a great deal.
        lobby.unlogged().await;
        let world = World::begin(lobby).await;
        let mut dice = StdRng::seed_from_u64(seed.into());
        let mut known: Vec<(DateTime<Utc>, Vec<Figures>)> = Vec::new();
        let began = Instant::now();
        // A long history has longer chapters.
        let chapter = CHAPTER.max(operations / 40);
        for number in 0..operations.div_ceil(chapter) {
            let is_done = AtomicBool::new(false);
            let working = async {
                let steps = chapter.min(operations - number * chapter).div_ceil(WORKERS);
                let all = (0..WORKERS).map(|own| Worker::new(&world, own, dice.random()).work(steps));
                join_all(all.collect::<Vec<_>>()).await;
                is_done.store(true, Ordering::Relaxed);
            };
            let deaths = StdRng::seed_from_u64(u64::from(seed) + number as u64);
            join(working, world.instance.suffer(deaths, 1 + number % 2, &is_done)).await;
            checks::at_rest(lobby, &world).await;
            let all = (0..world.projects.len()).map(|at| world.books().figures(&world.asked([at])));
            known.push((world.now(), all.collect()));
            world.turn(&mut dice).await;
        }
        println!("{operations} operations in {:?}: {:?}", began.elapsed(), world.tally);
        println!("{:?} deaths, {:?} connections cut", world.instance.deaths, world.instance.cuts);
        checks::in_the_end(lobby, &world, &mut dice, &known).await;
        println!("checked after {:?}", began.elapsed());
        let trouble = [&world.instance.deaths, &world.instance.cuts, &world.tally.lost, &world.tally.failed];
        assert!(trouble.iter().all(|count| count.load(Ordering::Relaxed) > 0), "nothing went wrong: {trouble:?}");
    });
}
