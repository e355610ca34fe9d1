//! Uploads: what is taken, in which form, and what it becomes.

use std::collections::BTreeSet;

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::json;

use super::{
    EACH, Gallery, IMAGES, assert_nothing_stored, file, objects,
    pictures::{self, FORMATS, coded, halves},
    post_form, spooled,
};
use crate::harness::{lobby, picture};

#[test]
fn each_format_is_taken_and_described() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for (number, (format, media_type)) in FORMATS.into_iter().enumerate() {
            let bytes = coded(&halves(400, 100), format);
            let length = bytes.len();
            let answer = owner.upload(&workspace, bytes, "Two halves").await.expect(201);
            let id = answer.id();
            assert_eq!(answer.header("location"), format!("/api/v1/images/{id}"));
            assert_eq!(answer.header("etag"), "\"1\"");
            let image = &answer.json;
            assert_eq!(image["media_type"], media_type);
            assert_eq!((&image["width"], &image["height"]), (&json!(400), &json!(100)));
            assert_eq!((&image["status"], &image["description"]), (&json!("draft"), &json!("Two halves")));
            assert_eq!((&image["workspace_id"], &image["uploader_id"]), (&json!(workspace), &json!(owner.user)));
            assert_eq!((&image["original_name"], &image["original_bytes"]), (&json!("picture.jpg"), &json!(length)));
            assert_eq!(image["sha256"].as_str().unwrap().len(), 64);
            assert_eq!(owner.get(&format!("/images/{id}")).await.expect(200).json, *image);

            let content = owner.get(&format!("/{}", image["links"]["content"].as_str().unwrap())).await.expect(200);
            assert_eq!(content.header("content-type"), media_type);
            assert_eq!(image["bytes"], content.bytes.len());
            let shown = pictures::decoded(&content.bytes);
            assert_eq!((shown.width(), shown.height()), (400, 100), "{media_type}");
            assert_eq!(objects(lobby), EACH * (number + 1), "an image has so many objects");
        }
        assert_eq!(spooled(lobby), 0);
    });
}

#[test]
fn an_animation_stays_one() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let answer = owner.upload(&workspace, pictures::animation(7), "moving").await.expect(201);
        let content = owner.get(&format!("/images/{}/content", answer.id())).await.expect(200);
        assert_eq!(pictures::frames(&content.bytes), 7);
    });
}

#[test]
fn what_a_file_is_is_told_by_its_bytes() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let part = file(pictures::fresh(), "holiday.jpg").mime_str("image/jpeg").unwrap();
        let answer =
            post_form(&owner, "", Form::new().text("workspace", workspace).part("file", part)).await.expect(201);
        assert_eq!(
            (answer.text("media_type"), answer.text("original_name")),
            ("image/png".into(), "holiday.jpg".into())
        );
        let content = owner.get(&format!("/images/{}/content", answer.id())).await.expect(200);
        assert_eq!(content.header("content-type"), "image/png");
    });
}

#[test]
fn the_fields_of_a_form_come_in_any_order() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        found_another(&owner).await;
        for turn in 0..4 {
            let mut fields = ["workspace", "description", "tags", "file"];
            fields.rotate_left(turn);
            let form = fields.into_iter().fold(Form::new(), |form, field| match field {
                "workspace" => form.text("workspace", workspace.clone()),
                "description" => form.text("description", "Zürich\nam See"),
                "tags" => form.text("tags", " Sun, SEA ,sun").text("tags", "Straße"),
                _ => form.part("file", file(pictures::fresh(), "../../etc/Grüße.png")),
            });
            let answer = post_form(&owner, "", form).await.expect(201);
            assert_eq!(answer.text("description"), "Zürich\nam See");
            assert_eq!(answer.json["tags"], json!(["sun", "sea", "straße"]), "lower case, once each");
            assert_eq!(answer.text("original_name"), "Grüße.png", "a name is no path");
        }
    });
}

/// Another workspace, so that it has to be said which is meant.
async fn found_another(owner: &crate::harness::Client) {
    owner.post("/workspaces", json!({ "name": "Another" })).await.expect(201);
}

#[test]
fn the_workspace_is_named_by_id_or_slug_in_the_form_or_the_query() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let slug = owner.get(&format!("/workspaces/{workspace}")).await.expect(200).text("slug");
        let picture = || file(pictures::fresh(), "a.png");
        post_form(&owner, "", Form::new().part("file", picture())).await.expect(201);
        found_another(&owner).await;
        post_form(&owner, "", Form::new().part("file", picture())).await.faults(&["/workspace"]);

        for name in [&workspace, &slug] {
            let named = Form::new().part("file", picture()).text("workspace", name.clone());
            let in_query = format!("?workspace={name}");
            for answer in [
                post_form(&owner, "", named).await,
                post_form(&owner, &in_query, Form::new().part("file", picture())).await,
            ] {
                assert_eq!(answer.expect(201).text("workspace_id"), workspace);
            }
        }
        let twice = Form::new().text("workspace", workspace.clone()).part("file", picture());
        post_form(&owner, &format!("?workspace={workspace}"), twice).await.faults(&["/workspace"]);
        let nowhere = Form::new().text("workspace", "no-such-place").part("file", picture());
        post_form(&owner, "", nowhere).await.problem(404, "not_found");
        assert_eq!(lobby.database.number(IMAGES).await, 5);
    });
}

#[test]
fn a_form_with_a_wrong_part_is_refused_at_that_part() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let good = || Form::new().text("workspace", workspace.clone()).part("file", file(pictures::fresh(), "a.png"));
        let bytes = |bytes: &'static [u8]| Part::bytes(bytes);
        let many = (0..17).fold(Form::new(), |form, number| form.text("tags", format!("tag{number}")));
        let too_many_tags = (0..21).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
        let cases: Vec<(Form, &[&str])> = vec![
            (Form::new().text("workspace", workspace.clone()), &["/file"]),
            (good().part("file", file(pictures::fresh(), "b.png")), &["/file"]),
            (good().text("workspace", workspace.clone()), &["/workspace"]),
            (good().text("description", "a").text("description", "b"), &["/description"]),
            (good().text("colour", "red"), &["/colour"]),
            (good().percent_encode_noop().text("a/b~c", "red"), &["/a~1b~0c"]),
            (
                Form::new().text("workspace", "Not A Slug!").part("file", file(pictures::fresh(), "a.png")),
                &["/workspace"],
            ),
            (good().text("description", "x".repeat(2001)), &["/description"]),
            (good().text("description", "x".repeat(200_000)), &["/description"]),
            (good().part("description", bytes(b"nul\0l")), &["/description"]),
            (good().part("description", bytes(b"\xff\xfe")), &["/description"]),
            (good().part("tags", bytes(b"nul\0l")), &["/tags"]),
            (good().part("tags", bytes(b"\xc3\x28")), &["/tags"]),
            (good().text("tags", "x".repeat(51)), &["/tags"]),
            (good().text("tags", too_many_tags), &["/tags"]),
            (
                Form::new().part("workspace", bytes(b"\0")).part("file", file(pictures::fresh(), "a.png")),
                &["/workspace"],
            ),
            (many, &[""]),
        ];
        for (form, pointers) in cases {
            post_form(&owner, "", form).await.faults(pointers);
            assert_nothing_stored(lobby, lobby.database.number(IMAGES).await, pointers[0]);
        }
        for query in ["?allow_duplicate=1", "?colour=red", "?workspace=A%20B", "?workspace=%00"] {
            post_form(&owner, query, good()).await.expect(422);
        }
        assert_nothing_stored(lobby, lobby.database.number(IMAGES).await, "a wrong query");
    });
}

#[test]
fn a_body_that_is_no_form_is_refused() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let path = format!("/images?workspace={workspace}");
        let post = async |kind: &str, body: Vec<u8>| {
            let request = owner.request(Method::POST, &path).header("Content-Type", kind).body(body);
            owner.send(request).await
        };
        post("application/json", b"{}".to_vec()).await.problem(415, "unsupported_media_type");
        post("image/png", pictures::fresh()).await.problem(415, "unsupported_media_type");
        owner.send(owner.request(Method::POST, &path)).await.problem(415, "unsupported_media_type");
        post("multipart/form-data", pictures::fresh()).await.problem(400, "malformed_multipart");
        let form = "multipart/form-data; boundary=x";
        let head = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";
        for body in [
            &b""[..],
            b"not a form",
            b"--x\r\n",
            b"--x\r\nno header\r\n\r\n",
            head,
            &[head, &pictures::fresh()[..]].concat(),
        ] {
            let answer = post(form, body.to_vec()).await;
            assert_eq!(answer.status.as_u16() / 100, 4, "{:?} got {}", String::from_utf8_lossy(body), answer.status);
            assert_nothing_stored(lobby, lobby.database.number(IMAGES).await, "a body that is no form");
        }
    });
}

#[test]
fn thirty_people_upload_at_once_and_nothing_is_lost() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let each = (0..30).map(|number| {
            let client = if number % 2 == 0 { &gallery.admin } else { &gallery.player };
            client.upload(&gallery.workspace, picture(number), "one of many")
        });
        let answers = futures_util::future::join_all(each).await;
        let ids: BTreeSet<String> = answers.into_iter().map(|answer| answer.expect(201).id()).collect();
        assert_eq!(ids.len(), 30);
        assert_eq!(lobby.database.number(IMAGES).await, 30);
        assert_eq!((objects(lobby), spooled(lobby)), (30 * EACH, 0));
        for id in ids {
            gallery.admin.get(&format!("/images/{id}/content")).await.expect(200);
        }
    });
}

#[test]
fn a_repeated_upload_with_the_same_key_has_one_effect() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let send = async |bytes: &[u8], description: &str| {
            let form = Form::new()
                .text("description", description.to_owned())
                .text("workspace", workspace.clone())
                .part("file", file(bytes.to_vec(), "a.png"));
            let request = owner.request(Method::POST, "/images").header("Idempotency-Key", "upload-1");
            owner.send(request.multipart(form)).await
        };
        let bytes = pictures::fresh();
        let first = send(&bytes, "once").await.expect(201);
        let again = send(&bytes, "once").await.expect(201);
        assert_eq!(again.json, first.json);
        assert_eq!(again.header("idempotency-replayed"), "true");
        send(&bytes, "twice").await.problem(422, "idempotency_key_reused");
        send(&pictures::fresh(), "once").await.problem(422, "idempotency_key_reused");
        assert_eq!(lobby.database.number(IMAGES).await, 1);
        assert_eq!((objects(lobby), spooled(lobby)), (EACH, 0), "what was refused leaves nothing");
    });
}
