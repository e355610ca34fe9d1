//! The trash: what is in it is nowhere else, comes back as it was, and goes for good after 30 days.

use futures_util::future::{join, join_all};
use reqwest::Method;
use serde_json::json;

use super::{EACH, Gallery, IMAGES, STATES, asking, empty_trash, objects, pictures};
use crate::harness::lobby;

#[test]
fn what_is_in_the_trash_is_nowhere_else_and_comes_back_as_it_was() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let Gallery { admin, player, company, .. } = &gallery;
        for state in STATES {
            let id = gallery.image(state).await;
            let path = format!("/images/{id}");
            let before = player.get(&path).await.expect(200);
            player.delete(&path).await.expect(204);
            for place in ["", "/content", "/approval", "/comments"] {
                admin.get(&format!("{path}{place}")).await.problem(404, "not_found");
            }
            for act in ["/like", "/approval", "/approval/claim"] {
                admin.act(&format!("{path}{act}")).await.problem(404, "not_found");
            }
            admin.patch(&path, json!({ "description": "changed" })).await.problem(404, "not_found");
            assert!(!admin.get("/images").await.expect(200).each("id").contains(&&*id));
            assert!(!admin.get("/approvals").await.expect(200).each("id").contains(&&*id));
            let trash = player.get("/trash?count=true").await.expect(200);
            assert_eq!((trash.each("id"), &trash.json["count"]), (vec![&*id], &json!(1)));
            let entry = &trash.items()[0];
            assert_eq!(entry["deleted_by"], json!(player.user));
            assert!(entry["deleted_at"].is_string() && entry["erased_at"].is_string());
            company.get("/trash").await.problem(403, "permission_denied");
            company.act(&format!("{path}/restore")).await.problem(404, "not_found");

            let back = admin.act(&format!("{path}/restore")).await.expect(200);
            for member in ["status", "description", "tags", "sha256", "created_at"] {
                assert_eq!(back.json[member], before.json[member], "{member}");
            }
            player.get(&format!("{path}/content")).await.expect(200);
            admin.act(&format!("{path}/restore")).await.problem(404, "not_found");
            assert!(admin.get("/trash").await.expect(200).items().is_empty());
            player.delete(&path).await.expect(204);
            empty_trash(lobby).await;
        }
        assert_eq!((lobby.database.number(IMAGES).await, objects(lobby)), (0, 0));
    });
}

#[test]
fn it_is_emptied_of_what_lies_in_it_for_30_days_and_of_nothing_else() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let (old, new, kept) =
            (gallery.image("approved").await, gallery.image("approved").await, gallery.image("approved").await);
        for id in [&old, &new] {
            gallery.player.delete(&format!("/images/{id}")).await.expect(204);
        }
        let age = |id: &str, age: &str| {
            format!("UPDATE gallery.images SET deleted_at = deleted_at - interval '{age}' WHERE id = '{id}'")
        };
        lobby.database.execute(&age(&old, "30 days 1 minute")).await;
        lobby.database.execute(&age(&new, "29 days 23 hours")).await;
        assert_eq!(lobby.services().images.empty_trash().await.unwrap(), 1);
        gallery.player.act(&format!("/images/{old}/restore")).await.problem(404, "not_found");
        assert_eq!(gallery.player.get("/trash").await.expect(200).each("id"), [&new]);
        gallery.player.act(&format!("/images/{new}/restore")).await.expect(200);
        gallery.company.get(&format!("/images/{kept}/content")).await.expect(200);
        gallery.company.get(&format!("/images/{new}/content")).await.expect(200);
        assert_eq!(objects(lobby), 2 * EACH);
        let told = "SELECT count(*) FROM gallery.outbox WHERE action = 'image.erased'";
        assert_eq!(lobby.database.number(told).await, 1);
    });
}

#[test]
fn who_restores_meets_the_one_who_empties_and_one_of_them_wins() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let mut restored = 0;
        for _ in 0..12 {
            let id = gallery.image("approved").await;
            let path = format!("/images/{id}");
            gallery.player.delete(&path).await.expect(204);
            let restore = format!("{path}/restore");
            let (answer, erased) = join(gallery.player.act(&restore), empty_trash(lobby)).await;
            if answer.status == 200 {
                assert_eq!(erased, 0, "what came back was erased");
                gallery.company.get(&format!("{path}/content")).await.expect(200);
                restored += 1;
            } else {
                answer.problem(404, "not_found");
                assert_eq!(erased, 1);
                gallery.company.get(&format!("{path}/content")).await.problem(404, "not_found");
            }
        }
        assert_eq!(
            (lobby.database.number(IMAGES).await, objects(lobby)),
            (restored, usize::try_from(restored).unwrap() * EACH)
        );
    });
}

#[test]
fn what_was_uploaded_again_meanwhile_is_in_the_way_unless_that_is_allowed() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let bytes = pictures::fresh();
        let upload = async || gallery.player.upload(&gallery.workspace, bytes.clone(), "same").await.expect(201).id();
        let first = upload().await;
        gallery.player.delete(&format!("/images/{first}")).await.expect(204);
        let second = upload().await;
        let restore = format!("/images/{first}/restore");
        let refused = gallery.player.act(&restore).await.problem(409, "duplicate_image");
        assert_eq!(refused.text("existing"), second);
        gallery.player.act(&format!("{restore}?allow_duplicate=maybe")).await.faults(&["?allow_duplicate"]);
        gallery.player.act(&format!("{restore}?allow_duplicate=true")).await.expect(200);
        gallery.player.get(&format!("/images/{first}/content")).await.expect(200);
    });
}

#[test]
fn of_a_restoration_and_uploads_of_the_same_bytes_at_once_one_is_there() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        for _ in 0..6 {
            let bytes = pictures::fresh();
            let id = gallery.player.upload(&gallery.workspace, bytes.clone(), "same").await.expect(201).id();
            gallery.player.delete(&format!("/images/{id}")).await.expect(204);
            let restore = format!("/images/{id}/restore");
            let uploads = join_all((0..3).map(|_| gallery.player.upload(&gallery.workspace, bytes.clone(), "same")));
            let (back, added) = join(gallery.player.act(&restore), uploads).await;
            let there = added.iter().filter(|answer| answer.status == 201).count();
            assert_eq!(there + usize::from(back.status == 200), 1, "{} {}", back.status, there);
        }
    });
}

#[test]
fn a_restoration_of_another_version_is_refused() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        gallery.player.delete(&format!("/images/{id}")).await.expect(204);
        let restore = format!("/images/{id}/restore");
        let stale = [("If-Match", "\"1\"")];
        asking(&gallery.player, Method::POST, &restore, &stale).await.problem(412, "precondition_failed");
        let once = [("Idempotency-Key", "once")];
        let first = asking(&gallery.player, Method::POST, &restore, &once).await.expect(200);
        let again = asking(&gallery.player, Method::POST, &restore, &once).await;
        // The guard looks first, and finds it where it belongs again.
        again.problem(404, "not_found");
        assert_eq!(first.text("status"), "approved");
    });
}
