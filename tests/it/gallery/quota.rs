//! How much a workspace may upload.

use futures_util::future::join_all;

use super::{EACH, IMAGES, empty_trash, objects, spooled};
use crate::harness::{lobby_with, picture};

#[test]
fn of_many_who_race_for_the_last_bytes_as_many_get_them_as_there_is_room_for() {
    // Pictures of one drawing have nearly one size: there is room for five of the largest, and for no sixth.
    let sizes: Vec<usize> = (0..24).map(|seed| picture(seed).len()).collect();
    let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
    let room = (5 * most).to_string();
    assert!(6 * least > 5 * most, "{least} to {most}");
    lobby_with(&[("LOBBY__GALLERY__WORKSPACE_BYTES", &room)], async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (_, elsewhere) = lobby.workspace("lobby").await;
        let answers = join_all((0..24).map(|seed| owner.upload(&workspace, picture(seed), "racing"))).await;
        let (kept, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!((kept.len(), refused.len()), (5, 19));
        for answer in refused {
            let answer = answer.problem(409, "storage_quota_exceeded");
            assert_eq!(answer.json["allowed"].to_string(), room);
        }
        assert_eq!((lobby.database.number(IMAGES).await, objects(lobby), spooled(lobby)), (5, 5 * EACH, 0));

        // A copy that shares its objects counts, too; what is deleted for good makes room.
        let id = kept[0].id();
        owner.delete(&format!("/images/{id}")).await.expect(204);
        owner.upload(&workspace, picture(30), "in its place").await.problem(409, "storage_quota_exceeded");
        assert_eq!(empty_trash(lobby).await, 1, "in the trash it takes its room");
        owner.upload(&workspace, picture(30), "in its place").await.expect(201);
        owner.upload(&workspace, picture(31), "one too many").await.problem(409, "storage_quota_exceeded");
        let counted = format!("SELECT bytes FROM gallery.storage WHERE workspace_id = '{workspace}'");
        let there =
            format!("SELECT sum(original_bytes)::bigint FROM gallery.images WHERE workspace_id = '{workspace}'");
        assert_eq!(lobby.database.number(&counted).await, lobby.database.number(&there).await);
        let counted =
            format!("SELECT sum(bytes)::bigint FROM gallery.storage_of_people WHERE workspace_id = '{workspace}'");
        assert_eq!(lobby.database.number(&counted).await, lobby.database.number(&there).await);
        let none = format!("SELECT count(*) FROM gallery.storage WHERE workspace_id = '{elsewhere}'");
        assert_eq!(lobby.database.number(&none).await, 0);
    });
}
