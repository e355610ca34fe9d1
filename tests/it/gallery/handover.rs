//! A web server in front that sends the pictures: Lobby decides and names the place.

use reqwest::Method;
use serde_json::json;

use super::{Gallery, asking};
use crate::harness::{lobby_command, lobby_with};

const NGINX: (&str, &str) = ("LOBBY__MEDIA__ACCEL", "/protected-media/");

#[test]
fn the_answer_is_empty_and_names_the_file_for_those_who_may_see_it() {
    lobby_with(&[NGINX], async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        let made = gallery.company.post(&format!("/images/{id}/links"), json!({ "variant": "1280" })).await.expect(201);
        let link = made.text("url").replacen("/api/v1", "", 1);
        let content = format!("/images/{id}/content");
        let (anonymous, webp) = (lobby.anonymous(), "image/webp");
        for (client, path, media_type) in [
            (&gallery.company, content.clone(), "image/png"),
            (&gallery.company, format!("{content}?variant=320"), webp),
            (&gallery.player, format!("{content}?variant=original"), "image/png"),
            (&anonymous, link, webp),
        ] {
            let answer =
                asking(client, Method::GET, &path, &[("Accept", webp), ("Range", "bytes=0-1")]).await.expect(200);
            assert!(answer.bytes.is_empty(), "{path}");
            assert_eq!(answer.header("content-type"), media_type);
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            let place = answer.header("x-accel-redirect").strip_prefix("/protected-media/").unwrap();
            assert!(!place.contains(".."), "{place}");
            let file = lobby.folder.path().join("media").join(place);
            assert!(file.is_file(), "nothing is at {}", file.display());
            let known = [("Accept", webp), ("If-None-Match", answer.header("etag"))];
            asking(client, Method::GET, &path, &known).await.expect(304);
        }
        for path in [format!("{content}?variant=original"), format!("/images/{id}x/content")] {
            let refused = gallery.company.get(&path).await;
            assert!(!refused.status.is_success() && !refused.headers.contains_key("x-accel-redirect"), "{path}");
        }
        let draft = gallery.image("draft").await;
        let hidden = gallery.company.get(&format!("/images/{draft}/content")).await.expect(404);
        assert!(!hidden.headers.contains_key("x-accel-redirect"));
    });
}

#[test]
fn it_is_for_the_local_store_only() {
    crate::harness::run(async {
        let s3 = [
            ("LOBBY__MEDIA__STORE", "s3"),
            ("LOBBY__MEDIA__S3__BUCKET", "pictures"),
            ("LOBBY__MEDIA__S3__ACCESS_KEY_ID", "key"),
        ];
        let said = lobby_command(&["config", "check"], None, &[&s3[..], &[NGINX]].concat()).await;
        assert!(!said.well && said.errors.contains("media.accel"), "{said:?}");
        let said = lobby_command(&["config", "check"], None, &s3).await;
        assert!(said.well, "{said:?}");
        let said = lobby_command(&["config", "check"], None, &[("LOBBY__MEDIA__ACCEL", "media")]).await;
        assert!(!said.well && said.errors.contains("media.accel"), "{said:?}");
    });
}
