//! Claims: who looks at a submitted image, so that two reviewers don't work on the same one.

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::json;

use super::{Gallery, approve, reject, submit, withdraw};
use crate::harness::lobby;

#[test]
fn what_somebody_claimed_is_theirs_to_decide_for_ten_minutes() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let Gallery { admin, player, .. } = &gallery;
        let id = gallery.image("pending").await;
        let path = format!("/images/{id}/approval/claim");
        let claim = admin.act(&path).await.expect(201);
        assert_eq!(claim.text("claimed_by"), admin.user);
        for refused in [player.act(&path).await, approve(player, &id).await, reject(player, &id, "dark").await] {
            let refused = refused.problem(409, "claimed");
            assert_eq!(refused.text("claimed_by"), admin.user);
            let until = chrono::DateTime::parse_from_rfc3339(&refused.text("claimed_until")).unwrap();
            assert_eq!(until, chrono::DateTime::parse_from_rfc3339(&claim.text("claimed_until")).unwrap());
        }
        player.delete(&path).await.problem(409, "claimed");
        let shown = player.get("/approvals").await.expect(200);
        assert_eq!(shown.items()[0]["claim"]["claimed_by"], json!(admin.user));

        // Renewed, it lasts ten minutes from then.
        lobby.clock.advance(Duration::minutes(6));
        admin.act(&path).await.expect(200);
        lobby.clock.advance(Duration::minutes(6));
        player.act(&path).await.problem(409, "claimed");
        lobby.clock.advance(Duration::minutes(2));
        admin.delete(&path).await.expect(204);
        admin.delete(&path).await.expect(204);
        approve(player, &id).await.expect(200);
        player.act(&path).await.problem(409, "wrong_state");
    });
}

#[test]
fn a_claim_whose_time_is_over_may_be_taken() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let Gallery { admin, player, .. } = &gallery;
        let id = gallery.image("pending").await;
        let path = format!("/images/{id}/approval/claim");
        admin.act(&path).await.expect(201);
        lobby.clock.advance(Duration::minutes(10));
        assert!(player.get(&format!("/images/{id}/approval")).await.expect(200).json["claim"].is_null());
        assert_eq!(player.act(&path).await.expect(201).text("claimed_by"), player.user);
        approve(admin, &id).await.problem(409, "claimed");
        // Whoever takes an image back does not wait for reviewers; the next submission is unclaimed.
        withdraw(player, &id).await.expect(204);
        submit(player, &id).await.expect(201);
        approve(admin, &id).await.expect(200);
    });
}

#[test]
fn of_many_reviewers_who_claim_at_once_one_gets_it() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let mut reviewers = vec![gallery.admin.clone(), gallery.player.clone()];
        for _ in 0..4 {
            reviewers.push(lobby.member(&gallery.admin, &gallery.workspace, "beta_player").await);
        }
        for _ in 0..8 {
            let id = gallery.image("pending").await;
            let path = format!("/images/{id}/approval/claim");
            let answers = join_all(reviewers.iter().map(|reviewer| reviewer.act(&path))).await;
            let won: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
            assert_eq!(won.len(), 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
            let holder = won[0].text("claimed_by");
            for answer in answers.into_iter().filter(|answer| answer.status != 201) {
                assert_eq!(answer.problem(409, "claimed").text("claimed_by"), holder);
            }
            let decisions = join_all(reviewers.iter().map(|reviewer| approve(reviewer, &id))).await;
            for (reviewer, decision) in reviewers.iter().zip(decisions) {
                if reviewer.user == holder {
                    decision.expect(200);
                } else {
                    assert_eq!(decision.status, 409);
                }
            }
        }
    });
}

#[test]
fn a_claim_leaves_the_image_as_it_is() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("pending").await;
        let before = gallery.admin.get(&format!("/images/{id}")).await.expect(200);
        gallery.admin.act(&format!("/images/{id}/approval/claim")).await.expect(201);
        let after = gallery.admin.get(&format!("/images/{id}")).await.expect(200);
        assert_eq!((after.json.clone(), after.header("etag")), (before.json.clone(), before.header("etag")));
    });
}
