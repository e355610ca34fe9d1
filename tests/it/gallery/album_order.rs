//! Albums: their order, their lists, and what these cost.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::Gallery;
use crate::harness::{Client, lobby};

/// An album of these images.
async fn album(gallery: &Gallery, title: &str, images: &[&String]) -> String {
    let body = json!({ "workspace": gallery.workspace, "title": title });
    let id = gallery.player.post("/albums", body).await.expect(201).id();
    if !images.is_empty() {
        gallery.player.post(&format!("/albums/{id}/images"), json!({ "image_ids": images })).await.expect(200);
    }
    id
}

/// All that is listed, page by page.
async fn pages(client: &Client, path: &str, limit: usize) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{path}&limit={limit}{cursor}")).await.expect(200);
        ids.extend(page.each("id").into_iter().map(str::to_owned));
        let Some(next) = page.json["next"].as_str() else { return ids };
        cursor = format!("&cursor={next}");
    }
}

#[test]
fn images_keep_the_order_in_which_they_were_put_and_can_be_moved() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let mut images = Vec::new();
        for _ in 0..5 {
            images.push(gallery.image("approved").await);
        }
        let id = album(&gallery, "Ordered", &[&images[3], &images[0], &images[4]]).await;
        let more = json!({ "image_ids": [images[2], images[1]] });
        gallery.player.post(&format!("/albums/{id}/images"), more).await.expect(200);
        let order = async || {
            let listed = pages(&gallery.company, &format!("/images?album={id}"), 2).await;
            assert_eq!(pages(&gallery.admin, &format!("/images?album={id}"), 200).await, listed);
            listed.iter().map(|id| images.iter().position(|image| image == id).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(order().await, [3, 0, 4, 2, 1]);
        let after = async |image: usize, after: Option<usize>| {
            let path = format!("/albums/{id}/images/{}", images[image]);
            let moved = gallery.player.put(&path, json!({ "after": after.map(|after| &images[after]) })).await;
            assert_eq!(moved.expect(200).json["images"], 5);
        };
        after(1, None).await;
        assert_eq!(order().await, [1, 3, 0, 4, 2]);
        after(3, Some(2)).await;
        assert_eq!(order().await, [1, 0, 4, 2, 3]);
        after(2, Some(1)).await;
        assert_eq!(order().await, [1, 2, 0, 4, 3]);
        after(2, Some(1)).await;
        assert_eq!(order().await, [1, 2, 0, 4, 3], "where it is already");
        // So often into the same gap that there is no room left in it.
        for _ in 0..8 {
            for image in [0, 4, 2] {
                after(image, Some(1)).await;
            }
        }
        assert_eq!(order().await, [1, 2, 4, 0, 3]);

        let sorted = pages(&gallery.admin, &format!("/images?album={id}&sort=created_at"), 2).await;
        assert_eq!(sorted, images);
        let found = pages(&gallery.admin, &format!("/images?album={id}&search=picture"), 2).await;
        assert_eq!(found.len(), 5);
        let path = format!("/albums/{id}/images/{}", images[0]);
        let hidden = gallery.image("approved").await;
        for body in [json!({ "after": images[0] }), json!({ "after": hidden })] {
            gallery.player.put(&path, body).await.faults(&["/after"]);
        }
        gallery.player.put(&path, json!({})).await.faults(&["/after"]);
        let other = format!("/albums/{id}/images/{hidden}");
        gallery.player.put(&other, json!({ "after": null })).await.problem(404, "not_found");
        gallery.admin.get("/images?sort=place").await.faults(&["?sort"]);
        gallery.admin.get("/images?album=x").await.faults(&["?album"]);
        let empty = album(&gallery, "Empty", &[]).await;
        let list = gallery.company.get(&format!("/images?album={empty}&count=true")).await.expect(200);
        assert_eq!((list.items().len(), &list.json["count"]), (0, &json!(0)));
    });
}

#[test]
fn of_many_who_move_images_at_once_none_is_lost_or_doubled() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let mut images = Vec::new();
        for _ in 0..6 {
            images.push(gallery.image("approved").await);
        }
        let all: Vec<&String> = images.iter().collect();
        let id = album(&gallery, "Raced", &all).await;
        let moves = (0..48).map(|n: usize| {
            let (image, after) = (&images[n % 6], &images[(n * 5 + 1) % 6]);
            let body = if image == after { json!({ "after": null }) } else { json!({ "after": after }) };
            let path = format!("/albums/{id}/images/{image}");
            let gallery = &gallery;
            async move { gallery.player.put(&path, body).await.expect(200) }
        });
        join_all(moves).await;
        let mut listed = pages(&gallery.company, &format!("/images?album={id}"), 4).await;
        listed.sort();
        images.sort();
        assert_eq!(listed, images);
        let places = "SELECT count(DISTINCT place) FROM gallery.album_images";
        assert_eq!(lobby.database.number(places).await, 6);
        let version = gallery.admin.get(&format!("/albums/{id}")).await.expect(200).json["version"].clone();
        assert_eq!(version, 1 + 1 + 48);
    });
}

#[test]
fn albums_are_sorted_searched_and_cut_into_pages() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let mut ids = Vec::new();
        for (number, title) in ["beta", "Alpha", "alpha 100%", "Gamma", "beta"].into_iter().enumerate() {
            if number % 2 == 0 {
                lobby.clock.advance(chrono::Duration::seconds(1));
            }
            ids.push(album(&gallery, title, &[]).await);
        }
        let described = json!({ "description": "Roofs of the OLD town" });
        gallery.player.patch(&format!("/albums/{}", ids[3]), described).await.expect(200);
        let numbers = async |query: &str, limit: usize| {
            let listed = pages(&gallery.company, &format!("/albums?{query}"), limit).await;
            listed.iter().map(|id| ids.iter().position(|known| known == id).unwrap()).collect::<Vec<_>>()
        };
        for limit in [1, 2, 200] {
            assert_eq!(numbers("sort=created_at", limit).await, [0, 1, 2, 3, 4]);
            assert_eq!(numbers("", limit).await, [4, 3, 2, 1, 0]);
            assert_eq!(numbers("sort=title", limit).await, [1, 2, 0, 4, 3]);
            assert_eq!(numbers("sort=-title", limit).await, [3, 4, 0, 2, 1]);
            assert_eq!(numbers("sort=title&search=ALPHA", limit).await, [1, 2]);
        }
        assert_eq!(numbers("search=town%20gam", 50).await, [3]);
        assert_eq!(numbers("search=0%25", 50).await, [2]);
        for query in ["search=_", "search=b%25a", "search=delta"] {
            assert_eq!(numbers(query, 50).await, [0_usize; 0], "{query}");
        }
        let (_, elsewhere) = lobby.workspace("gallery").await;
        gallery.company.get(&format!("/albums?workspace={elsewhere}")).await.problem(404, "not_found");
        gallery.company.get("/albums?sort=images").await.faults(&["?sort"]);
        gallery.company.get(&format!("/albums?search={}", "x".repeat(201))).await.faults(&["?search"]);
    });
}

#[test]
fn an_album_its_list_and_its_images_cost_one_statement_each_with_any_role() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let (open, hidden) = (gallery.image("approved").await, gallery.image("draft").await);
        let id = album(&gallery, "Counted", &[&open, &hidden]).await;
        let empty = album(&gallery, "Empty", &[]).await;
        let inward = gallery.member_who(lobby, "inward", json!({ "can_view_images": "own" })).await;
        let statements = lobby.statements().await;
        for caller in [&gallery.admin, &gallery.player, &gallery.company, &inward] {
            for path in [
                format!("/albums/{id}"),
                "/albums".to_owned(),
                format!("/images?album={id}"),
                format!("/images?album={empty}"),
                format!("/images?album={}", uuid::Uuid::now_v7()),
                "/images?search=picturs".to_owned(),
                format!("/images?album={id}&search=picture&sort=created_at"),
            ] {
                let (answer, seen) = statements.settled(1, async || caller.get(&path).await).await;
                let status = answer.status.as_u16();
                assert!(matches!(status, 200 | 404), "GET {path} answered {status}");
                assert_eq!(seen.len(), 1, "GET {path} sent {seen:#?}");
            }
        }
        assert_ne!(gallery.admin.get(&format!("/albums/{id}")).await.json["images"], Value::Null);
    });
}
