//! Random worlds of roles, people and projects: the list is exactly what can be opened, and both are what the rule says.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

use super::{assign, create, dismiss, role, suspend};
use crate::harness::{Client, Lobby, lobby};

const WORLDS: usize = 20;
const PEOPLE: usize = 5;
const SCOPES: [&str; 4] = ["none", "own", "assigned", "any"];

/// Where someone stands in the workspace.
#[derive(Clone, Copy, Debug)]
enum Membership {
    /// How far their role sees, an index of `SCOPES`, and whether it sees what is private.
    Role(usize, bool),
    Suspended,
    Gone,
}

/// A project: who owns it, whether it is public, whether it is switched on, and who takes part how.
#[derive(Clone, Debug)]
struct Drawn {
    owner: usize,
    is_public: bool,
    is_active: bool,
    /// Not at all, switched off, or taking part, by person.
    parts: Vec<usize>,
}

#[derive(Clone, Debug)]
struct World {
    people: Vec<Membership>,
    projects: Vec<Drawn>,
}

fn world() -> impl Strategy<Value = World> {
    let membership = prop_oneof![
        8 => (0..SCOPES.len(), any::<bool>()).prop_map(|(scope, private)| Membership::Role(scope, private)),
        1 => Just(Membership::Suspended),
        1 => Just(Membership::Gone),
    ];
    let project = (0..PEOPLE, any::<bool>(), any::<bool>(), prop::collection::vec(0..3_usize, PEOPLE))
        .prop_map(|(owner, is_public, is_active, parts)| Drawn { owner, is_public, is_active, parts });
    (prop::collection::vec(membership, PEOPLE), prop::collection::vec(project, 4..9))
        .prop_map(|(people, projects)| World { people, projects })
}

/// Whether a person may see a project: the rule, said a third time.
fn may_see(membership: Membership, person: usize, project: &Drawn) -> bool {
    let Membership::Role(scope, private) = membership else { return false };
    let owns = project.owner == person;
    let takes_part = owns || project.parts[person] == 2;
    match SCOPES[scope] {
        "own" => owns,
        "assigned" => takes_part,
        "any" => takes_part || project.is_public || private,
        _ => false,
    }
}

fn role_name(scope: usize, private: bool) -> String {
    format!("sees-{}{}", SCOPES[scope], if private { "-private" } else { "" })
}

/// A workspace in which everyone is an administrator still, with a role for each way to see.
async fn workspace(owner: &Client, people: &[Client], number: usize) -> String {
    let body = json!({ "name": format!("World {number}"), "blueprint": "lobby" });
    let workspace = owner.post("/workspaces", body).await.expect(201).id();
    for (scope, word) in SCOPES.iter().enumerate() {
        for private in [false, true] {
            let view = match *word {
                "none" => json!(false),
                "any" => json!(true),
                narrower => json!(narrower),
            };
            let permissions = json!({ "can_view_projects": view, "can_view_private_projects": private });
            role(owner, &workspace, &role_name(scope, private), permissions).await;
        }
    }
    for person in people {
        owner.bring(&workspace, person, "admin").await;
    }
    workspace
}

/// Makes a drawn project.
async fn build(owner: &Client, people: &[Client], workspace: &str, drawn: &Drawn) -> String {
    let body = json!({ "name": "Drawn", "is_public": drawn.is_public, "owner_id": people[drawn.owner].user });
    let id = create(owner, workspace, body).await.id();
    for (person, part) in people.iter().zip(&drawn.parts).filter(|(person, _)| person.user != people[drawn.owner].user)
    {
        if *part > 0 {
            super::include(owner, &id, &person.user).await;
        }
        if *part == 1 {
            let path = format!("/projects/{id}/members/{}", person.user);
            owner.patch(&path, json!({ "is_active": false })).await.expect(200);
        }
    }
    if !drawn.is_active {
        owner.act(&format!("/projects/{id}/deactivate")).await.expect(200);
    }
    id
}

/// The ids of all pages of a list; nothing where it is refused.
async fn listed(caller: &Client, query: &str) -> BTreeSet<String> {
    let (mut seen, mut cursor) = (BTreeSet::new(), String::new());
    loop {
        let page = caller.get(&format!("/projects?limit=7&{query}{cursor}")).await;
        if page.status != 200 {
            assert!(matches!(page.json["code"].as_str(), Some("permission_denied" | "not_found")), "{}", page.json);
            return seen;
        }
        for id in page.each("id") {
            assert!(seen.insert(id.to_owned()), "{id} is listed twice");
        }
        match page.json["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return seen,
        }
    }
}

/// Those of `ids` that someone can open; all others must not be there for them.
async fn opened(caller: &Client, ids: &[String]) -> BTreeSet<String> {
    let answers = join_all(ids.iter().map(|id| async move { caller.get(&format!("/projects/{id}")).await })).await;
    let open = ids.iter().zip(answers).filter_map(|(id, answer)| {
        if answer.status == 200 {
            return Some(id.clone());
        }
        answer.problem(404, "not_found");
        None
    });
    open.collect()
}

async fn check(
    lobby: &Lobby,
    owner: &Client,
    people: &[Client],
    world: &World,
    number: usize,
) -> Vec<BTreeSet<String>> {
    let workspace = workspace(owner, people, number).await;
    let mut ids = Vec::new();
    for drawn in &world.projects {
        ids.push(build(owner, people, &workspace, drawn).await);
    }
    for (person, membership) in people.iter().zip(&world.people) {
        match *membership {
            Membership::Role(scope, private) => {
                assign(owner, &workspace, &person.user, &role_name(scope, private)).await;
            }
            Membership::Suspended => suspend(owner, &workspace, &person.user).await,
            Membership::Gone => dismiss(owner, &workspace, &person.user).await,
        }
    }
    lobby.services().settle().await.unwrap();
    let mut seen = Vec::new();
    for (index, (caller, membership)) in people.iter().zip(&world.people).enumerate() {
        let expected: BTreeSet<String> = ids
            .iter()
            .zip(&world.projects)
            .filter(|(_, drawn)| may_see(*membership, index, drawn))
            .map(|(id, _)| id.clone())
            .collect();
        let case = format!("person {index} of {world:?}");
        assert_eq!(opened(caller, &ids).await, expected, "opened: {case}");
        for sort in ["name", "-created_at"] {
            let query = format!("workspace={workspace}&sort={sort}");
            assert_eq!(listed(caller, &query).await, expected, "listed by {sort}: {case}");
        }
        seen.push(expected);
    }
    seen
}

#[test]
fn the_list_is_exactly_what_can_be_opened_in_every_world() {
    lobby(async |lobby| {
        let owner = lobby.person().await;
        let mut people = Vec::new();
        for _ in 0..PEOPLE {
            people.push(lobby.person().await);
        }
        // The worlds are the same in every run; a failure shows the one it came from.
        let mut runner = TestRunner::new_with_rng(Config::default(), TestRunner::deterministic().new_rng());
        let mut seen = vec![BTreeSet::new(); PEOPLE];
        for number in 0..WORLDS {
            let world = world().new_tree(&mut runner).unwrap().current();
            for (all, here) in seen.iter_mut().zip(check(lobby, &owner, &people, &world, number).await) {
                all.extend(here);
            }
        }
        // And across all the workspaces that someone belongs to, each with another role.
        for (caller, expected) in people.iter().zip(seen) {
            assert_eq!(listed(caller, "").await, expected);
            let counted = caller.get("/projects?count=true&limit=1").await.expect(200);
            assert_eq!(counted.json["count"], Value::from(expected.len()));
        }
    });
}
