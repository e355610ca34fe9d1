//! Random worlds of workspaces, roles, people and things: what a list shows is exactly what the decision about each row
//! allows, and both are what the rules say.

mod build;
mod drawn;
mod lists;
mod rules;

use std::collections::BTreeSet;

use futures_util::future::join_all;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, TestRunner},
};
use serde_json::Value;

use self::{
    build::{Built, Cast},
    lists::{LISTS, List, Question},
};
use crate::harness::{Client, lobby_with};

const WORLDS: usize = 16;
/// Rows on a page: few, so that there are several.
const LIMIT: usize = 3;

/// The operations that answer a page.
fn paged(document: &Value) -> BTreeSet<String> {
    let is_page = |operation: &Value| {
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        let schema = match schema["$ref"].as_str() {
            Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap_or(schema),
            None => schema,
        };
        ["items", "next"].iter().all(|member| schema["properties"][member].is_object())
    };
    let paths = document["paths"].as_object().unwrap().iter();
    let pages = paths.filter(|(_, item)| is_page(&item["get"]));
    pages.map(|(path, _)| path.trim_start_matches("/api/v1").to_owned()).collect()
}

/// Lists that are compared where their questions are: who may, with each person's own answer; what belongs to one role,
/// or to oneself, with those who may see it; invitations and the directory, with the access tables and tests of their own;
/// money, workshops and what happened, with theirs.
const COMPARED_ELSEWHERE: [&str; 25] = [
    "/albums",
    "/developers",
    "/images/{id}/comments",
    "/invoices",
    "/notifications/{user_id}",
    "/photos/{id}/comments",
    "/plans",
    "/projects/{id}/audit",
    "/projects/{id}/operations",
    "/reports",
    "/roles/{id}/history",
    "/subscriptions",
    "/tags",
    "/trash",
    "/users/me/invitations",
    "/users/me/tokens",
    "/users/{id}/activity",
    "/workshops",
    "/workshops/{id}/attendee-photos",
    "/workshops/{id}/attendees",
    "/workshops/{id}/photos",
    "/workspaces/{id}/audit",
    "/workspaces/{id}/invitations",
    "/workspaces/{id}/periods",
    "/workspaces/{id}/who-may",
];

#[test]
fn every_list_of_the_document_is_compared() {
    let compared: BTreeSet<String> = LISTS.iter().map(|list| list.template.to_owned()).collect();
    let mut paged = paged(&crate::harness::document());
    for path in COMPARED_ELSEWHERE {
        assert!(paged.remove(path), "{path} is no list");
    }
    assert_eq!(compared, paged, "a list is added to `LISTS`, with the rule of its rows");
    assert_eq!(compared.len(), LISTS.len(), "a list is compared twice");
}

/// The keys of all pages of a list; nothing where it is refused.
async fn listed(caller: &Client, list: &List, path: &str, query: &str) -> BTreeSet<String> {
    let (mut seen, mut cursor) = (BTreeSet::new(), String::new());
    let limit = if list.is_one_page { String::new() } else { format!("limit={LIMIT}&") };
    loop {
        let page = caller.get(&format!("{path}?{limit}{query}{cursor}")).await;
        if page.status != 200 {
            assert!(matches!(page.json["code"].as_str(), Some("permission_denied" | "not_found")), "{}", page.json);
            return seen;
        }
        assert!(list.is_one_page || page.items().len() <= LIMIT, "{} has too many rows", page.asked);
        for key in page.each(list.key) {
            assert!(seen.insert(key.to_owned()), "{}: {key} is listed twice", page.asked);
        }
        match page.json["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return seen,
        }
    }
}

/// The keys of a list's file; nothing where it is refused.
async fn exported(caller: &Client, list: &List, path: &str, query: &str) -> BTreeSet<String> {
    let file = caller.get(&format!("{path}?{query}")).await;
    let Some(rows) = file.json.as_array() else {
        assert!(matches!(file.json["code"].as_str(), Some("permission_denied" | "not_found")), "{}", file.json);
        return BTreeSet::new();
    };
    let keys: BTreeSet<String> = rows.iter().filter_map(|row| Some(row[list.key].as_str()?.to_owned())).collect();
    assert_eq!(keys.len(), rows.len(), "{path}: a row comes twice");
    keys
}

/// Whether the decision about one row lets the caller.
async fn opens(caller: &Client, method: &reqwest::Method, path: &str, body: Option<&Value>) -> bool {
    let answer = caller.call(method.clone(), path, body).await;
    match answer.status.as_u16() {
        // What a decision can be asked with comes after it: nothing is wrong with the right, only with the body.
        200 | 422 => true,
        403 => false,
        _ => {
            answer.problem(404, "not_found");
            false
        }
    }
}

/// Asks one question as one person, in each order that the list has.
async fn ask(world: &Built<'_>, list: &List, question: &Question, caller: usize) {
    let client = world.client(caller);
    let named = |wanted: &dyn Fn(&lists::Row) -> bool| -> BTreeSet<String> {
        question.rows.iter().filter(|row| wanted(row)).map(|row| world.key(row)).collect()
    };
    let case = || format!("{} as person {caller} of {:?}", question.path, world.drawn);
    let expected = named(&|row| (list.lists)(world, caller, question.within, row));
    for sort in list.sorts {
        let query = match question.within {
            Some(workspace) => format!("workspace={}&sort={sort}", world.workspaces[workspace].id),
            None => format!("sort={sort}"),
        };
        let query = if list.sorts == [""] { query.trim_end_matches("sort=").trim_end_matches('&') } else { &query };
        assert_eq!(listed(client, list, &question.path, query).await, expected, "listed by {query:?}: {}", case());
        if let Some(path) = list.export {
            assert_eq!(exported(client, list, path, query).await, expected, "exported by {query:?}: {}", case());
        }
    }
    if list.counts && !expected.is_empty() {
        let within = question.within.map(|workspace| format!("&workspace={}", world.workspaces[workspace].id));
        let path = format!("{}?limit=1&count=true{}", question.path, within.unwrap_or_default());
        assert_eq!(client.get(&path).await.expect(200).json["count"], Value::from(expected.len()), "{}", case());
    }
    // The rows of a narrower question are decided about in the wide one.
    let (Some(decision), None) = (list.decision, question.within) else { return };
    let answers = join_all(question.rows.iter().map(|row| async move {
        let (method, path, body) = decision(world, row);
        opens(client, &method, &path, body.as_ref()).await
    }));
    let allowed: BTreeSet<String> =
        question.rows.iter().zip(answers.await).filter(|(_, opens)| *opens).map(|(row, _)| world.key(row)).collect();
    match list.opens {
        None => assert_eq!(allowed, expected, "listed, but not opened, or the other way round: {}", case()),
        Some(opens) => assert_eq!(allowed, named(&|row| opens(world, caller, row)), "opened: {}", case()),
    }
}

#[test]
fn a_list_is_exactly_what_can_be_opened_in_every_world() {
    // The worlds take a while and move the clock.
    lobby_with(&[("LOBBY__AUTH__ACCESS_MINUTES", "1440")], async |lobby| {
        let cast = Cast::gather(lobby).await;
        // The worlds are the same in every run; a failure shows the one it came from.
        let mut runner = TestRunner::new_with_rng(Config::default(), TestRunner::deterministic().new_rng());
        for _ in 0..WORLDS {
            let drawn = drawn::world().new_tree(&mut runner).unwrap().current();
            let world = Built::build(lobby, &cast, &drawn).await;
            for list in LISTS {
                for question in (list.questions)(&world) {
                    for caller in 0..cast.people.len() {
                        ask(&world, list, &question, caller).await;
                    }
                }
            }
            world.clear(lobby).await;
        }
    });
}
