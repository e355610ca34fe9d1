//! Deleting: the row, its history, its objects unless another image needs them.

use futures_util::future::join_all;

use super::{EACH, Gallery, IMAGES, STATES, empty_trash, objects, pictures, spooled};
use crate::harness::lobby;

#[test]
fn a_deleted_image_leaves_no_row_and_no_object() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        for state in STATES {
            let id = gallery.image(state).await;
            assert_eq!(objects(lobby), EACH);
            gallery.player.delete(&format!("/images/{id}")).await.expect(204);
            for path in ["", "/content", "/approval"] {
                gallery.player.get(&format!("/images/{id}{path}")).await.problem(404, "not_found");
            }
            gallery.player.delete(&format!("/images/{id}")).await.problem(404, "not_found");
            assert_eq!((lobby.database.number(IMAGES).await, objects(lobby)), (1, EACH), "it can come back");
            assert_eq!(empty_trash(lobby).await, 1);
            let steps = lobby.database.number("SELECT count(*) FROM gallery.approval_events").await;
            let left = (lobby.database.number(IMAGES).await, steps, objects(lobby), spooled(lobby));
            assert_eq!(left, (0, 0, 0, 0), "of one that was {state}");
        }
        assert!(gallery.admin.get("/approvals").await.expect(200).items().is_empty());
    });
}

#[test]
fn of_many_who_delete_at_once_one_does() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        let kept = gallery.image("approved").await;
        let path = format!("/images/{id}");
        let answers = join_all((0..8).map(|_| gallery.player.delete(&path))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 204).count(), 1);
        for answer in answers.into_iter().filter(|answer| answer.status != 204) {
            answer.problem(404, "not_found");
        }
        let deletions = "SELECT count(*) FROM gallery.outbox WHERE action = 'image.deleted'";
        assert_eq!(lobby.database.number(deletions).await, 1);
        assert_eq!(empty_trash(lobby).await, 1);
        assert_eq!((lobby.database.number(IMAGES).await, objects(lobby)), (1, EACH));
        gallery.company.get(&format!("/images/{kept}/content")).await.expect(200);
    });
}

#[test]
fn the_same_bytes_may_come_back_after_they_were_deleted() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let bytes = pictures::fresh();
        for _ in 0..3 {
            let id = gallery.player.upload(&gallery.workspace, bytes.clone(), "again").await.expect(201).id();
            gallery.player.get(&format!("/images/{id}/content")).await.expect(200);
            gallery.player.delete(&format!("/images/{id}")).await.expect(204);
        }
        assert_eq!((empty_trash(lobby).await, objects(lobby)), (3, 0));
    });
}
