//! Albums: who makes and sees them, and that they tell of no image that their reader may not see.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Gallery, asking, withdraw};
use crate::harness::{Answer, Client, Lobby, lobby};

const HELD: &str = "SELECT count(*) FROM gallery.album_images";

async fn made(client: &Client, workspace: &str, title: &str) -> String {
    client.post("/albums", json!({ "workspace": workspace, "title": title })).await.expect(201).id()
}

async fn fill(client: &Client, album: &str, images: &[&str]) -> Answer {
    client.post(&format!("/albums/{album}/images"), json!({ "image_ids": images })).await
}

async fn take_out(client: &Client, album: &str, images: &[&str]) -> Answer {
    client.call(Method::DELETE, &format!("/albums/{album}/images"), Some(&json!({ "image_ids": images }))).await
}

fn outcomes(answer: &Answer) -> Vec<(u64, Option<&str>)> {
    let results = answer.json["results"].as_array().unwrap().iter();
    results.map(|result| (result["status"].as_u64().unwrap(), result["code"].as_str())).collect()
}

/// What is listed of an album.
async fn shown(client: &Client, album: &str) -> Vec<String> {
    let list = client.get(&format!("/images?album={album}")).await.expect(200);
    list.each("id").into_iter().map(str::to_owned).collect()
}

async fn told(lobby: &Lobby, action: &str) -> i64 {
    lobby.database.number(&format!("SELECT count(*) FROM gallery.outbox WHERE action = '{action}'")).await
}

#[test]
fn an_album_is_made_read_changed_and_deleted() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let body = json!({ "workspace": gallery.workspace, "title": " Summer ", "description": "At the lake" });
        let first = gallery.player.post("/albums", body).await.expect(201);
        let path = format!("/albums/{}", first.id());
        assert_eq!(first.header("location"), format!("/api/v1{path}"));
        assert_eq!((first.header("etag"), &first.json["title"]), ("\"1\"", &json!("Summer")));
        assert_eq!((&first.json["images"], &first.json["cover"]), (&json!(0), &Value::Null));
        let read = gallery.company.get(&path).await.expect(200);
        assert_eq!((&read.json, read.header("etag")), (&first.json, "\"1\""));

        let changed = gallery.admin.patch(&path, json!({ "title": "Autumn" })).await.expect(200);
        assert_eq!((changed.header("etag"), changed.text("description")), ("\"2\"", "At the lake".to_owned()));
        let same = gallery.admin.patch(&path, json!({ "title": "Autumn" })).await.expect(200);
        assert_eq!((same.header("etag"), told(lobby, "album.updated").await), ("\"2\"", 1));
        let replaced = gallery.player.put(&path, json!({ "title": "Winter" })).await.expect(200);
        assert_eq!((replaced.text("title"), replaced.text("description")), ("Winter".to_owned(), String::new()));
        for (body, pointer) in [
            (json!({ "title": " " }), "/title"),
            (json!({ "title": "x".repeat(201) }), "/title"),
            (json!({ "title": null }), "/title"),
            (json!({ "description": "x".repeat(2001) }), "/description"),
            (json!({ "cover_image_id": uuid::Uuid::now_v7() }), "/cover_image_id"),
        ] {
            gallery.admin.patch(&path, body).await.faults(&[pointer]);
        }
        let stale = [("if-match", "\"2\"")];
        asking(&gallery.admin, Method::DELETE, &path, &stale).await.problem(412, "precondition_failed");
        asking(&gallery.admin, Method::DELETE, &path, &[("if-match", "\"3\"")]).await.expect(204);
        gallery.admin.get(&path).await.problem(404, "not_found");
        gallery.admin.get("/albums/nothing").await.problem(404, "not_found");
        assert_eq!((told(lobby, "album.created").await, told(lobby, "album.deleted").await), (1, 1));
    });
}

#[test]
fn who_may_edit_images_makes_albums_and_who_may_edit_their_own_changes_their_own() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let workspace = &gallery.workspace;
        let grants = json!({ "can_view_images": true, "can_upload_images": true, "can_edit_images": "own" });
        let (keeper, other) = (
            gallery.member_who(lobby, "keeper", grants.clone()).await,
            gallery.member_who(lobby, "other", grants).await,
        );
        let album = made(&keeper, workspace, "Mine").await;
        let image = gallery.image("approved").await;
        assert_eq!(outcomes(&fill(&keeper, &album, &[&image]).await.expect(200)), [(201, None)]);
        let path = format!("/albums/{album}");
        for (client, status) in [(&other, 403), (&gallery.company, 403)] {
            client.patch(&path, json!({ "title": "Theirs" })).await.expect(status);
            fill(client, &album, &[&image]).await.expect(status);
            client.delete(&path).await.expect(status);
            assert_eq!(client.get(&path).await.expect(200).json["images"], 1);
        }
        gallery.company.post("/albums", json!({ "workspace": workspace, "title": "No" })).await.expect(403);
        gallery.admin.patch(&path, json!({ "title": "Everybody's" })).await.expect(200);

        // Who looks at their own images only knows of their own albums only.
        let inward = json!({ "can_view_images": "own", "can_edit_images": "own" });
        let inward = gallery.member_who(lobby, "inward", inward).await;
        inward.get(&path).await.problem(404, "not_found");
        let own = made(&inward, workspace, "Inward").await;
        assert_eq!(inward.get("/albums").await.expect(200).each("id"), [own.as_str()]);
        assert_eq!(outcomes(&fill(&inward, &own, &[&image]).await.expect(200)), [(404, Some("not_found"))]);

        // Nor does anybody of another workspace.
        let (stranger, elsewhere) = lobby.workspace("gallery").await;
        let theirs = made(&stranger, &elsewhere, "Theirs").await;
        for path in [path.clone(), format!("/images?album={album}"), format!("/albums?workspace={workspace}")] {
            stranger.get(&path).await.problem(404, "not_found");
        }
        fill(&stranger, &album, &[&image]).await.problem(404, "not_found");
        assert_eq!(outcomes(&fill(&stranger, &theirs, &[&image]).await.expect(200)), [(404, Some("not_found"))]);
        gallery.admin.get(&format!("/images?album={theirs}")).await.problem(404, "not_found");
        assert_eq!(lobby.database.number(HELD).await, 1);
    });
}

#[test]
fn an_album_counts_and_shows_only_what_its_reader_may_see() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let album = made(&gallery.player, &gallery.workspace, "Both").await;
        let (open, hidden) = (gallery.image("approved").await, gallery.image("pending").await);
        fill(&gallery.player, &album, &[&hidden, &open]).await.expect(200);
        let path = format!("/albums/{album}");
        let version = gallery.player.patch(&path, json!({ "cover_image_id": hidden })).await.expect(200);
        assert_eq!(version.json["cover"]["image_id"], json!(hidden));
        let counted = async |client: &Client| {
            let one = client.get(&path).await.expect(200);
            let list = client.get("/albums?count=true").await.expect(200);
            assert_eq!((&list.items()[0], &list.json["count"]), (&one.json, &json!(1)), "the list says the same");
            let shown = shown(client, &album).await;
            assert_eq!(one.json["images"], shown.len(), "what is counted is what is listed");
            let links = one.json["cover"]["links"]["content"].as_str();
            let cover = one.json["cover"]["image_id"].as_str().map(str::to_owned);
            assert_eq!(links.map(str::to_owned), cover.as_ref().map(|id| format!("/api/v1/images/{id}/content")));
            (shown, cover)
        };
        let all = vec![hidden.clone(), open.clone()];
        assert_eq!(counted(&gallery.admin).await, (all.clone(), Some(hidden.clone())));
        assert_eq!(counted(&gallery.player).await, (all, Some(hidden.clone())));
        assert_eq!(counted(&gallery.company).await, (vec![open.clone()], None));
        assert!(!String::from_utf8_lossy(&gallery.company.get(&path).await.bytes).contains(&hidden));

        // What becomes of an image is seen at once, whatever tag the client has of the album.
        let known = gallery.company.get(&path).await.expect(200);
        withdraw(&gallery.admin, &open).await.expect(204);
        let again = asking(&gallery.company, Method::GET, &path, &[("if-none-match", known.header("etag"))]).await;
        assert_eq!(again.expect(200).json["images"], 0);

        // In the trash it is in no album; out of it, it is where it was, and still the cover.
        gallery.admin.delete(&format!("/images/{hidden}")).await.expect(204);
        assert_eq!(counted(&gallery.admin).await, (vec![open.clone()], None));
        assert_eq!(
            outcomes(&take_out(&gallery.admin, &album, &[&hidden]).await.expect(200)),
            [(404, Some("not_found"))]
        );
        gallery.admin.act(&format!("/images/{hidden}/restore")).await.expect(200);
        assert_eq!(counted(&gallery.admin).await, (vec![hidden.clone(), open.clone()], Some(hidden.clone())));
        gallery.admin.delete(&format!("/images/{hidden}")).await.expect(204);
        assert_eq!((super::empty_trash(lobby).await, lobby.database.number(HELD).await), (1, 1));
    });
}

#[test]
fn of_images_that_are_put_in_and_taken_out_each_is_answered_for_by_itself() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let (one, two) = (
            made(&gallery.player, &gallery.workspace, "One").await,
            made(&gallery.admin, &gallery.workspace, "Two").await,
        );
        let (first, second, third) =
            (gallery.image("approved").await, gallery.image("draft").await, gallery.image("approved").await);
        let photo = gallery.image("approved").await;
        let workshop = format!(
            "UPDATE gallery.images SET workshop_id = id, part = 'attendee', steward_id = uploader_id, decided_at = NULL \
             WHERE id = '{photo}'"
        );
        lobby.database.execute(&workshop).await;
        gallery.admin.delete(&format!("/images/{third}")).await.expect(204);
        let nothing = uuid::Uuid::now_v7().to_string();
        let path = format!("/albums/{one}/images");
        let body = json!({ "image_ids": [second, nothing, photo, third, first] });
        let added = gallery.player.post_once(&path, "once", &body).await.expect(200);
        let expected = [
            (201, None),
            (404, Some("not_found")),
            (409, Some("photo_of_workshop")),
            (404, Some("not_found")),
            (201, None),
        ];
        assert_eq!(outcomes(&added), expected);
        assert_eq!(gallery.player.post_once(&path, "once", &body).await.expect(200).json, added.json, "repeated");
        assert_eq!(outcomes(&fill(&gallery.player, &one, &[&first]).await.expect(200)), [(200, None)]);
        assert_eq!(gallery.player.get(&format!("/albums/{one}")).await.expect(200).header("etag"), "\"2\"");
        assert_eq!(told(lobby, "album.images_added").await, 1);
        fill(&gallery.player, &two, &[&first]).await.expect(200);
        assert_eq!(shown(&gallery.admin, &one).await, [second.as_str(), first.as_str()]);
        assert_eq!(shown(&gallery.admin, &two).await, [first.as_str()], "an image may be in several");

        let stale = gallery.admin.request(Method::POST, &path).header("if-match", "\"1\"").json(&body);
        gallery.admin.send(stale).await.problem(412, "precondition_failed");
        let gone = take_out(&gallery.admin, &one, &[&first, &nothing]).await.expect(200);
        assert_eq!(outcomes(&gone), [(204, None), (404, Some("not_found"))]);
        gallery.admin.delete(&format!("/albums/{one}/images/{second}")).await.expect(204);
        for path in [format!("/albums/{one}/images/{second}"), format!("/albums/{one}/images/x")] {
            gallery.admin.delete(&path).await.problem(404, "not_found");
        }
        assert_eq!(told(lobby, "album.images_removed").await, 2);
        gallery.admin.delete(&format!("/albums/{two}")).await.expect(204);
        gallery.admin.get(&format!("/images/{first}")).await.expect(200);
        assert_eq!(lobby.database.number(HELD).await, 0);

        let many: Vec<String> = (0..501).map(|_| uuid::Uuid::now_v7().to_string()).collect();
        let doubled = json!({ "image_ids": [first, first] });
        for body in [json!({ "image_ids": many }), json!({ "image_ids": [] }), doubled] {
            gallery.admin.post(&path, body.clone()).await.faults(&["/image_ids"]);
            gallery.admin.call(Method::DELETE, &path, Some(&body)).await.faults(&["/image_ids"]);
        }
    });
}

#[test]
fn of_many_who_make_the_last_albums_or_put_in_the_last_images_no_two_do() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let workspace = &gallery.workspace;
        let album = made(&gallery.admin, workspace, "Full").await;
        let others = format!(
            "INSERT INTO gallery.albums (id, workspace_id, creator_id, title, description, created_at, updated_at) \
             SELECT gen_random_uuid(), '{workspace}', '{}', 'Other', '', now(), now() FROM generate_series(1, 995)",
            gallery.admin.user
        );
        lobby.database.execute(&others).await;
        let body = json!({ "workspace": workspace, "title": "Last" });
        let answers = join_all((0..16).map(|_| gallery.player.post("/albums", body.clone()))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 4);
        for refused in answers.into_iter().filter(|answer| answer.status != 201) {
            assert_eq!(refused.problem(409, "too_many_albums").json["limit"], 1000);
        }
        let (_, elsewhere) = lobby.workspace("gallery").await;
        assert_eq!(
            lobby
                .database
                .number(&format!("SELECT count(*) FROM gallery.albums WHERE workspace_id = '{elsewhere}'"))
                .await,
            0
        );

        // 997 rows whose images nobody needs to have.
        let sql = format!(
            "SET session_replication_role = replica; INSERT INTO gallery.album_images \
             SELECT '{workspace}', '{album}', gen_random_uuid(), n, false, '{}', now() FROM generate_series(1, 997) n; \
             SET session_replication_role = origin",
            gallery.admin.user
        );
        lobby.database.execute(&sql).await;
        let mut images = Vec::new();
        for _ in 0..6 {
            images.push(gallery.image("approved").await);
        }
        let fills = join_all(images.iter().map(|image| async { fill(&gallery.player, &album, &[image]).await })).await;
        let all: Vec<_> = fills.iter().flat_map(outcomes).collect();
        assert_eq!(all.iter().filter(|outcome| **outcome == (201, None)).count(), 3);
        assert_eq!(all.iter().filter(|outcome| **outcome == (409, Some("album_full"))).count(), 3);
        assert_eq!(lobby.database.number(HELD).await, 1000);
        let four: Vec<&str> = images.iter().map(String::as_str).collect();
        let full = fill(&gallery.player, &album, &four).await.expect(200);
        assert_eq!(outcomes(&full).iter().filter(|(status, _)| *status == 200).count(), 3, "those that are in stay in");
    });
}

#[test]
fn of_many_who_put_the_same_image_in_and_take_it_out_each_change_counts_once() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let album = made(&gallery.admin, &gallery.workspace, "Raced").await;
        let image = gallery.image("approved").await;
        for round in 1..=3 {
            let one = [image.as_str()];
            let put = join_all((0..12).map(|_| fill(&gallery.player, &album, &one))).await;
            let put: Vec<_> = put.iter().flat_map(outcomes).collect();
            assert_eq!(put.iter().filter(|(status, _)| *status == 201).count(), 1, "{put:?}");
            assert_eq!(put.iter().filter(|(status, _)| *status == 200).count(), 11, "{put:?}");
            let path = format!("/albums/{album}/images/{image}");
            let gone = join_all((0..12).map(|_| gallery.admin.delete(&path))).await;
            assert_eq!(gone.iter().filter(|answer| answer.status == 204).count(), 1);
            assert_eq!(gone.iter().filter(|answer| answer.status == 404).count(), 11);
            let version = gallery.admin.get(&format!("/albums/{album}")).await.expect(200).json["version"].clone();
            assert_eq!(version, 1 + 2 * round);
            assert_eq!(
                (told(lobby, "album.images_added").await, told(lobby, "album.images_removed").await),
                (round, round)
            );
        }
    });
}
