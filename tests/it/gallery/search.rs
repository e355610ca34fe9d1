//! Searching images: by words that may be mistyped, what fits best first, and never by what the caller may not know.

use reqwest::multipart::Form;
use serde_json::json;

use super::{Gallery, file, pictures, post_form};
use crate::harness::{Client, lobby};

async fn described(gallery: &Gallery, description: &str, tags: &str) -> String {
    let form = Form::new()
        .text("workspace", gallery.workspace.clone())
        .text("description", description.to_owned())
        .text("tags", tags.to_owned())
        .part("file", file(pictures::fresh(), "holiday-secret.png"));
    post_form(&gallery.player, "", form).await.expect(201).id()
}

async fn found(client: &Client, query: &str) -> Vec<String> {
    let list = client.get(&format!("/images?{query}")).await.expect(200);
    list.each("id").into_iter().map(str::to_owned).collect()
}

#[test]
fn what_fits_best_comes_first() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let inside = described(&gallery, "A motorboat in the rain", "").await;
        let alike = described(&gallery, "The bolt of a door", "").await;
        let beginning = described(&gallery, "Three boats", "").await;
        let tagged = described(&gallery, "On the water", "boat, lake").await;
        let other = described(&gallery, "Mountains", "snow").await;
        assert_eq!(found(&gallery.admin, "search=Boat").await[..3], [&*tagged, &*beginning, &*inside]);
        let all = found(&gallery.admin, "search=boat").await;
        assert!(!all.contains(&other), "{all:?}");
        assert!(all.get(3).is_none_or(|last| *last == alike));
        assert_eq!(found(&gallery.admin, "search=boat&sort=created_at").await[0], inside);
        assert_eq!(found(&gallery.admin, "search=lake%20water").await, [tagged.as_str()], "every word is to be had");
        assert_eq!(found(&gallery.admin, "search=lake%20snow").await, [""; 0]);
        assert_eq!(found(&gallery.admin, "search=").await.len(), 5, "a search for nothing is none");
        assert_eq!(found(&gallery.admin, "search=boat&tag=lake").await, [tagged.as_str()]);

        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = gallery.admin.get(&format!("/images?search=boat&limit=1{cursor}")).await.expect(200);
            ids.extend(page.each("id").into_iter().map(str::to_owned));
            let Some(next) = page.json["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(ids, all, "page by page");
        let counted = gallery.admin.get("/images?search=boat&count=true").await.expect(200);
        assert_eq!(counted.json["count"], all.len());
        let words = "a%20b%20c%20d%20e%20f%20g%20h%20i%20j%20k";
        for query in [format!("search={}", "x".repeat(201)), format!("search={words}")] {
            gallery.admin.get(&format!("/images?{query}")).await.faults(&["?search"]);
        }
    });
}

#[test]
fn a_word_that_is_mistyped_is_found_all_the_same() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let sunset = described(&gallery, "Sunset above Zürich", "panorama, evening").await;
        described(&gallery, "Breakfast", "table").await;
        for query in ["sunste", "sunet", "sunnset", "Panorma", "evenning", "z%C3%BCrihc", "PANORAMA%20sunst"] {
            assert_eq!(found(&gallery.admin, &format!("search={query}")).await, [sunset.as_str()], "{query}");
        }
        // Short words and numbers are meant as they are written.
        for query in ["sxn", "2x25", "panorama%20breakfast"] {
            assert_eq!(found(&gallery.admin, &format!("search={query}")).await, [""; 0], "{query}");
        }
    });
}

#[test]
fn a_search_never_finds_what_is_not_to_be_known() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = described(&gallery, "Prototype", "launch").await;
        for client in [&gallery.admin, &gallery.player, &gallery.company] {
            assert_eq!(found(client, "search=holiday-secret").await, [""; 0], "names of files are not searched");
        }
        for query in ["search=prototype", "search=prototpye", "search=launch", "search=launch&count=true"] {
            assert_eq!(found(&gallery.company, query).await, [""; 0], "{query}");
            assert_eq!(found(&gallery.player, query).await, [id.as_str()], "{query}");
        }
        gallery.bring(&id, "approved").await;
        assert_eq!(found(&gallery.company, "search=prototpye").await, [id.as_str()]);
        let (stranger, _) = lobby.workspace("gallery").await;
        assert_eq!(found(&stranger, "search=prototype").await, [""; 0]);
        let user = kernel::ids::UserId(stranger.user.parse().unwrap());
        lobby.services().provision().ensure_platform_admin(user).await.unwrap();
        assert_eq!(
            found(&stranger, "search=prototype").await,
            [id.as_str()],
            "the platform's administrator looks everywhere"
        );
        gallery.player.patch(&format!("/images/{id}"), json!({ "description": "Renamed" })).await.expect(200);
        assert_eq!(found(&gallery.company, "search=prototype").await, [""; 0]);
        assert_eq!(found(&gallery.company, "search=renamde").await, [id.as_str()]);
        gallery.admin.delete(&format!("/images/{id}")).await.expect(204);
        assert_eq!(found(&gallery.admin, "search=renamed").await, [""; 0]);
    });
}
