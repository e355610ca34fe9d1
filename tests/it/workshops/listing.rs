//! Finding workshops.

use chrono::Duration;
use serde_json::json;

use super::{enrol, make, studio, workshop};
use crate::harness::{Client, lobby};

/// The titles that a list shows, in its order.
async fn titles(person: &Client, query: &str) -> Vec<String> {
    let answer = person.get(&format!("/workshops?{query}")).await.expect(200);
    answer.each("title").into_iter().map(str::to_owned).collect()
}

#[test]
fn each_filter_shows_what_it_asks_for_and_nothing_else() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let creator = lobby.member(&admin, &workspace, "creator").await;
        let assistant = lobby.member(&admin, &workspace, "assistant").await;
        let now = lobby.clock.now();
        let over = json!({ "title": "Over", "starts_at": now - Duration::days(2), "ends_at": now - Duration::days(1) });
        let running =
            json!({ "title": "Running", "starts_at": now - Duration::days(2), "ends_at": now + Duration::days(1) });
        workshop(lobby, &admin, &workspace, over).await;
        workshop(lobby, &admin, &workspace, running).await;
        let tomorrow = workshop(lobby, &creator, &workspace, json!({ "title": "Tomorrow" })).await;
        let off = workshop(lobby, &admin, &workspace, json!({ "title": "Off" })).await;
        admin.act(&format!("{off}/cancel")).await.expect(200);
        workshop(lobby, &creator, &workspace, json!({ "title": "Draft", "status": "draft" })).await;
        assistant.act(&format!("{tomorrow}/favorite")).await.expect(201);
        enrol(&admin, &off.replace(&off, &tomorrow), &assistant.user).await;

        assert_eq!(titles(&assistant, "upcoming=true").await, ["Running", "Tomorrow"]);
        assert_eq!(titles(&assistant, "upcoming=false&sort=title").await, ["Off", "Over"]);
        assert_eq!(titles(&assistant, "favorite=true").await, ["Tomorrow"]);
        assert_eq!(titles(&assistant, "favorite=false&sort=title").await, ["Off", "Over", "Running"]);
        assert_eq!(titles(&assistant, "registered=true").await, ["Tomorrow"]);
        assert!(titles(&creator, "favorite=true").await.is_empty(), "favourites are each person's own");
        assert_eq!(titles(&assistant, &format!("creator={}", creator.user)).await, ["Tomorrow"]);
        assert_eq!(titles(&creator, &format!("creator={}&sort=title", creator.user)).await, ["Draft", "Tomorrow"]);
        assert!(titles(&assistant, "creator=nobody.of.this.name").await.is_empty());
        assert_eq!(titles(&assistant, "status=finished").await, ["Over"]);
        assert_eq!(titles(&assistant, "status=published&sort=starts_at").await, ["Running", "Tomorrow"]);
        assert_eq!(titles(&assistant, "status=cancelled").await, ["Off"]);
        assert!(titles(&assistant, "status=draft").await.is_empty());
        assert_eq!(titles(&admin, "status=draft").await, ["Draft"]);
        let counted = assistant.get("/workshops?count=true&limit=1").await.expect(200);
        assert_eq!(counted.json["count"], 4);
        assistant.get("/workshops?upcoming=perhaps").await.faults(&["?upcoming"]);
        assistant.get("/workshops?color=red").await.faults(&["?color"]);
        assistant.delete(&format!("{tomorrow}/favorite")).await.expect(204);
        assistant.delete(&format!("{tomorrow}/favorite")).await.expect(204);
        assert!(titles(&assistant, "favorite=true").await.is_empty());
    });
}

#[test]
fn a_search_finds_mistyped_words_and_the_title_first() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let (stranger, elsewhere) = studio(lobby).await;
        make(lobby, &admin, &workspace, json!({ "title": "Woodwork", "description": "And some pottery" })).await;
        make(lobby, &admin, &workspace, json!({ "title": "Pottery", "location": "Attic" })).await;
        make(lobby, &stranger, &elsewhere, json!({ "title": "Pottery elsewhere" })).await;
        assert_eq!(titles(&admin, "search=pottery").await, ["Pottery", "Woodwork"]);
        assert_eq!(titles(&admin, "search=potery").await[0], "Pottery");
        assert_eq!(titles(&admin, "search=attic+pott").await, ["Pottery"]);
        assert!(titles(&admin, "search=100%25").await.is_empty());
    });
}

#[test]
fn pages_follow_each_other_without_gap_or_double_in_every_order() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        for number in 0..7 {
            // Some alike, so that the id has to decide.
            make(lobby, &admin, &workspace, json!({ "title": format!("Title {}", number / 2) })).await;
        }
        for sort in
            ["-created_at", "created_at", "starts_at", "-starts_at", "title", "-title", "relevance&search=title"]
        {
            let whole = titles(&admin, &format!("sort={sort}")).await;
            let (mut paged, mut seen, mut cursor) = (Vec::new(), std::collections::BTreeSet::new(), String::new());
            loop {
                let page = admin.get(&format!("/workshops?limit=2&sort={sort}{cursor}")).await.expect(200);
                paged.extend(page.each("title").into_iter().map(str::to_owned));
                seen.extend(page.each("id").into_iter().map(str::to_owned));
                let Some(next) = page.json["next"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!((paged, seen.len()), (whole, 7), "{sort}");
        }
    });
}
