//! What a camera or a program wrote beside the pixels stays with those who may edit the image.

use reqwest::{Method, multipart::Form};
use serde_json::json;

use super::{
    Gallery, asking, file,
    pictures::{FORMATS, SECRET, coded, halves, with_metadata},
    post_form, submit,
};
use crate::harness::{Answer, Client, lobby};

const NAME: &str = "Holiday-at-home.jpg";

/// What metadata begin with in one format or another, and what they said.
const MARKS: &[&[u8]] = &[
    SECRET,
    b"52.5200N",
    b"Exif",
    b"EXIF",
    b"eXIf",
    b"XMP",
    b"xmp",
    b"ns.adobe.com",
    b"tEXt",
    b"iTXt",
    b"ICCP",
    b"ICC_PROFILE",
    b"Photoshop",
    NAME.as_bytes(),
    b"Holiday",
];

fn assert_tells_nothing(answer: &Answer) {
    let headers = format!("{:?}", answer.headers);
    for mark in MARKS {
        let found = answer.bytes.windows(mark.len()).any(|window| window == *mark);
        let mark = String::from_utf8_lossy(mark);
        assert!(!found, "{} tells {mark}", answer.asked);
        assert!(!headers.contains(&*mark), "{} tells {mark} in its headers", answer.asked);
    }
    for member in ["original_name", "original_bytes", "sha256"] {
        assert!(!answer.json.to_string().contains(member), "{} has {member}", answer.asked);
    }
}

/// Everything that someone who may not edit can ask about an image.
async fn assert_nothing_gets_out(client: &Client, id: &str, workspace: &str) {
    for path in [
        format!("/images/{id}"),
        format!("/images/{id}/content"),
        format!("/images/{id}/content?variant=thumbnail"),
        format!("/images/{id}/content?variant=320"),
        format!("/images/{id}/content?variant=1280"),
        format!("/images?workspace={workspace}"),
        "/images".to_owned(),
    ] {
        assert_tells_nothing(&client.get(&path).await.expect(200));
        assert_tells_nothing(&client.call(Method::HEAD, &path, None).await.expect(200));
    }
    let content = format!("/images/{id}/content");
    for variant in ["320", "1280"] {
        let webp = [("Accept", "image/webp")];
        let answer = asking(client, Method::GET, &format!("{content}?variant={variant}"), &webp).await.expect(200);
        assert_eq!(answer.header("content-type"), "image/webp");
        assert_tells_nothing(&answer);
    }
    assert_tells_nothing(&asking(client, Method::GET, &content, &[("Range", "bytes=0-9999")]).await.expect(206));
    assert_tells_nothing(&client.get(&format!("{content}?variant=original")).await.expect(403));
    assert_tells_nothing(&client.patch(&format!("/images/{id}"), json!({ "description": "mine" })).await.expect(403));
}

#[test]
fn no_answer_to_who_looks_has_metadata_or_the_files_name() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let reviewing = json!({ "can_view_images": true, "can_review_images": true });
        let reviewer = gallery.member_who(lobby, "reviewer", reviewing).await;
        for (format, media_type) in FORMATS {
            let bytes = with_metadata(format);
            assert!(bytes.windows(SECRET.len()).any(|window| window == SECRET));
            let form = Form::new().text("workspace", gallery.workspace.clone()).part("file", file(bytes.clone(), NAME));
            let added = post_form(&gallery.player, "", form).await.expect(201);
            assert_eq!((added.text("media_type"), added.text("original_name")), (media_type.into(), NAME.into()));
            let id = added.id();
            submit(&gallery.player, &id).await.expect(201);
            let queue = reviewer.get("/approvals").await.expect(200);
            assert_eq!(queue.each("id"), [&*id]);
            assert_tells_nothing(&queue);
            assert_tells_nothing(&super::approve(&reviewer, &id).await.expect(200));

            for variant in ["display", "1280", "320"] {
                let made = gallery
                    .company
                    .post(&format!("/images/{id}/links"), json!({ "variant": variant }))
                    .await
                    .expect(201);
                assert_tells_nothing(&made);
                let path = made.text("url").replacen("/api/v1", "", 1);
                assert_tells_nothing(&lobby.anonymous().get(&path).await.expect(200));
            }
            for client in [&gallery.company, &gallery.subscriber, &reviewer] {
                assert_nothing_gets_out(client, &id, &gallery.workspace).await;
            }
            // It is the same picture, and nothing was lost for those who may edit it.
            let shown = gallery.company.get(&format!("/images/{id}/content")).await.expect(200).bytes;
            let shown = image::load_from_memory(&shown).unwrap();
            let plain = image::load_from_memory(&coded(&halves(64, 32), format)).unwrap();
            assert_eq!((shown.width(), shown.height()), (plain.width(), plain.height()));
            let original = gallery.player.get(&format!("/images/{id}/content?variant=original")).await.expect(200);
            assert_eq!(original.bytes, bytes);
        }
    });
}

#[test]
fn who_uploads_without_the_right_to_edit_gets_no_original_back() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let grants = json!({ "can_view_images": true, "can_upload_images": true });
        let guest = gallery.member_who(lobby, "guest", grants).await;
        let form = Form::new().part("file", file(with_metadata(FORMATS[0].0), NAME));
        let added = post_form(&guest, "", form).await.expect(201);
        assert_tells_nothing(&added);
        assert_nothing_gets_out(&guest, &added.id(), &gallery.workspace).await;
    });
}
