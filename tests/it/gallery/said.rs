//! What people say of images: likes that count once, comments threaded one level.

use futures_util::future::{join, join_all};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Gallery, asking};
use crate::harness::{Answer, Client, lobby};

const LIKES: &str = "SELECT count(*) FROM gallery.likes";

async fn comment(client: &Client, id: &str, body: &str, parent: Option<&str>) -> Answer {
    client.post(&format!("/images/{id}/comments"), json!({ "body": body, "parent_id": parent })).await
}

#[test]
fn a_like_is_201_then_200_and_taking_it_back_is_always_204() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        let path = format!("/images/{id}/like");
        gallery.player.delete(&path).await.expect(204);
        let first = gallery.player.act(&path).await.expect(201);
        assert_eq!(first.json, json!({ "image_id": id, "liked": true, "likes": 1 }));
        assert_eq!(gallery.player.act(&path).await.expect(200).json, first.json);
        assert_eq!(gallery.admin.act(&path).await.expect(201).json["likes"], 2);
        gallery.player.delete(&path).await.expect(204);
        gallery.player.delete(&path).await.expect(204);
        assert_eq!(gallery.player.act(&path).await.expect(201).json["likes"], 2);
        gallery.company.act(&path).await.problem(403, "permission_denied");
        let hidden = gallery.image("draft").await;
        gallery.company.act(&format!("/images/{hidden}/like")).await.problem(404, "not_found");
    });
}

#[test]
fn of_32_likes_of_one_person_at_once_one_counts() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        let (path, beside) = (format!("/images/{id}/like"), format!("/photos/{id}/like"));
        let likes = (0..32).map(|n| gallery.player.act(if n % 2 == 0 { &path } else { &beside }));
        let answers = join_all(likes).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 31);
        assert_eq!(lobby.database.number(LIKES).await, 1);
        let told = "SELECT count(*) FROM gallery.outbox WHERE action = 'image.liked'";
        assert_eq!(lobby.database.number(told).await, 1);
        let removals = join_all((0..8).map(|_| gallery.player.delete(&path))).await;
        assert!(removals.iter().all(|answer| answer.status == 204));
        assert_eq!(lobby.database.number(LIKES).await, 0);
        let told = "SELECT count(*) FROM gallery.outbox WHERE action = 'image.unliked'";
        assert_eq!(lobby.database.number(told).await, 1);
    });
}

#[test]
fn a_thread_has_one_level() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let (id, other) = (gallery.image("approved").await, gallery.image("approved").await);
        let root = comment(&gallery.player, &id, " Lovely ", None).await.expect(201);
        assert_eq!((root.text("body"), &root.json["edited_at"]), ("Lovely".into(), &Value::Null));
        assert_eq!(root.header("location"), format!("/api/v1/comments/{}", root.id()));
        let reply = comment(&gallery.admin, &id, "Thanks", Some(&root.id())).await.expect(201);
        assert_eq!(reply.text("parent_id"), root.id());
        let second = comment(&gallery.player, &id, "Why", None).await.expect(201);
        let nobody = uuid::Uuid::now_v7().to_string();
        for (image, parent) in [(&id, reply.id()), (&other, root.id()), (&id, nobody)] {
            comment(&gallery.player, image, "No", Some(&parent)).await.faults(&["/parent_id"]);
        }
        for body in ["", " \n", &"x".repeat(2001)] {
            comment(&gallery.player, &id, body, None).await.faults(&["/body"]);
        }
        let path = format!("/images/{id}/comments");
        let first = gallery.player.get(&format!("{path}?limit=2")).await.expect(200);
        assert_eq!(first.each("id"), [root.id(), reply.id()]);
        let rest = gallery.player.get(&format!("{path}?limit=2&cursor={}", first.text("next"))).await.expect(200);
        assert_eq!((rest.each("id"), &rest.json["next"]), (vec![&*second.id()], &Value::Null));
        let answers = gallery.player.get(&format!("{path}?parent={}", root.id())).await.expect(200);
        assert_eq!(answers.each("id"), [reply.id()]);
        assert!(gallery.player.get(&format!("/images/{other}/comments")).await.expect(200).items().is_empty());

        gallery.player.delete(&format!("/comments/{}", root.id())).await.expect(204);
        gallery.admin.get(&format!("/comments/{}", reply.id())).await.problem(404, "not_found");
        assert_eq!(gallery.player.get(&path).await.expect(200).each("id"), [second.id()]);
    });
}

#[test]
fn an_answer_to_what_is_deleted_at_the_same_time_goes_with_it_or_is_refused() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        for _ in 0..10 {
            let root = comment(&gallery.player, &id, "Here", None).await.expect(201).id();
            let path = format!("/comments/{root}");
            let (gone, answer) =
                join(gallery.player.delete(&path), comment(&gallery.admin, &id, "There", Some(&root))).await;
            gone.expect(204);
            assert!(matches!(answer.status.as_u16(), 201 | 422), "{}", answer.status);
            assert_eq!(lobby.database.number("SELECT count(*) FROM gallery.comments").await, 0);
        }
    });
}

#[test]
fn a_comment_is_its_writers_and_says_when_it_was_edited() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        let other = lobby.member(&gallery.admin, &gallery.workspace, "beta_player").await;
        let path = format!("/comments/{}", comment(&gallery.player, &id, "One", None).await.expect(201).id());
        let first = other.get(&path).await.expect(200);
        other.put(&path, json!({ "body": "Mine" })).await.problem(403, "permission_denied");
        other.delete(&path).await.problem(403, "permission_denied");
        gallery.company.get(&path).await.problem(404, "not_found");
        gallery.company.get(&format!("/images/{id}/comments")).await.problem(403, "permission_denied");

        let same = gallery.player.patch(&path, json!({ "body": " One " })).await.expect(200);
        assert_eq!(same.json, first.json, "nothing changed");
        let edited = gallery.player.put(&path, json!({ "body": "Two" })).await.expect(200);
        assert_eq!((edited.text("body"), edited.header("etag")), ("Two".into(), "\"2\""));
        assert!(edited.json["edited_at"].is_string());
        let stale = [("If-Match", first.header("etag"))];
        asking(&gallery.player, Method::DELETE, &path, &stale).await.problem(412, "precondition_failed");
        gallery.admin.patch(&path, json!({ "body": "By an administrator" })).await.expect(200);
        gallery.admin.delete(&path).await.expect(204);
        gallery.player.get(&path).await.problem(404, "not_found");
    });
}

#[test]
fn comments_exist_for_those_for_whom_their_image_does() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let grants = json!({ "can_view_images": true, "can_view_comments": true, "can_comment": true });
        let guest = gallery.member_who(lobby, "guest", grants).await;
        let id = gallery.image("approved").await;
        let own = comment(&guest, &id, "Nice", None).await.expect(201).id();
        guest.get(&format!("/comments/{own}")).await.expect(200);
        super::withdraw(&gallery.player, &id).await.expect(204);
        guest.get(&format!("/comments/{own}")).await.problem(404, "not_found");
        guest.get(&format!("/images/{id}/comments")).await.problem(404, "not_found");
        comment(&guest, &id, "Still there?", None).await.problem(404, "not_found");
        gallery.admin.get(&format!("/comments/{own}")).await.expect(200);
        gallery.admin.delete(&format!("/images/{id}")).await.expect(204);
        gallery.admin.get(&format!("/comments/{own}")).await.problem(404, "not_found");
    });
}
