//! Searching projects: what was mistyped is found, what matches best comes first, and pages go through all of it.

use std::collections::BTreeSet;

use serde_json::json;

use super::create;
use crate::harness::{Client, lobby};

async fn keys(caller: &Client, query: &str) -> Vec<String> {
    let answer = caller.get(&format!("/projects?{query}")).await.expect(200);
    answer.each("key").into_iter().map(str::to_owned).collect()
}

#[test]
fn what_was_mistyped_is_found() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for (key, name, description) in [
            ("WEB", "Website redesign", "Corporate pages"),
            ("INV", "Inventory", "Warehouse stock and deliveries"),
            ("PAY", "Payroll migration", "From the old accounting to the new"),
        ] {
            create(&owner, &workspace, json!({ "key": key, "name": name, "description": description })).await;
        }
        for (search, expected) in [
            // Two letters changed places, one is missing, one too many, one wrong; in name and description.
            ("webiste", &["WEB"][..]),
            ("redesgin", &["WEB"]),
            ("inventry", &["INV"]),
            ("inventtory", &["INV"]),
            ("payrall", &["PAY"]),
            ("wharehouse", &["INV"]),
            ("acounting", &["PAY"]),
            ("MIGRATOIN", &["PAY"]),
            // Every word must be there, mistyped or not.
            ("payrol+acounting", &["PAY"]),
            ("payrol+warehouse", &[]),
            // A part of a word, and a key.
            ("ventor", &["INV"]),
            ("inv", &["INV"]),
            // What is like nothing is not found, and short words are taken as they are.
            ("zebra", &[]),
            ("wev", &[]),
            ("webs1te", &[]),
        ] {
            assert_eq!(keys(&owner, &format!("search={search}")).await, expected, "{search}");
            let counted = owner.get(&format!("/projects?search={search}&count=true")).await.expect(200);
            assert_eq!(counted.json["count"], expected.len(), "{search}");
        }
        // What is special to the engine below is text here.
        for search in ["%25%25%25%25", "____", "%5C%5C%5C%5C", "$1||'x'", "%27%29%3B--"] {
            assert_eq!(keys(&owner, &format!("search={search}")).await, Vec::<String>::new(), "{search}");
        }
    });
}

#[test]
fn what_matches_best_comes_first_unless_another_order_is_asked_for() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for (key, name, description) in [
            ("MENTION", "Something else", "Uses the atlas of last year"),
            ("LIKE", "Atlaz mountains", ""),
            ("INSIDE", "Mapatlases", ""),
            ("LATER", "World atlas", ""),
            ("BEGIN", "Atlas of the world", ""),
            ("SAME", "Atlas", ""),
            ("NONE", "Encyclopedia", "No maps"),
        ] {
            create(&owner, &workspace, json!({ "key": key, "name": name, "description": description })).await;
            lobby.clock.advance(chrono::Duration::minutes(1));
        }
        let ranked = ["SAME", "BEGIN", "LATER", "INSIDE", "MENTION", "LIKE"];
        let found = keys(&owner, "search=atlas").await;
        assert_eq!(found, ranked);
        assert_eq!(keys(&owner, "search=atlas&sort=relevance").await, found);
        assert_eq!(keys(&owner, "search=atlas&sort=created_at").await[0], "MENTION");
        assert_eq!(keys(&owner, "search=atlas&sort=-created_at").await[0], "SAME");
        // With nothing searched for, nothing is more relevant than anything else: newest first.
        assert_eq!(keys(&owner, "sort=relevance").await[0], "NONE");
        assert_eq!(keys(&owner, "sort=relevance").await.len(), 7);

        // Pages of what is ranked.
        for limit in [1, 2, 5] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = owner.get(&format!("/projects?search=atlas&limit={limit}{cursor}")).await.expect(200);
                seen.extend(page.each("key").into_iter().map(str::to_owned));
                let Some(next) = page.json["next"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(seen, found, "by {limit}");
        }
        // A cursor of one order is none of another.
        let page = owner.get("/projects?search=atlas&limit=2").await.expect(200);
        let cursor = page.text("next");
        owner.get(&format!("/projects?search=atlas&limit=2&sort=name&cursor={cursor}")).await.faults(&["?cursor"]);
    });
}

#[test]
fn a_search_shows_nothing_that_the_list_would_not() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (stranger, elsewhere) = lobby.workspace("lobby").await;
        create(&owner, &workspace, json!({ "key": "OPEN", "name": "Treasure map", "is_public": true })).await;
        create(&owner, &workspace, json!({ "key": "SHUT", "name": "Treasure chest" })).await;
        create(&stranger, &elsewhere, json!({ "key": "AWAY", "name": "Treasure island", "is_public": true })).await;
        let user = lobby.member(&owner, &workspace, "user").await;
        let client = lobby.member(&owner, &workspace, "client").await;
        for (caller, expected) in
            [(&owner, &["OPEN", "SHUT"][..]), (&user, &["OPEN"]), (&client, &[]), (&stranger, &["AWAY"])]
        {
            for query in ["search=treasure", "search=tresaure", "search=treasure&sort=name"] {
                let found: BTreeSet<String> = keys(caller, query).await.into_iter().collect();
                assert_eq!(found, expected.iter().map(|key| (*key).to_owned()).collect(), "{query}");
            }
        }
        let named = owner.get(&format!("/projects?search=treasure&workspace={elsewhere}")).await;
        named.problem(404, "not_found");
    });
}

#[test]
fn a_page_of_a_search_is_one_statement() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        create(&owner, &workspace, json!({ "name": "Counted" })).await;
        let statements = lobby.statements().await;
        for query in ["search=coutned", "search=counted+more", "search=counted&sort=name&is_active=true"] {
            let path = format!("/projects?{query}");
            let (answer, seen) = statements.settled(1, async || owner.get(&path).await).await;
            answer.expect(200);
            assert_eq!(seen.len(), 1, "GET {path} sent {seen:#?}");
        }
    });
}
