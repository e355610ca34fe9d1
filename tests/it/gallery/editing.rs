//! Changing what is said of an image: PUT and PATCH, against the version that was seen.

use reqwest::Method;
use serde_json::{Value, json};

use super::Gallery;
use crate::harness::{Answer, Client, lobby};

async fn change(client: &Client, method: Method, id: &str, etag: &str, body: &Value) -> Answer {
    client.send(client.request(method, &format!("/images/{id}")).header("If-Match", etag).json(body)).await
}

#[test]
fn patch_changes_what_is_given_and_put_replaces_all() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let client = &gallery.player;
        let id = gallery.image("approved").await;
        let path = format!("/images/{id}");
        let version = client.get(&path).await.expect(200).json["version"].as_u64().unwrap();

        let both = json!({ "description": "A lake", "tags": [" Sun", "LAKE", "sun"] });
        let answer = client.put(&path, both.clone()).await.expect(200);
        assert_eq!((answer.text("description"), &answer.json["tags"]), ("A lake".into(), &json!(["sun", "lake"])));
        assert_eq!(answer.header("etag"), format!("\"{}\"", version + 1));
        assert_eq!(answer.text("status"), "approved");
        assert_eq!(client.get(&path).await.expect(200).json, answer.json);

        let same = client.put(&path, both).await.expect(200);
        assert_eq!(same.header("etag"), answer.header("etag"), "a change that changes nothing makes no version");
        let answer = client.patch(&path, json!({ "tags": ["night"] })).await.expect(200);
        assert_eq!((answer.text("description"), &answer.json["tags"]), ("A lake".into(), &json!(["night"])));
        let answer = client.patch(&path, json!({ "description": "Dark" })).await.expect(200);
        assert_eq!((answer.text("description"), &answer.json["tags"]), ("Dark".into(), &json!(["night"])));
        let answer = client.patch(&path, json!({ "tags": null })).await.expect(200);
        assert_eq!((answer.text("description"), &answer.json["tags"]), ("Dark".into(), &json!([])));
        let answer = client.patch(&path, json!({})).await.expect(200);
        assert_eq!(answer.text("description"), "Dark");
        let answer = client.put(&path, json!({ "tags": ["day"] })).await.expect(200);
        assert_eq!((answer.text("description"), &answer.json["tags"]), (String::new(), &json!(["day"])));
    });
}

#[test]
fn what_is_said_has_its_limits() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("draft").await;
        let path = format!("/images/{id}");
        let before = gallery.admin.get(&path).await.expect(200);
        let many: Vec<String> = (0..21).map(|number| number.to_string()).collect();
        let cases: [(Value, &[&str]); 9] = [
            (json!({ "description": "ä".repeat(2001) }), &["/description"]),
            (json!({ "description": "nul\0l" }), &["/description"]),
            (json!({ "description": 7 }), &["/description"]),
            (json!({ "tags": many }), &["/tags"]),
            (json!({ "tags": ["x".repeat(51)] }), &["/tags"]),
            (json!({ "tags": [" "] }), &["/tags"]),
            (json!({ "tags": ["a,b"] }), &["/tags"]),
            (json!({ "status": "approved" }), &["/status"]),
            (json!({ "uploader_id": gallery.admin.user }), &["/uploader_id"]),
        ];
        for (body, pointers) in cases {
            gallery.admin.patch(&path, body.clone()).await.faults(pointers);
            gallery.admin.put(&path, body).await.faults(pointers);
        }
        let after = gallery.admin.get(&path).await.expect(200);
        assert_eq!((after.json.clone(), after.header("etag")), (before.json.clone(), before.header("etag")));
        let longest = json!({ "description": "ä".repeat(2000), "tags": many[..20] });
        gallery.admin.put(&path, longest).await.expect(200);
    });
}

#[test]
fn a_change_of_another_version_is_refused() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let client = &gallery.player;
        let id = gallery.image("draft").await;
        let stale = client.get(&format!("/images/{id}")).await.expect(200).header("etag").to_owned();
        let answer = change(client, Method::PATCH, &id, &stale, &json!({ "description": "first" })).await.expect(200);
        let fresh = answer.header("etag").to_owned();
        assert_ne!(fresh, stale);
        for method in [Method::PATCH, Method::PUT, Method::DELETE] {
            let body = json!({ "description": "second" });
            change(client, method, &id, &stale, &body).await.problem(412, "precondition_failed");
        }
        assert_eq!(client.get(&format!("/images/{id}")).await.expect(200).json, answer.json);
        change(client, Method::PUT, &id, &format!("\"x\", {fresh}"), &json!({ "description": "second" }))
            .await
            .expect(200);
        change(client, Method::PATCH, &id, "*", &json!({ "description": "third" })).await.expect(200);

        let known = client.get(&format!("/images/{id}")).await.expect(200).header("etag").to_owned();
        let again = super::asking(client, Method::GET, &format!("/images/{id}"), &[("If-None-Match", &known)]).await;
        assert!(again.expect(304).bytes.is_empty());
    });
}

#[test]
fn of_ten_changes_to_the_same_version_one_succeeds() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("draft").await;
        let etag = gallery.admin.get(&format!("/images/{id}")).await.expect(200).header("etag").to_owned();
        let bodies: Vec<Value> = (0..10).map(|number| json!({ "description": format!("change {number}") })).collect();
        let each = bodies.iter().map(|body| change(&gallery.admin, Method::PATCH, &id, &etag, body));
        let answers = futures_util::future::join_all(each).await;
        let (done, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
        assert_eq!(done.len(), 1);
        for answer in refused {
            answer.problem(412, "precondition_failed");
        }
        let now = gallery.admin.get(&format!("/images/{id}")).await.expect(200);
        assert_eq!(now.json, done[0].json);
    });
}
