//! Appeals: an uploader's word against a rejection; and galleries in which nobody has to approve.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{Gallery, approve, pictures, reject, submit, withdraw};
use crate::harness::{Answer, Client, Lobby, lobby};

/// Something that ends an approval.
type Act = fn(&Gallery, &str) -> futures_util::future::BoxFuture<'static, ()>;

async fn appeal(client: &Client, id: &str, reason: &str) -> Answer {
    client.post(&format!("/images/{id}/approval/appeal"), json!({ "reason": reason })).await
}

#[test]
fn an_uploader_appeals_once_for_each_rejection() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let Gallery { admin, player, .. } = &gallery;
        let id = gallery.image("rejected").await;
        appeal(admin, &id, "I like it").await.problem(403, "not_uploader");
        appeal(player, &id, " \n").await.faults(&["/reason"]);
        let waiting = appeal(player, &id, " It is sharp. ").await.expect(201);
        assert_eq!((waiting.text("status"), &waiting.json["is_appeal"]), ("pending".into(), &json!(true)));
        appeal(player, &id, "again").await.problem(409, "wrong_state");
        let queue = admin.get("/approvals?appeal=true").await.expect(200);
        assert_eq!((queue.each("id"), &queue.items()[0]["is_appeal"]), (vec![&*id], &json!(true)));
        assert!(admin.get("/approvals?appeal=false").await.expect(200).items().is_empty());

        // The next rejection is another one.
        reject(admin, &id, "still not").await.expect(200);
        appeal(player, &id, "but").await.expect(201);
        let approved = approve(admin, &id).await.expect(200);
        assert_eq!(approved.json["is_appeal"], false);
        appeal(player, &id, "thanks").await.problem(409, "wrong_state");
        let steps = approved.json["history"].as_array().unwrap();
        let told: Vec<_> = steps.iter().map(|step| (&step["to"], &step["is_appeal"], &step["reason"])).collect();
        let (yes, no) = (json!(true), json!(false));
        let (pending, rejected) = (json!("pending"), json!("rejected"));
        let reasons = ["blurred", "It is sharp.", "still not", "but"].map(|reason| json!(reason));
        let expected = [
            (&pending, &no, &Value::Null),
            (&rejected, &no, &reasons[0]),
            (&pending, &yes, &reasons[1]),
            (&rejected, &no, &reasons[2]),
            (&pending, &yes, &reasons[3]),
            (&json!("approved"), &no, &Value::Null),
        ];
        assert_eq!(told, expected);
    });
}

#[test]
fn of_many_appeals_at_once_one_counts() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("rejected").await;
        let answers = join_all((0..16).map(|_| appeal(&gallery.player, &id, "please"))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        let steps = "SELECT count(*) FROM gallery.approval_events WHERE is_appeal";
        assert_eq!(lobby.database.number(steps).await, 1);
    });
}

#[test]
fn a_decision_is_told_with_what_it_takes_to_notify_the_uploader() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let rejected = gallery.image("pending").await;
        let body = json!({ "decision": "rejected", "reason_code": "too_dark" });
        gallery.admin.put(&format!("/images/{rejected}/approval"), body).await.expect(200);
        let approved = gallery.image("approved").await;
        for (id, action, code) in [(&rejected, "image.rejected", "'too_dark'"), (&approved, "image.approved", "NULL")] {
            let told = format!(
                "SELECT count(*) FROM gallery.outbox WHERE action = '{action}' AND resource_id = '{id}' \
                 AND changes->>'image_id' = '{id}' AND changes->>'uploader_id' = '{}' \
                 AND changes->>'reason_code' IS NOT DISTINCT FROM {code} AND actor_id = '{}'",
                gallery.player.user, gallery.admin.user
            );
            assert_eq!(lobby.database.number(&told).await, 1, "{action}");
        }
    });
}

#[test]
fn where_approval_is_off_images_are_shown_as_they_come() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let Gallery { admin, player, company, workspace, .. } = &gallery;
        let path = format!("/workspaces/{workspace}/gallery");
        let first = company.get(&path).await.expect(200);
        assert_eq!(first.json, json!({ "approval": "required" }));
        company.put(&path, json!({ "approval": "off" })).await.problem(403, "permission_denied");
        admin.put(&path, json!({ "approval": "sometimes" })).await.faults(&["/approval"]);
        let (draft, waiting) = (gallery.image("draft").await, gallery.image("pending").await);
        admin.put(&path, json!({ "approval": "off" })).await.expect(200);
        let stale = [("If-Match", first.header("etag"))];
        let request = stale.iter().fold(admin.request(reqwest::Method::PUT, &path), |it, (n, v)| it.header(*n, *v));
        admin.send(request.json(&json!({ "approval": "required" }))).await.problem(412, "precondition_failed");

        let id = player.upload(workspace, pictures::fresh(), "at once").await.expect(201);
        assert_eq!(id.text("status"), "approved");
        company.get(&format!("/images/{}/content", id.id())).await.expect(200);
        let steps = player.get(&format!("/images/{}/approval", id.id())).await.expect(200);
        assert_eq!(steps.json["history"][0]["reason_code"], "approval_off");
        assert_eq!(submit(player, &draft).await.expect(201).text("status"), "approved");
        assert_eq!(admin.get("/approvals").await.expect(200).each("id"), [&waiting], "what waits keeps waiting");

        admin.put(&path, json!({ "approval": "required" })).await.expect(200);
        let next = player.upload(workspace, pictures::fresh(), "waits").await.expect(201);
        assert_eq!(next.text("status"), "draft");
    });
}

#[test]
fn what_is_no_longer_approved_is_served_by_no_instance() {
    lobby(async |one| {
        let gallery = Gallery::open(one).await;
        let folder = one.folder.path().to_str().unwrap();
        let other = Lobby::on(one.database.clone(), &[("LOBBY__DATA_DIR", folder)]).await;
        let there = other.anonymous().with_token(gallery.company.token.as_ref().unwrap());
        let acts: [Act; 3] = [
            |gallery, id| {
                let (client, id) = (gallery.player.clone(), id.to_owned());
                Box::pin(async move { drop(withdraw(&client, &id).await.expect(204)) })
            },
            |gallery, id| {
                let (client, id) = (gallery.player.clone(), id.to_owned());
                Box::pin(async move { drop(client.delete(&format!("/images/{id}")).await.expect(204)) })
            },
            |gallery, id| {
                let (player, admin, id) = (gallery.player.clone(), gallery.admin.clone(), id.to_owned());
                Box::pin(async move {
                    withdraw(&player, &id).await.expect(204);
                    submit(&player, &id).await.expect(201);
                    reject(&admin, &id, "no").await.expect(200);
                })
            },
        ];
        for act in acts {
            let id = gallery.image("approved").await;
            let paths = ["", "/content", "/content?variant=thumbnail", "/comments"];
            there.get(&format!("/images/{id}")).await.expect(200);
            let etag = there.get(&format!("/images/{id}/content")).await.expect(200).header("etag").to_owned();
            act(&gallery, &id).await;
            for path in paths {
                there.get(&format!("/images/{id}{path}")).await.expect(404);
            }
            // Not even that it is unchanged is told to who has it.
            let known = [("If-None-Match", etag.as_str())];
            super::asking(&there, reqwest::Method::GET, &format!("/images/{id}/content"), &known).await.expect(404);
        }
        other.stop_serving().await;
    });
}
