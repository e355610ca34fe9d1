//! What the product says, by its API and in its tables, held against the model.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use chrono::{DateTime, NaiveDate, Utc};
use rand::{RngExt, rngs::StdRng};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    CURRENCIES, World,
    model::{Asked, Figures},
};
use crate::{
    harness::{Answer, Client, Lobby},
    money::{UNSOUND, figures},
};

/// Asks what may be asked twice until it is answered: the first connection that is taken may be one that was cut before.
pub async fn steadily(ask: impl AsyncFn() -> Answer) -> Answer {
    let begun = Instant::now();
    loop {
        let answer = ask().await;
        if !answer.status.is_server_error() || begun.elapsed() > Duration::from_secs(60) {
            return answer.expect(200);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn read(person: &Client, path: &str) -> Value {
    steadily(async || person.get(path).await).await.json
}

/// All rows of a list.
async fn all(person: &Client, path: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    let sign = if path.contains('?') { '&' } else { '?' };
    loop {
        let page = read(person, &format!("{path}{sign}limit=200{cursor}")).await;
        rows.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

/// While nobody works: budgets are used up as they are, keys that are forgotten make nothing anew, and what was said to be
/// taken back is.
pub async fn at_rest(lobby: &Lobby, world: &World) {
    let owner = world.owner();
    for (at, project) in world.projects.iter().enumerate() {
        let billing = read(owner, &format!("/projects/{}/billing", project.id)).await;
        let used = |kind| {
            let books = world.books();
            assert_eq!(books.counted(at, kind), books.used(at, kind), "the model disagrees with itself");
            let used = i64::try_from(books.used(at, kind)).unwrap();
            project.rules().limit.map(|_| used)
        };
        assert_eq!(billing["invoiced"], json!(used("invoice")), "{billing}");
        assert_eq!(billing["withdrawn"], json!(used("withdrawal")), "{billing}");
        if !lobby.database.is_apart() {
            let report = read(owner, &format!("/projects/{}/report", project.id)).await;
            assert_eq!(figures(&report), world.books().figures(&world.asked([at])).told(), "{report}");
        }
    }
    let said = world.books().said_reversed.clone();
    let stray = said.into_iter().find(|at| world.books().entries[*at].reversed_by.is_none());
    assert_eq!(stray, None, "said to be taken back, and is not");
}

/// When all is over: every list, report, account and trail.
pub async fn in_the_end(lobby: &Lobby, world: &World, dice: &mut StdRng, known: &[(DateTime<Utc>, Vec<Figures>)]) {
    world.instance.kill().await;
    settle(lobby).await;
    tables(lobby, world).await;
    lists(world).await;
    reports(world, dice, known).await;
    trail(lobby, world).await;
}

/// Lets everything be told, also what was being told by whom is dead: their leases have run out.
async fn settle(lobby: &Lobby) {
    let begun = Instant::now();
    let untold = "SELECT (SELECT count(*) FROM project.outbox WHERE told_at IS NULL) \
        + (SELECT count(*) FROM workspace.outbox WHERE told_at IS NULL)";
    lobby.clock.advance(chrono::Duration::hours(3));
    loop {
        // Connections that were cut may still be in the pool.
        let _ = lobby.services().settle().await;
        if lobby.database.number(untold).await == 0 {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(300), "something is never told");
        lobby.clock.advance(chrono::Duration::minutes(3));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The ledger by SQL: each transfer is balanced in each currency, all are, and every account holds what the model says.
async fn tables(lobby: &Lobby, world: &World) {
    let number = async |sql: &str| lobby.database.number(sql).await;
    assert_eq!(number(UNSOUND).await, 0, "transfers that don't balance");
    let trial =
        "SELECT count(*) FROM (SELECT currency FROM billing.entries GROUP BY currency HAVING sum(amount) <> 0) AS c";
    assert_eq!(number(trial).await, 0, "currencies that don't balance");
    let made = i64::try_from(world.books().entries.len()).unwrap();
    for table in ["project.operations", "billing.transfers"] {
        assert_eq!(number(&format!("SELECT count(*) FROM {table}")).await, made, "{table}");
    }
    let sql = "SELECT a.owner_id, a.kind, a.currency, sum(e.amount)::bigint FROM billing.entries e \
        JOIN billing.accounts a ON a.id = e.account_id AND a.currency = e.currency GROUP BY 1, 2, 3";
    let mut connection = lobby.database.connect_to("billing").await;
    let held: Vec<(Uuid, String, String, i64)> = sqlx::query_as(sql).fetch_all(&mut connection).await.unwrap();
    let held: BTreeMap<(String, String, String), i128> = held
        .into_iter()
        .filter(|(.., amount)| *amount != 0)
        .map(|(owner, kind, currency, amount)| ((owner.to_string(), kind, currency), amount.into()))
        .collect();
    let mut expected = BTreeMap::new();
    for (at, project) in world.projects.iter().enumerate() {
        let figures = world.books().figures(&world.asked([at]));
        for (kind, amount) in [
            ("receivable", figures.receivable()),
            ("revenue", figures.credited - figures.issued),
            ("cash", figures.balance()),
            ("refunds", figures.refunded),
            ("payouts", figures.withdrawn),
        ] {
            if amount != 0 {
                expected.insert((project.id.clone(), kind.to_owned(), project.currency.to_owned()), amount);
            }
        }
    }
    assert_eq!(held, expected);
}

/// Each operation is listed once and as it was made.
async fn lists(world: &World) {
    for (at, project) in world.projects.iter().enumerate() {
        let rows = all(world.owner(), &format!("/projects/{}/operations", project.id)).await;
        let mut seen = BTreeSet::new();
        for row in &rows {
            let id = row["id"].as_str().unwrap();
            assert!(seen.insert(id), "{id} is listed twice");
            let entry = world.books().of(id).cloned().unwrap_or_else(|| panic!("nobody was answered this: {row}"));
            world.holds(&entry, row);
            let taken_back = entry.reversed_by.map(|by| world.books().entries[by].id.clone());
            assert_eq!(row["reversed_by"], json!(taken_back), "{row}");
        }
        let expected = world.books().entries.iter().filter(|entry| entry.project == at).count();
        assert_eq!(rows.len(), expected, "operations of {}", project.id);
    }
}

/// The question as the API is asked it.
fn query(asked: &Asked) -> String {
    let mut query = String::from("?");
    if let Some(from) = asked.from {
        query += &format!("from={from}&");
    }
    if let Some(to) = asked.to {
        query += &format!("to={to}&");
    }
    if let Some(as_of) = asked.as_of {
        query += &format!("as_of={}&", as_of.format("%Y-%m-%dT%H:%M:%S%.6fZ"));
    }
    query
}

/// Reports of projects and of the workspace, at any stretch of days and as of any moment, in all groups.
async fn reports(world: &World, dice: &mut StdRng, known: &[(DateTime<Utc>, Vec<Figures>)]) {
    let owner = world.owner();
    // What was reckoned then is what is told of then.
    for (then, all) in known {
        let at = dice.random_range(0..all.len());
        let asked = Asked { as_of: Some(*then), ..world.asked([at]) };
        let report = read(owner, &format!("/projects/{}/report{}", world.projects[at].id, query(&asked))).await;
        assert_eq!(figures(&report), all[at].told(), "as of {then}");
    }
    for round in 0..60 {
        let at = dice.random_range(0..world.projects.len());
        let day = |dice: &mut StdRng| {
            NaiveDate::from_ymd_opt(
                2024 + dice.random_range(0..3),
                dice.random_range(1..=12),
                dice.random_range(1..=28),
            )
        };
        let mut days = [day(dice), day(dice)];
        days.sort();
        let as_of = {
            let books = world.books();
            // To the microsecond when something was recorded, which is known then.
            books.entries[dice.random_range(0..books.entries.len())].at
        };
        let asked = Asked {
            from: days[0].filter(|_| round % 3 != 0),
            to: days[1].filter(|_| round % 4 != 0),
            as_of: Some(as_of).filter(|_| round % 2 == 0),
            ..world.asked([at])
        };
        let path = format!("/projects/{}/report{}group_by=month", world.projects[at].id, query(&asked));
        let report = read(owner, &path).await;
        assert_eq!(figures(&report), world.books().figures(&asked).told(), "{path}");
        assert_eq!(groups(&report, month), by_month(world, &asked), "{path}");
    }
    let path = format!("/workspaces/{}/report", world.workspace);
    let mut totals = BTreeMap::new();
    for (currency, exponent) in CURRENCIES {
        let of_currency = (0..world.projects.len()).filter(|at| world.projects[*at].currency == currency);
        let asked = world.asked(of_currency);
        let report = read(owner, &format!("{path}?currency={currency}&group_by=month")).await;
        assert_eq!(report["exponent"], exponent);
        assert_eq!(figures(&report), world.books().figures(&asked).told(), "{currency}");
        assert_eq!(groups(&report, month), by_month(world, &asked), "{currency}");
        totals.insert(currency.to_owned(), figures(&report));
        let report = read(owner, &format!("{path}?currency={currency}&group_by=project")).await;
        let by_project = world.books().grouped(&asked, |entry| world.projects[entry.project].id.clone());
        let by_project: BTreeMap<String, [i64; 7]> =
            by_project.into_iter().map(|(project, figures)| (project, figures.told())).collect();
        assert_eq!(groups(&report, |group| &group["project"]["id"]), by_project, "{currency}");
    }
    let report = read(owner, &path).await;
    let told = report["totals"].as_array().unwrap().iter();
    let told: BTreeMap<String, [i64; 7]> =
        told.map(|total| (total["currency"].as_str().unwrap().to_owned(), figures(total))).collect();
    assert_eq!(told, totals);
}

fn month(group: &Value) -> &Value {
    &group["month"]
}

fn by_month(world: &World, asked: &Asked) -> BTreeMap<String, [i64; 7]> {
    let months = world.books().grouped(asked, |entry| entry.day.format("%Y-%m").to_string());
    months.into_iter().map(|(month, figures)| (month, figures.told())).collect()
}

fn groups(report: &Value, by: impl Fn(&Value) -> &Value) -> BTreeMap<String, [i64; 7]> {
    let all = report["groups"].as_array().unwrap();
    let groups: BTreeMap<String, [i64; 7]> =
        all.iter().map(|group| (by(group).as_str().unwrap().to_owned(), figures(group))).collect();
    assert_eq!(groups.len(), all.len(), "a group comes twice: {report}");
    groups
}

/// The audit trail has each operation once, with what it was.
async fn trail(lobby: &Lobby, world: &World) {
    let mut told = BTreeMap::new();
    for (action, is_reversal) in [("project.operation_recorded", false), ("project.operation_reversed", true)] {
        let path = format!("/workspaces/{}/audit?action={action}", world.workspace);
        for entry in all(world.owner(), &path).await {
            let id = entry["resource_id"].as_str().unwrap().to_owned();
            let known = world.books().of(&id).cloned().unwrap_or_else(|| panic!("nobody was answered this: {entry}"));
            assert_eq!(known.reverses.is_some(), is_reversal, "{entry}");
            let facts = &entry["facts"];
            let project = &world.projects[known.project];
            let expected = (json!(project.id), json!(i64::try_from(known.amount).unwrap()), json!(project.currency));
            let said = (&facts["project_id"], &facts["amount"], &facts["currency"]);
            assert_eq!(said, (&expected.0, &expected.1, &expected.2), "{entry}");
            assert_eq!(entry["actor_id"], known.by, "{entry}");
            assert_eq!(told.insert(id, entry.clone()), None, "told twice: {entry}");
        }
    }
    let missing: Vec<String> =
        world.books().entries.iter().map(|entry| entry.id.clone()).filter(|id| !told.contains_key(id)).collect();
    for id in missing.iter().take(3) {
        for from in ["activity.events", "project.outbox"] {
            let sql = format!("SELECT jsonb_agg(to_jsonb(e)) FROM {from} e WHERE resource_id = '{id}'");
            let mut connection = lobby.database.connect_about(&sql).await;
            let kept: Option<Value> =
                sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut connection).await.unwrap();
            println!("{from} has of {id}: {kept:?}");
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "operations that the audit trail does not have");
}
