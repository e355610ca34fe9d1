//! The same bytes twice: refused with the id of the first, unless they are asked for.

use std::time::Duration;

use reqwest::multipart::Form;
use serde_json::json;
use sqlx::Executor;

use super::{EACH, Gallery, IMAGES, empty_trash, file, objects, pictures, post_form, spooled};
use crate::harness::{Answer, Client, eventually, lobby};

async fn upload_again(client: &Client, workspace: &str, bytes: &[u8]) -> Answer {
    let form = Form::new().text("workspace", workspace.to_owned()).part("file", file(bytes.to_vec(), "again.png"));
    post_form(client, "?allow_duplicate=true", form).await
}

#[test]
fn the_same_bytes_again_are_refused_with_the_id_of_the_first() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let bytes = pictures::fresh();
        let first = gallery.player.upload(&gallery.workspace, bytes.clone(), "first").await.expect(201).id();
        for client in [&gallery.player, &gallery.admin] {
            let refused =
                client.upload(&gallery.workspace, bytes.clone(), "again").await.problem(409, "duplicate_image");
            assert_eq!(refused.text("existing"), first);
        }
        assert_eq!((lobby.database.number(IMAGES).await, objects(lobby), spooled(lobby)), (1, EACH, 0));
        gallery.admin.get(&format!("/images/{first}/content")).await.expect(200);

        // Another workspace is another gallery, with objects of its own.
        let (other, elsewhere) = lobby.workspace("gallery").await;
        other.upload(&elsewhere, bytes, "mine").await.expect(201);
        assert_eq!((lobby.database.number(IMAGES).await, objects(lobby)), (2, 2 * EACH));
    });
}

#[test]
fn of_eight_identical_uploads_at_once_one_succeeds() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        for round in 1..=5 {
            let bytes = pictures::fresh();
            let each = (0..8).map(|_| gallery.player.upload(&gallery.workspace, bytes.clone(), "the same"));
            let answers = futures_util::future::join_all(each).await;
            let (added, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
            assert_eq!(added.len(), 1);
            for answer in refused {
                assert_eq!(answer.problem(409, "duplicate_image").text("existing"), added[0].id());
            }
            assert_eq!(usize::try_from(lobby.database.number(IMAGES).await), Ok(round));
            assert_eq!((objects(lobby), spooled(lobby)), (EACH * round, 0));
            gallery.player.get(&format!("/images/{}/content", added[0].id())).await.expect(200);
        }
    });
}

#[test]
fn a_duplicate_that_is_asked_for_shares_the_objects() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let bytes = pictures::fresh();
        let first = upload_again(&gallery.player, &gallery.workspace, &bytes).await.expect(201).id();
        let second = upload_again(&gallery.player, &gallery.workspace, &bytes).await.expect(201).id();
        assert_ne!(first, second);
        assert_eq!((lobby.database.number(IMAGES).await, objects(lobby)), (2, EACH));

        gallery.player.delete(&format!("/images/{first}")).await.expect(204);
        assert_eq!(empty_trash(lobby).await, 1);
        assert_eq!(objects(lobby), EACH, "the second needs them");
        gallery.player.get(&format!("/images/{second}/content?variant=original")).await.expect(200);
        let refused = gallery.player.upload(&gallery.workspace, bytes, "third").await.problem(409, "duplicate_image");
        assert_eq!(refused.text("existing"), second);
        gallery.player.delete(&format!("/images/{second}")).await.expect(204);
        assert_eq!(empty_trash(lobby).await, 1);
        assert_eq!((lobby.database.number(IMAGES).await, objects(lobby)), (0, 0));
    });
}

#[test]
fn an_upload_that_meets_a_deletion_of_the_same_bytes_keeps_them() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let bytes = pictures::fresh();
        let mut held = upload_again(&gallery.player, &gallery.workspace, &bytes).await.expect(201).id();
        for _ in 0..15 {
            let path = format!("/images/{held}");
            gallery.admin.delete(&path).await.expect(204);
            let deletion = empty_trash(lobby);
            let upload = upload_again(&gallery.player, &gallery.workspace, &bytes);
            let (deleted, added) = futures_util::future::join(deletion, upload).await;
            assert_eq!(deleted, 1);
            held = added.expect(201).id();
            for variant in ["", "?variant=thumbnail", "?variant=original"] {
                gallery.player.get(&format!("/images/{held}/content{variant}")).await.expect(200);
            }
        }
        gallery.admin.delete(&format!("/images/{held}")).await.expect(204);
        empty_trash(lobby).await;
        assert_eq!((lobby.database.number(IMAGES).await, objects(lobby)), (0, 0));
    });
}

#[test]
fn a_duplicate_of_what_the_caller_may_not_know_of_is_not_named() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let grants = json!({ "can_view_images": true, "can_upload_images": true });
        let guest = gallery.member_who(lobby, "guest", grants).await;
        let bytes = pictures::fresh();
        let hidden = gallery.player.upload(&gallery.workspace, bytes.clone(), "hidden").await.expect(201).id();
        let refused = guest.upload(&gallery.workspace, bytes.clone(), "mine").await.problem(409, "duplicate_image");
        assert!(refused.json["existing"].is_null());
        assert!(!refused.json.to_string().contains(&hidden));
        gallery.bring(&hidden, "approved").await;
        let refused = guest.upload(&gallery.workspace, bytes, "mine").await.problem(409, "duplicate_image");
        assert_eq!(refused.text("existing"), hidden);
    });
}

/// Whatever keeps uploads back once they have a connection, most connections stay for everybody else.
#[test]
fn uploads_that_wait_for_the_database_leave_connections_to_others() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let mut held = lobby.database.connect_to("gallery").await;
        held.execute("BEGIN; LOCK TABLE gallery.images IN SHARE MODE").await.unwrap();
        let bytes = pictures::fresh();
        let uploads = (0..24).map(|_| gallery.player.upload(&gallery.workspace, bytes.clone(), "the same"));
        let looking = async {
            eventually("they wait", async || lobby.database.waiting_for_locks().await >= 4).await;
            for _ in 0..100 {
                gallery.admin.get("/images").await.expect(200);
                // Four of them, and what the program does by itself.
                assert!(lobby.database.waiting_for_locks().await <= 5);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            held.execute("ROLLBACK").await.unwrap();
        };
        let (answers, ()) = futures_util::future::join(futures_util::future::join_all(uploads), looking).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        assert_eq!(answers.iter().filter(|answer| answer.status == 409).count(), 23);
    });
}
