//! The access contract (`tests/matrix`) as a test: every operation × every role × every relation, on a real server.

mod check;
mod digest;
mod expect;
mod lists;
mod play;
mod report;
mod requests;
mod situations;
mod table;
mod targets;
mod world;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use digest::Digest;
use table::{MODELS, Row, Table, documented, pending};
use world::World;

use crate::{
    harness::{document, lobby},
    profiles::with_messages,
};

/// How many rows still waited for their route when the tables were first played. There are never more.
const PENDING_AT_MOST: usize = 0;

impl World<'_> {
    /// The permission that a row's route asks of a role, if it asks for one.
    fn permission(&self, row: &Row) -> Option<&str> {
        let operation = &self.lobby.contract.document["paths"][row.documented()][row.method.as_str().to_lowercase()];
        operation["x-permission"].as_str().filter(|permission| permission.starts_with("can_"))
    }
}

/// Every route of the OpenAPI document: method and path.
fn routes() -> BTreeSet<(String, String)> {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter().filter(|(_, operation)| operation["responses"].is_object());
        methods.map(move |(method, _)| (method.to_uppercase(), path.clone()))
    });
    operations.collect()
}

#[test]
fn every_role_in_every_relation_is_answered_as_the_access_tables_say() {
    let played = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for model in MODELS {
            let played = &played;
            scope.spawn(move || {
                let table = Table::of(model);
                with_messages(async |lobby, messages| {
                    let world = World::build(lobby, messages, &table).await;
                    let seen = play::play(&world).await;
                    played.lock().unwrap().push((Arc::clone(&table), seen));
                });
            });
        }
    });
    let mut played = played.into_inner().unwrap();
    played.sort_by_key(|(table, _)| MODELS.iter().position(|model| *model == table.model));
    let written = report::write(&played);
    let faults = report::faults(&played);
    let requests: usize = played.iter().map(|(_, seen)| seen.len()).sum();
    println!("{requests} requests of {} tables; the report is {}", played.len(), written.display());
    assert!(faults.is_empty(), "{} of {requests} are not as the tables say:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_route_has_a_row_in_the_access_tables() {
    let tables = MODELS.map(Table::of);
    let rows: BTreeSet<(String, String)> =
        tables.iter().flat_map(|table| &table.rows).map(|row| (row.method.to_string(), row.documented())).collect();
    let without: Vec<_> = routes().into_iter().filter(|route| !rows.contains(route)).collect();
    assert!(without.is_empty(), "say in tests/matrix who may do this: {without:?}");
}

#[test]
fn every_row_of_the_access_tables_has_a_route_or_is_pending() {
    let routes = routes();
    for table in MODELS.map(Table::of) {
        for row in &table.rows {
            let exists = routes.contains(&(row.method.to_string(), row.documented()));
            assert!(exists || row.pending, "{}: {} {} has no route", table.model, row.method, row.path);
        }
    }
}

#[test]
fn only_what_is_not_built_yet_is_pending() {
    let (routes, pending) = (routes(), pending());
    for (model, method, path) in &pending {
        println!("pending: {model}: {method} {path}");
        let is_built = routes.contains(&(method.clone(), documented(path)));
        assert!(!is_built, "{method} {path} is built: take it off tests/matrix/pending.csv");
        let table = MODELS.into_iter().find(|known| known == model).map(Table::of).expect("the model has a table");
        let row = table.row(&method.parse().unwrap(), path);
        assert!(row.is_some(), "{model}: {method} {path} is pending, but has no row");
    }
    assert_eq!(pending.len(), PENDING_AT_MOST, "rows are pending that are not counted: build them");
}

#[test]
fn the_least_change_of_a_row_is_seen() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let body = serde_json::json!({ "workspace": workspace, "name": "Site" });
        let project = owner.post("/projects", body).await.expect(201).id();
        let mut digest = Digest::of(lobby).await;
        let mut before = digest.settled(lobby).await;
        owner.get(&format!("/projects/{project}")).await.expect(200);
        owner.delete(&format!("/projects/{workspace}")).await.expect(404);
        assert_eq!(digest.now(lobby).await, before, "looking and being refused change nothing");
        let changes = [
            "UPDATE project.projects SET name = name".to_owned(),
            format!(
                "INSERT INTO workspace.platform_members SELECT '{workspace}', id, now() FROM workspace.roles LIMIT 1"
            ),
            "DELETE FROM workspace.platform_members".to_owned(),
            "DELETE FROM project.outbox".to_owned(),
            "UPDATE accounts.sessions SET address = NULL".to_owned(),
        ];
        for change in changes {
            lobby.database.execute(&change).await;
            let after = digest.now(lobby).await;
            assert_ne!(after, before, "{change}");
            before = after;
        }
    });
}
