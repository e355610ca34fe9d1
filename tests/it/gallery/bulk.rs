//! The same done to many images: each by itself, guarded as alone.

use futures_util::future::join;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Gallery, IMAGES, pictures};
use crate::harness::{Answer, Client, lobby};

fn outcomes(answer: &Answer) -> Vec<(u64, Option<&str>)> {
    let results = answer.json["results"].as_array().unwrap();
    results.iter().map(|one| (one["status"].as_u64().unwrap(), one["code"].as_str())).collect()
}

async fn delete_all(client: &Client, ids: &[&str]) -> Answer {
    client.call(Method::DELETE, "/images", Some(&json!({ "ids": ids }))).await
}

#[test]
fn each_image_is_decided_about_as_alone() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let Gallery { admin, player, company, .. } = &gallery;
        let (elsewhere, other) = lobby.workspace("gallery").await;
        let foreign = elsewhere.upload(&other, pictures::fresh(), "foreign").await.expect(201).id();
        let (draft, waiting) = (gallery.image("draft").await, gallery.image("pending").await);
        let approved = gallery.image("approved").await;
        let held = gallery.image("pending").await;
        admin.act(&format!("/images/{held}/approval/claim")).await.expect(201);
        let ids = [&*draft, &*waiting, &*foreign, &*approved, &*held];
        let body = json!({ "ids": ids, "decision": "approved" });
        let done = player.put("/approvals", body.clone()).await.expect(200);
        let each: Vec<&str> =
            done.json["results"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert_eq!(each, ids, "in the order asked");
        let (wrong, none, claimed) = (Some("wrong_state"), Some("not_found"), Some("claimed"));
        assert_eq!(outcomes(&done), [(409, wrong), (200, None), (404, none), (409, wrong), (409, claimed)]);
        let refused = company.put("/approvals", body).await.expect(200);
        let denied = Some("permission_denied");
        assert_eq!(outcomes(&refused), [(404, none), (403, denied), (404, none), (403, denied), (404, none)]);

        let edit = json!({ "ids": ids, "description": "all of them", "tags": ["Sea", "sun"] });
        let edited = player.call(Method::PATCH, "/images", Some(&edit)).await.expect(200);
        assert_eq!(outcomes(&edited), [(200, None), (200, None), (404, none), (200, None), (200, None)]);
        for id in [&draft, &waiting, &approved, &held] {
            let image = player.get(&format!("/images/{id}")).await.expect(200);
            assert_eq!(
                (image.text("description"), &image.json["tags"]),
                ("all of them".into(), &json!(["sea", "sun"]))
            );
        }
        assert_eq!(elsewhere.get(&format!("/images/{foreign}")).await.expect(200).text("description"), "foreign");
        let refused = company.call(Method::PATCH, "/images", Some(&edit)).await.expect(200);
        assert_eq!(outcomes(&refused).iter().filter(|(status, _)| *status == 200).count(), 0);

        let gone = delete_all(player, &ids).await.expect(200);
        assert_eq!(outcomes(&gone), [(204, None), (204, None), (404, none), (204, None), (204, None)]);
        assert_eq!(player.get("/trash").await.expect(200).items().len(), 4);
    });
}

#[test]
fn a_bulk_request_names_1_to_500_images_once_each() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        let many: Vec<String> = (0..501).map(|_| uuid::Uuid::now_v7().to_string()).collect();
        let wrong = [json!([]), json!(many), json!([id, id])];
        for ids in wrong {
            gallery.player.call(Method::DELETE, "/images", Some(&json!({ "ids": ids }))).await.faults(&["/ids"]);
        }
        gallery.player.call(Method::DELETE, "/images", Some(&json!({ "ids": ["x"] }))).await.expect(422);
        let long = json!({ "ids": [id], "description": "x".repeat(2001) });
        gallery.player.call(Method::PATCH, "/images", Some(&long)).await.faults(&["/description"]);
        let body = json!({ "ids": [id], "decision": "rejected" });
        assert_eq!(
            outcomes(&gallery.admin.put("/approvals", body).await.expect(200)),
            [(422, Some("validation_failed"))]
        );
        let ids: Vec<&str> = many[..500].iter().map(String::as_str).collect();
        let none = delete_all(&gallery.player, &ids).await.expect(200);
        assert!(outcomes(&none).iter().all(|one| *one == (404, Some("not_found"))));
        assert_eq!(none.json["results"].as_array().unwrap().len(), 500);
        lobby.anonymous().call(Method::DELETE, "/images", Some(&Value::Null)).await.problem(401, "unauthenticated");
    });
}

#[test]
fn a_bulk_request_costs_as_many_statements_for_many_images_as_for_two() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let mut ids = Vec::new();
        for _ in 0..14 {
            ids.push(gallery.image("pending").await);
        }
        let statements = lobby.statements().await;
        let mut costs = Vec::new();
        for some in [&ids[..2], &ids[2..]] {
            let edit = json!({ "ids": some, "description": "all", "tags": ["one"] });
            let decision = json!({ "ids": some, "decision": "approved", "reason_code": "fine" });
            let all: Vec<&str> = some.iter().map(String::as_str).collect();
            let (edited, first) = statements.during(gallery.player.call(Method::PATCH, "/images", Some(&edit))).await;
            let (decided, second) = statements.during(gallery.player.put("/approvals", decision)).await;
            let (gone, third) = statements.during(delete_all(&gallery.player, &all)).await;
            for (answer, status) in [(edited, 200), (decided, 200), (gone, 204)] {
                assert_eq!(outcomes(&answer.expect(200)), vec![(status, None); some.len()]);
            }
            let ours = |seen: Vec<String>| seen.iter().filter(|one| one.contains("gallery")).count();
            costs.push([ours(first), ours(second), ours(third)]);
        }
        assert_eq!(costs[0], costs[1]);
        assert!(costs[0].iter().all(|cost| *cost < 10), "{costs:?}");
        let told =
            "SELECT count(*) FROM gallery.outbox WHERE action IN ('image.updated', 'image.approved', 'image.deleted')";
        assert_eq!(lobby.database.number(told).await, 3 * 14);
        let history =
            "SELECT count(*) FROM gallery.approval_events WHERE to_status = 'approved' AND reason_code = 'fine'";
        assert_eq!(lobby.database.number(history).await, 14);
    });
}

#[test]
fn bulk_requests_of_the_same_images_in_other_orders_end_and_leave_each_as_one_of_them_says() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let mut ids = Vec::new();
        for _ in 0..6 {
            ids.push(gallery.image("approved").await);
        }
        let edits = (0..24).map(|n: usize| {
            let mut some = ids.clone();
            some.rotate_left(n % 6);
            if n.is_multiple_of(2) {
                some.reverse();
            }
            let body = json!({ "ids": some, "description": format!("edit {n}"), "tags": [format!("tag {n}")] });
            let player = &gallery.player;
            async move { player.call(Method::PATCH, "/images", Some(&body)).await.expect(200) }
        });
        let renames = (0..8).map(|n| {
            let body = json!({ "from": [format!("tag {n}")], "to": "renamed" });
            let admin = &gallery.admin;
            async move { admin.post("/tags/rename", body).await.expect(200) }
        });
        let both = join(futures_util::future::join_all(edits), futures_util::future::join_all(renames)).await;
        for answer in &both.0 {
            assert_eq!(outcomes(answer), [(200, None); 6]);
        }
        let told = "SELECT count(*) FROM gallery.outbox WHERE action = 'image.updated'";
        assert_eq!(lobby.database.number(told).await, 24 * 6);
        let same = "SELECT count(DISTINCT description) FROM gallery.images";
        assert_eq!(lobby.database.number(same).await, 1, "whoever came last, came last everywhere");
    });
}

#[test]
fn a_version_that_is_asked_for_is_held_against_each_image() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let (draft, approved) = (gallery.image("draft").await, gallery.image("approved").await);
        let body = json!({ "ids": [draft, approved], "description": "changed" });
        let request = gallery.player.request(Method::PATCH, "/images").header("if-match", "\"1\"").json(&body);
        let answer = gallery.player.send(request).await.expect(200);
        assert_eq!(outcomes(&answer), [(200, None), (412, Some("precondition_failed"))]);
    });
}

#[test]
fn of_a_bulk_deletion_and_single_ones_at_once_each_image_goes_once() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        for round in 1..=4 {
            let mut ids = Vec::new();
            for _ in 0..5 {
                ids.push(gallery.image("approved").await);
            }
            let all: Vec<&str> = ids.iter().map(String::as_str).collect();
            let paths: Vec<String> = ids.iter().rev().map(|id| format!("/images/{id}")).collect();
            let singly = futures_util::future::join_all(paths.iter().map(|path| gallery.admin.delete(path)));
            let (bulk, singly) = join(delete_all(&gallery.player, &all), singly).await;
            let together = outcomes(&bulk.expect(200)).iter().filter(|(status, _)| *status == 204).count();
            let alone = singly.iter().filter(|answer| answer.status == 204).count();
            assert_eq!(together + alone, 5);
            let told = "SELECT count(*) FROM gallery.outbox WHERE action = 'image.deleted'";
            assert_eq!(lobby.database.number(told).await, 5 * round);
            assert_eq!(lobby.database.number(IMAGES).await, 5 * round);
        }
    });
}

#[test]
fn tags_are_renamed_and_made_into_one_on_all_images() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let tagged = async |tags: Value, state: &str| {
            let id = gallery.image(state).await;
            gallery.player.patch(&format!("/images/{id}"), json!({ "tags": tags })).await.expect(200);
            id
        };
        let first = tagged(json!(["sea", "ocean", "sun"]), "approved").await;
        let second = tagged(json!(["b", "ocean"]), "approved").await;
        let draft = tagged(json!(["secret", "sea"]), "draft").await;
        let shown = async |client: &Client| {
            let list = client.get("/tags").await.expect(200);
            let row = |item: &Value| (item["tag"].as_str().unwrap().to_owned(), item["images"].as_u64().unwrap());
            list.items().iter().map(row).collect::<Vec<_>>()
        };
        let told = |rows: &[(&str, u64)]| rows.iter().map(|(tag, n)| ((*tag).to_owned(), *n)).collect::<Vec<_>>();
        assert_eq!(shown(&gallery.company).await, told(&[("b", 1), ("ocean", 2), ("sea", 1), ("sun", 1)]));
        assert_eq!(
            shown(&gallery.player).await,
            told(&[("b", 1), ("ocean", 2), ("sea", 2), ("secret", 1), ("sun", 1)])
        );
        let page = gallery.company.get("/tags?limit=3").await.expect(200);
        let rest = gallery.company.get(&format!("/tags?limit=3&cursor={}", page.text("next"))).await.expect(200);
        assert_eq!(rest.each("tag"), ["sun"]);

        let rename = async |body: Value| gallery.player.post("/tags/rename", body).await;
        let merged = rename(json!({ "from": ["Ocean", "sea"], "to": " Water " })).await.expect(200);
        assert_eq!(merged.json["images"], 3);
        let tags = async |id: &str| gallery.player.get(&format!("/images/{id}")).await.expect(200).json["tags"].clone();
        assert_eq!(tags(&first).await, json!(["water", "sun"]));
        assert_eq!(tags(&second).await, json!(["b", "water"]));
        assert_eq!(tags(&draft).await, json!(["secret", "water"]));
        assert_eq!(rename(json!({ "from": ["water"], "to": null })).await.expect(200).json["images"], 3);
        assert_eq!(tags(&first).await, json!(["sun"]));
        assert_eq!(rename(json!({ "from": ["unknown"], "to": "b" })).await.expect(200).json["images"], 0);
        rename(json!({ "from": [], "to": "b" })).await.faults(&["/from"]);
        rename(json!({ "from": ["b"], "to": "a,b" })).await.faults(&["/to"]);
        gallery
            .company
            .post("/tags/rename", json!({ "from": ["b"], "to": "c" }))
            .await
            .problem(403, "permission_denied");

        let (elsewhere, other) = lobby.workspace("gallery").await;
        let body = json!({ "workspace": gallery.workspace, "from": ["b"], "to": "c" });
        elsewhere.post("/tags/rename", body).await.problem(404, "not_found");
        let body = json!({ "workspace": other, "from": ["b"], "to": "c" });
        assert_eq!(elsewhere.post("/tags/rename", body).await.expect(200).json["images"], 0);
        assert_eq!(tags(&second).await, json!(["b"]));
    });
}
