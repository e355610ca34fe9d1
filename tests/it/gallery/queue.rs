//! The review queue by its filters, page by page.

use chrono::Duration;
use serde_json::json;

use super::{Gallery, approve, pictures, reject, submit};
use crate::harness::{Answer, lobby};

fn in_order(answer: &Answer) -> Vec<String> {
    answer.each("id").into_iter().map(str::to_owned).collect()
}

#[test]
fn the_queue_is_filtered_by_state_uploader_claim_and_age() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let Gallery { admin, player, workspace, .. } = &gallery;
        let mine = admin.upload(workspace, pictures::fresh(), "mine").await.expect(201).id();
        let mut theirs = Vec::new();
        for _ in 0..4 {
            theirs.push(gallery.image("draft").await);
        }
        for id in theirs.iter().chain([&mine]) {
            lobby.clock.advance(Duration::seconds(5));
            submit(player, id).await.expect(201);
        }
        let ask = async |query: &str| in_order(&admin.get(&format!("/approvals?{query}")).await.expect(200));
        assert_eq!(ask(&format!("uploader={}", admin.user)).await, std::slice::from_ref(&mine));
        assert_eq!(ask(&format!("uploader={}", player.user)).await, theirs);
        let all = admin.get("/approvals").await.expect(200);
        let instant = all.items()[2]["submitted_at"].as_str().unwrap().replace('+', "%2B");
        assert_eq!(ask(&format!("before={instant}")).await, theirs[..2]);

        admin.act(&format!("/images/{}/approval/claim", theirs[0])).await.expect(201);
        player.act(&format!("/images/{}/approval/claim", theirs[1])).await.expect(201);
        assert_eq!(ask("claimed=me").await, theirs[..1]);
        assert_eq!(ask("claimed=others").await, theirs[1..2]);
        let unclaimed = [theirs[2].clone(), theirs[3].clone(), mine.clone()];
        assert_eq!(ask("claimed=nobody").await, unclaimed);
        lobby.clock.advance(Duration::minutes(10));
        assert_eq!(ask("claimed=nobody&count=true").await.len(), 5, "time is over");

        approve(admin, &theirs[3]).await.expect(200);
        lobby.clock.advance(Duration::seconds(1));
        approve(admin, &theirs[0]).await.expect(200);
        reject(admin, &theirs[1], "dark").await.expect(200);
        assert_eq!(ask("status=approved").await, [theirs[3].clone(), theirs[0].clone()]);
        assert_eq!(ask("status=rejected").await, theirs[1..2]);
        let first = admin.get("/approvals?status=approved&limit=1").await.expect(200);
        assert!(first.items()[0]["decided_at"].is_string());
        let next = format!("status=approved&limit=1&cursor={}", first.text("next"));
        assert_eq!(ask(&next).await, theirs[..1]);
        assert_eq!(ask("status=pending").await, [theirs[2].clone(), mine.clone()]);

        for wrong in ["status=draft", "claimed=you", "uploader=me", "before=yesterday", "appeal=maybe"] {
            let name = format!("?{}", wrong.split('=').next().unwrap());
            admin.get(&format!("/approvals?{wrong}")).await.faults(&[name.as_str()]);
        }
    });
}

#[test]
fn what_only_editors_see_is_in_lists_for_those_to_whom_the_single_row_shows_it() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        // Their seat shows nothing of others' and would let them edit it; the platform's role shows it.
        let grants = json!({ "can_view_images": "own", "can_edit_images": "own", "can_upload_images": true });
        let person = gallery.member_who(lobby, "own_only", grants).await;
        let own = person.upload(&gallery.workspace, pictures::fresh(), "own").await.expect(201).id();
        let user = kernel::ids::UserId(person.user.parse().unwrap());
        assert_eq!(person.get("/images").await.expect(200).each("id"), [&own]);
        lobby.services().provision().ensure_platform_admin(user).await.unwrap();
        let list = person.get("/images").await.expect(200);
        assert_eq!(list.items().len(), 2);
        for item in list.items() {
            let alone = person.get(&format!("/images/{}", item["id"].as_str().unwrap())).await.expect(200);
            assert_eq!(*item, alone.json);
        }
        let seen = list.items().iter().find(|item| item["id"] == json!(id)).unwrap();
        assert!(seen["sha256"].is_string(), "the platform's role edits everything");

        // The other way round: who only looks by their seat sees no more in a list than alone.
        let viewer = gallery.member_who(lobby, "looks", json!({ "can_view_images": true })).await;
        let user = kernel::ids::UserId(viewer.user.parse().unwrap());
        lobby.services().provision().ensure_platform_admin(user).await.unwrap();
        for item in viewer.get("/images").await.expect(200).items() {
            let alone = viewer.get(&format!("/images/{}", item["id"].as_str().unwrap())).await.expect(200);
            assert_eq!(*item, alone.json);
        }
    });
}
