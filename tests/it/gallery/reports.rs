//! Reports: one open at a time for each reporter, handled once, the reporter hidden from the reported.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::Gallery;
use crate::harness::{Answer, Client, lobby};

async fn report(client: &Client, id: &str, code: &str) -> Answer {
    client.post(&format!("/images/{id}/report"), json!({ "reason_code": code, "reason": "look" })).await
}

#[test]
fn the_same_open_report_again_is_200_and_a_new_one_after_it_was_handled() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        let first = report(&gallery.player, &id, "spam").await.expect(201);
        let again = report(&gallery.player, &id, "other").await.expect(200);
        assert_eq!(again.json, first.json);
        let of_admin = report(&gallery.admin, &id, "spam").await.expect(201);
        assert_ne!(of_admin.id(), first.id());
        let path = format!("/reports/{}", first.id());
        gallery.admin.put(&path, json!({ "status": "open" })).await.faults(&["/status"]);
        let handled = gallery.admin.put(&path, json!({ "status": "dismissed", "note": "fine" })).await.expect(200);
        assert_eq!((handled.text("status"), handled.text("note")), ("dismissed".into(), "fine".into()));
        assert_eq!(handled.text("handler_id"), gallery.admin.user);
        gallery.admin.put(&path, json!({ "status": "upheld" })).await.problem(409, "report_handled");
        assert_ne!(report(&gallery.player, &id, "spam").await.expect(201).id(), first.id());

        for body in [json!({}), json!({ "reason_code": "Not A Code" }), json!({ "reason_code": "" })] {
            gallery.player.post(&format!("/images/{id}/report"), body).await.faults(&["/reason_code"]);
        }
        gallery.company.act(&format!("/images/{id}/report")).await.problem(403, "permission_denied");
        gallery.player.get(&path).await.problem(404, "not_found");
        gallery.player.get("/reports").await.problem(403, "permission_denied");
    });
}

#[test]
fn of_32_reports_of_one_person_at_once_one_is_open() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        let answers = join_all((0..32).map(|_| report(&gallery.player, &id, "spam"))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        let first = answers[0].id();
        assert!(answers.iter().all(|answer| answer.id() == first));
        assert_eq!(lobby.database.number("SELECT count(*) FROM gallery.reports").await, 1);
    });
}

#[test]
fn of_many_who_handle_a_report_at_once_one_does() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        let path = format!("/reports/{}", report(&gallery.player, &id, "spam").await.expect(201).id());
        let verdicts = ["upheld", "dismissed"].map(|status| json!({ "status": status }));
        let answers = join_all((0..8).map(|n| gallery.admin.put(&path, verdicts[n % 2].clone()))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        for answer in answers.into_iter().filter(|answer| answer.status != 200) {
            answer.problem(409, "report_handled");
        }
    });
}

#[test]
fn the_reported_do_not_learn_who_reported_them() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let Gallery { admin, player, .. } = &gallery;
        let handles = json!({
            "can_view_images": true, "can_upload_images": true, "can_handle_reports": true, "can_report_images": true,
        });
        let reported = gallery.member_who(lobby, "handler", handles).await;
        let mine = reported.upload(&gallery.workspace, super::pictures::fresh(), "mine").await.expect(201).id();
        gallery.bring(&mine, "approved").await;
        let other = gallery.image("approved").await;
        let against = report(player, &mine, "spam").await.expect(201).id();
        let beside = report(player, &other, "spam").await.expect(201).id();

        let list = reported.get("/reports?status=open&count=true").await.expect(200);
        assert_eq!((list.each("id"), &list.json["count"]), (vec![&*against, &*beside], &json!(2)));
        let told: Vec<_> = list.items().iter().map(|item| (&item["reporter_id"], &item["reason"])).collect();
        assert_eq!(told, [(&Value::Null, &Value::Null), (&json!(player.user), &json!("look"))]);
        let alone = reported.get(&format!("/reports/{against}")).await.expect(200);
        assert!(!alone.json.to_string().contains(&player.user));
        // Nobody is judge in their own cause.
        let verdict = json!({ "status": "upheld" });
        reported.put(&format!("/reports/{against}"), verdict.clone()).await.problem(403, "report_against_you");
        admin.put(&format!("/reports/{against}"), verdict).await.expect(200);
        assert_eq!(admin.get(&format!("/reports/{against}")).await.expect(200).text("reporter_id"), player.user);
        assert_eq!(admin.get(&format!("/reports?image={other}")).await.expect(200).each("id"), [&beside]);
        assert_eq!(admin.get("/reports?status=upheld").await.expect(200).each("id"), [&against]);
        // The log tells neither who reported nor of which image.
        lobby.services().settle().await.unwrap();
        let told = format!("/workspaces/{}/audit?resource=report", gallery.workspace);
        let told = admin.get(&told).await.expect(200);
        assert_eq!(told.items().len(), 3);
        assert!(!told.json.to_string().contains(&player.user), "{}", told.json);
        let told = format!(
            "SELECT count(*) FROM gallery.outbox WHERE action = 'report.opened' AND changes::text LIKE '%{mine}%'"
        );
        assert_eq!(lobby.database.number(&told).await, 0);
    });
}
