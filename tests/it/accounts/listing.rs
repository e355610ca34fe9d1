//! The list of people: pages, search, filters, and whose people they are.

use futures_util::future::join_all;
use serde_json::json;

use super::made;
use crate::harness::{Client, Lobby, lobby};

/// A workspace of 25 people, its owner included; the accounts have no password, which saves the hashing.
async fn twenty_five(lobby: &Lobby) -> (Client, String) {
    let (owner, workspace) = lobby.workspace("crafo").await;
    let makings = (0..24).map(|number| {
        owner.post("/users", json!({ "workspace": workspace, "email": format!("p{number:02}@example.org") }))
    });
    for answer in join_all(makings).await {
        answer.expect(201);
    }
    (owner, workspace)
}

/// All pages from `path` on, as (id, creation) of each row; `meanwhile` runs after the first page.
async fn pages(client: &Client, path: &str, meanwhile: impl AsyncFnOnce()) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut answer = client.get(path).await.expect(200);
    meanwhile().await;
    loop {
        pages.push(answer.each("id").into_iter().map(str::to_owned).collect());
        if answer.json["next"].is_null() {
            assert_eq!(answer.header("link"), "");
            return pages;
        }
        let link = answer.header("link").to_owned();
        let next = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).unwrap();
        assert!(next.contains(answer.json["next"].as_str().unwrap()));
        answer = client.get(&format!("/{next}")).await.expect(200);
    }
}

#[test]
fn twenty_five_people_are_three_pages_of_ten_without_gap_or_double() {
    lobby(async |lobby| {
        let (owner, workspace) = twenty_five(lobby).await;
        let newest = pages(&owner, "/users?limit=10", async || {}).await;
        assert_eq!(newest.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
        let newest = newest.concat();
        let mut sorted = newest.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), 25);
        sorted.reverse();
        assert_eq!(newest, sorted, "newest first");

        let path = format!("/users?workspace={workspace}&sort=created_at&limit=10");
        let mut oldest = pages(&owner, &path, async || {}).await.concat();
        oldest.reverse();
        assert_eq!(oldest, newest);
    });
}

#[test]
fn who_comes_or_goes_between_two_pages_shifts_nothing() {
    lobby(async |lobby| {
        let (owner, workspace) = twenty_five(lobby).await;
        let before = pages(&owner, "/users?limit=200", async || {}).await.concat();
        let seen = pages(&owner, "/users?limit=10", async || {
            made(&owner, &workspace, "late@example.org", "assistant").await;
            owner.delete(&format!("/users/{}", before[3])).await.expect(204);
            owner.delete(&format!("/users/{}", before[15])).await.expect(204);
        });
        let expected: Vec<_> = before.iter().filter(|id| **id != before[15]).cloned().collect();
        assert_eq!(seen.await.concat(), expected);
    });
}

#[test]
fn people_are_found_by_the_beginning_of_their_names() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let make = async |email: &str, username: &str, first: &str, last: &str| {
            let body = json!({
                "workspace": workspace, "email": email, "username": username, "first_name": first, "last_name": last,
            });
            owner.post("/users", body).await.expect(201).id()
        };
        let ada = make("countess@example.org", "enchantress", "Ada", "Lovelace").await;
        let grace = make("Amazing@example.org", "cobol_100", "Grace", "Hopper").await;
        let found = async |search: &str| {
            let encoded: String = search.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let answer = owner.get(&format!("/users?search={encoded}")).await.expect(200);
            answer.each("id").into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        for search in ["countess", "COUNT", "enchant", "ada", "LOVE", "ada lovel", "  Ada "] {
            assert_eq!(found(search).await, std::slice::from_ref(&ada), "{search}");
        }
        for search in ["amazing@example.org", "hop", "cobol_1"] {
            assert_eq!(found(search).await, std::slice::from_ref(&grace), "{search}");
        }
        for search in ["%", "_", "\\", "lace", "' OR true --", "nobody"] {
            assert!(found(search).await.is_empty(), "{search}");
        }
        assert_eq!(found("").await.len(), 3);
    });
}

#[test]
fn people_are_filtered_by_status_over_all_pages() {
    lobby(async |lobby| {
        let (owner, _) = twenty_five(lobby).await;
        let all = pages(&owner, "/users?limit=200", async || {}).await.concat();
        let disabled: Vec<String> = all.iter().skip(1).step_by(4).filter(|id| **id != owner.user).cloned().collect();
        for id in &disabled {
            owner.patch(&format!("/users/{id}"), json!({ "status": "disabled" })).await.expect(200);
        }
        let found = pages(&owner, "/users?status=disabled&limit=4", async || {}).await;
        assert_eq!(found.concat(), disabled);
        let active = pages(&owner, "/users?status=active&limit=7", async || {}).await.concat();
        assert_eq!(active.len(), 25 - disabled.len());
        let both = pages(&owner, "/users?status=disabled&search=p&limit=2", async || {}).await.concat();
        assert_eq!(both, disabled);
    });
}

#[test]
fn a_list_spans_the_workspaces_that_one_administers_and_each_person_once() {
    lobby(async |lobby| {
        let (owner, first) = lobby.workspace("crafo").await;
        let second = json!({ "name": "Second", "blueprint": "crafo" });
        let second = owner.post("/workspaces", second).await.expect(201).id();
        let both = lobby.member(&owner, &first, "assistant").await;
        owner.bring(&second, &both, "assistant").await;
        let only = lobby.member(&owner, &second, "assistant").await;
        let (stranger, elsewhere) = lobby.workspace("crafo").await;
        // Where one is an assistant, one lists nobody.
        stranger.bring(&elsewhere, &owner, "assistant").await;

        let listed = async |path: &str| {
            let answer = owner.get(path).await.expect(200);
            let mut ids: Vec<_> = answer.each("id").into_iter().map(str::to_owned).collect();
            ids.sort();
            ids
        };
        let sorted = |people: &[&Client]| {
            let mut ids: Vec<_> = people.iter().map(|person| person.user.clone()).collect();
            ids.sort();
            ids
        };
        assert_eq!(listed("/users").await, sorted(&[&owner, &both, &only]));
        assert_eq!(listed(&format!("/users?workspace={first}")).await, sorted(&[&owner, &both]));
        assert_eq!(listed(&format!("/users?workspace={second}")).await, sorted(&[&owner, &both, &only]));
        owner.get(&format!("/users?workspace={elsewhere}")).await.problem(403, "permission_denied");
        only.get(&format!("/users?workspace={elsewhere}")).await.problem(404, "not_found");
        let alone = lobby.person().await.get("/users").await.expect(200);
        assert!(alone.items().is_empty());
    });
}

#[test]
fn a_query_that_makes_no_sense_is_pointed_at() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        made(&owner, &workspace, "second@example.org", "assistant").await;
        let next = owner.get("/users?limit=1").await.expect(200).text("next");
        let wrong = [
            ("limit=0", "?limit"),
            ("limit=201", "?limit"),
            ("limit=ten", "?limit"),
            ("cursor=nonsense", "?cursor"),
            ("sort=email", "?sort"),
            ("status=gone", "?status"),
            ("colour=red", "?colour"),
            ("page=2", "?page"),
        ];
        for (query, pointer) in wrong {
            owner.get(&format!("/users?{query}")).await.faults(&[pointer]);
        }
        owner.get(&format!("/users?sort=created_at&cursor={next}")).await.faults(&["?cursor"]);
        owner.get(&format!("/auth/sessions?cursor={next}")).await.faults(&["?cursor"]);
    });
}

#[test]
fn people_are_counted_over_all_pages_when_asked_for() {
    lobby(async |lobby| {
        let (owner, _) = twenty_five(lobby).await;
        assert!(owner.get("/users?limit=10").await.expect(200).json.get("count").is_none());
        let counted = async |client: &Client, query: &str| {
            client.get(&format!("/users?count=true&limit=4{query}")).await.expect(200).json["count"].clone()
        };
        assert_eq!(counted(&owner, "").await, 25);
        assert_eq!(counted(&owner, "&search=p1").await, 10);
        assert_eq!(counted(&owner, "&status=disabled").await, 0);
        let platform = super::platform_administrator(lobby).await;
        assert_eq!(counted(&platform, "").await, 26);
        assert_eq!(counted(&platform, "&search=p0").await, 10);
        assert_eq!(counted(&lobby.person().await, "").await, 0);
    });
}
