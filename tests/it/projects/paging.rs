//! Pages of projects: no row is lost or doubled, whatever they are sorted by and whatever happens in between.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::json;

use super::{create, project};
use crate::harness::{Answer, Client, lobby};

const SORTS: [&str; 5] = ["-created_at", "created_at", "name", "-name", "-updated_at"];
const ROWS: usize = 120;

/// Where the `Link` header leads, below the API.
fn linked(page: &Answer) -> Option<String> {
    let link = page.header("link");
    let path = link.strip_prefix("</api/v1").and_then(|rest| rest.strip_suffix(">; rel=\"next\""));
    assert_eq!(path.is_none(), link.is_empty(), "{link}");
    path.map(str::to_owned)
}

/// Reads on to the last page; after each page `between` happens.
async fn read(caller: &Client, first: &str, between: impl AsyncFn()) -> Vec<Answer> {
    let mut pages = vec![caller.get(first).await.expect(200)];
    loop {
        let last = pages.last().unwrap();
        let (link, next) = (linked(last), last.json["next"].as_str());
        assert_eq!(link.is_some(), next.is_some(), "Link and next disagree");
        let (Some(link), Some(next)) = (link, next) else { return pages };
        between().await;
        let by_cursor = caller.get(&format!("{first}&cursor={next}")).await.expect(200);
        let by_link = caller.get(&link).await.expect(200);
        assert_eq!(by_link.json, by_cursor.json, "Link and next lead to different pages");
        pages.push(by_link);
    }
}

fn ids(pages: &[Answer]) -> Vec<String> {
    pages.iter().flat_map(|page| page.each("id")).map(str::to_owned).collect()
}

#[test]
fn pages_of_equal_rows_lose_and_double_none() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let all: Vec<usize> = (0..ROWS).collect();
        for some in all.chunks(20) {
            // Four names, in two spellings: most rows are equal to others in every order.
            join_all(some.iter().map(|row| {
                let name = ["twin", "Twin", "other", "last"][row % 4];
                create(&owner, &workspace, json!({ "name": name, "is_public": row % 3 == 0 }))
            }))
            .await;
        }
        // Two instants for all rows.
        let equal = "UPDATE project.projects SET \
                     created_at = timestamptz '2026-01-01 00:00:00.123456Z' + (length(name) - 4) * interval '1 microsecond', \
                     updated_at = timestamptz '2026-02-02 00:00:00.654321Z'";
        lobby.database.execute(equal).await;

        let everything: BTreeSet<String> =
            ids(&read(&owner, "/projects?limit=200", async || {}).await).into_iter().collect();
        assert_eq!(everything.len(), ROWS);
        for sort in SORTS {
            let first = format!("/projects?sort={sort}&limit=50");
            let pages = read(&owner, &first, async || {}).await;
            assert_eq!(pages.iter().map(|page| page.items().len()).collect::<Vec<_>>(), [50, 50, 20], "{sort}");
            let seen = ids(&pages);
            assert_eq!(seen.iter().cloned().collect::<BTreeSet<_>>(), everything, "{sort}");

            let column = sort.trim_start_matches('-');
            let mut marks: Vec<String> = pages
                .iter()
                .flat_map(|page| page.each(column))
                .map(|mark| if column == "name" { mark.to_lowercase() } else { mark.to_owned() })
                .collect();
            if sort.starts_with('-') {
                marks.reverse();
            }
            assert!(marks.is_sorted(), "{sort}");

            // Exactly full pages end without an empty one.
            let pages = read(&owner, &format!("/projects?sort={sort}&limit=40"), async || {}).await;
            assert_eq!(pages.len(), 3, "{sort}");
            assert_eq!(ids(&pages), seen, "{sort}: the order depends on the size of the page");
        }
        let counted = owner.get("/projects?count=true&limit=7&sort=name").await.expect(200);
        assert_eq!((&counted.json["count"], counted.items().len()), (&json!(ROWS), 7));
        let counted = owner.get("/projects?count=true&is_public=true").await.expect(200);
        assert_eq!(counted.json["count"], ROWS / 3);
        assert!(owner.get("/projects").await.expect(200).json.get("count").is_none(), "nobody asked for a count");
        // The filter goes with the link.
        let public = ids(&read(&owner, "/projects?is_public=true&limit=15", async || {}).await);
        assert_eq!(public.len(), ROWS / 3);
    });
}

#[test]
fn rows_that_come_and_go_between_pages_lose_and_double_no_others() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for some in (0..ROWS).collect::<Vec<_>>().chunks(20) {
            join_all(some.iter().map(|row| project(&owner, &workspace, ["even", "odd"][row % 2]))).await;
        }
        for sort in SORTS {
            let before: BTreeSet<String> =
                ids(&read(&owner, "/projects?limit=200", async || {}).await).into_iter().collect();
            let between = async || {
                // Before, among and behind the rows that were read, in every order.
                for name in ["aaa", "even", "odd", "zzz"] {
                    project(&owner, &workspace, name).await;
                }
                // A row that comes and goes: a cursor whose neighbours are gone still leads on.
                let brief = project(&owner, &workspace, "odd").await;
                owner.delete(&format!("/projects/{brief}")).await.expect(204);
            };
            let seen = ids(&read(&owner, &format!("/projects?sort={sort}&limit=50"), between).await);
            let unique: BTreeSet<String> = seen.iter().cloned().collect();
            assert_eq!(unique.len(), seen.len(), "{sort}: a row came twice");
            assert!(before.is_subset(&unique), "{sort}: a row was lost");
        }
    });
}

#[test]
fn the_row_that_a_page_ended_with_may_go() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for _ in 0..10 {
            project(&owner, &workspace, "same").await;
        }
        for sort in ["name", "-created_at"] {
            let all = owner.get(&format!("/projects?sort={sort}")).await.expect(200);
            let first = owner.get(&format!("/projects?sort={sort}&limit=3")).await.expect(200);
            owner.delete(&format!("/projects/{}", first.each("id")[2])).await.expect(204);
            let rest = format!("/projects?sort={sort}&cursor={}", first.text("next"));
            assert_eq!(owner.get(&rest).await.expect(200).each("id"), all.each("id")[3..]);
        }
    });
}
