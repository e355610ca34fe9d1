//! Uploaded avatars.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use reqwest::{Method, multipart};
use serde_json::json;

use super::{made, profile_of};
use crate::harness::{Answer, Client, Lobby, lobby, picture};

fn path_of(client: &Client) -> String {
    format!("/profiles/{}/avatar", client.user)
}

fn coded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(width, height, Rgb([200, 30, 30])).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

async fn put(client: &Client, path: &str, kind: &str, bytes: Vec<u8>) -> Answer {
    client.send(client.request(Method::PUT, path).header("Content-Type", kind).body(bytes)).await
}

/// How many avatars the store holds.
fn objects(lobby: &Lobby) -> usize {
    let folder = lobby.folder.path().join("media/accounts/avatars");
    let people = std::fs::read_dir(folder).into_iter().flatten();
    people.flat_map(|person| std::fs::read_dir(person.unwrap().path()).unwrap()).count()
}

#[test]
fn a_picture_of_any_format_becomes_a_square_without_metadata() {
    lobby(async |lobby| {
        let ada = lobby.person().await;
        let path = path_of(&ada);
        ada.get(&path).await.problem(404, "not_found");
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
            let mut bytes = coded(300, 200, format);
            bytes.extend(b"GPS 52.5200N 13.4050E");
            let set = put(&ada, &path, "application/octet-stream", bytes).await.expect(200);
            assert_eq!(set.json["avatar"], json!({ "emoji": null, "color": null, "image": format!("/api/v1{path}") }));
            let seen = ada.get(&path).await.expect(200);
            let made = image::load_from_memory(&seen.bytes).unwrap();
            assert_eq!((made.width(), made.height()), (256, 256), "{format:?}");
            assert!(!String::from_utf8_lossy(&seen.bytes).contains("GPS"));
            assert_eq!(seen.header("content-type"), "image/jpeg");
            assert_eq!(seen.header("x-content-type-options"), "nosniff");
            assert!(seen.header("cache-control").contains("private"));
            let tag = seen.header("etag").to_owned();
            let known = ada.send(ada.request(Method::GET, &path).header("If-None-Match", tag)).await;
            assert_eq!((known.status.as_u16(), known.bytes.len()), (304, 0));
        }
    });
}

#[test]
fn it_comes_as_a_form_too_and_takes_the_place_of_an_emoji_and_back() {
    lobby(async |lobby| {
        let ada = lobby.person().await;
        let path = path_of(&ada);
        let fox = json!({ "avatar": { "emoji": "🦊", "color": "#ff8800" } });
        ada.patch(&profile_of(&ada), fox.clone()).await.expect(200);
        let form = multipart::Form::new().part("file", multipart::Part::bytes(picture(1)).file_name("me.jpg"));
        let set = ada.send(ada.request(Method::PUT, &path).multipart(form)).await.expect(200);
        assert!(set.json["avatar"]["emoji"].is_null());
        assert_eq!(objects(lobby), 1);
        let same = put(&ada, &path, "image/jpeg", picture(1)).await.expect(200);
        assert_eq!(same.header("etag"), set.header("etag"));

        put(&ada, &path, "image/jpeg", picture(2)).await.expect(200);
        assert_eq!(objects(lobby), 1, "the one that was replaced is still there");
        let back = ada.patch(&profile_of(&ada), fox).await.expect(200);
        assert_eq!(back.json["avatar"]["emoji"], "🦊");
        assert_eq!(objects(lobby), 0);
        ada.get(&path).await.problem(404, "not_found");

        put(&ada, &path, "image/jpeg", picture(3)).await.expect(200);
        ada.delete(&path).await.expect(204);
        ada.delete(&path).await.expect(204);
        assert_eq!(objects(lobby), 0);
        assert!(ada.get(&profile_of(&ada)).await.expect(200).json["avatar"].is_null());
    });
}

#[test]
fn what_is_no_picture_or_too_large_is_refused_and_nothing_is_kept() {
    lobby(async |lobby| {
        let ada = lobby.person().await;
        let path = path_of(&ada);
        put(&ada, &path, "image/png", b"<svg onload='alert(1)'/>".to_vec()).await.problem(415, "unsupported_image");
        put(&ada, &path, "text/html", picture(1)).await.problem(415, "unsupported_media_type");
        put(&ada, &path, "image/png", Vec::new()).await.problem(422, "file_empty");
        let png = coded(64, 64, ImageFormat::Png);
        put(&ada, &path, "image/png", png[..40].to_vec()).await.problem(422, "image_corrupt");
        let wide = coded(4097, 1, ImageFormat::Png);
        put(&ada, &path, "image/png", wide).await.problem(422, "image_too_large");
        let mut heavy = picture(1);
        heavy.resize(5 * 1024 * 1024 + 1, 0);
        put(&ada, &path, "image/jpeg", heavy).await.problem(413, "file_too_large");
        let form = multipart::Form::new().text("name", "me");
        ada.send(ada.request(Method::PUT, &path).multipart(form)).await.expect(422);
        assert_eq!(objects(lobby), 0);
        assert_eq!(ada.get(&profile_of(&ada)).await.expect(200).header("etag"), "\"1\"");
    });
}

#[test]
fn colleagues_see_it_strangers_do_not_and_only_who_may_edit_sets_it() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let bob = made(lobby, &owner, &workspace, "bob@example.org", "developer").await;
        let customer = lobby.member(&owner, &workspace, "customer").await;
        let (stranger, _) = lobby.workspace("devhub").await;
        let path = path_of(&bob);
        put(&owner, &path, "image/jpeg", picture(1)).await.expect(200);
        for colleague in [&bob, &owner, &customer] {
            colleague.get(&path).await.expect(200);
        }
        stranger.get(&path).await.problem(404, "not_found");
        for other in [&customer, &stranger] {
            put(other, &path, "image/jpeg", picture(2)).await.problem(404, "not_found");
            other.delete(&path).await.problem(404, "not_found");
        }
        put(&owner, &path_of(&customer), "image/jpeg", picture(2)).await.problem(403, "account_not_yours");

        let member = format!("/workspaces/{workspace}/members/{}", customer.user);
        owner.patch(&member, json!({ "status": "suspended" })).await.expect(200);
        customer.get(&path).await.problem(404, "not_found");
    });
}

#[test]
fn an_erased_account_takes_its_picture_along() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let bob = made(lobby, &owner, &workspace, "bob@example.org", "assistant").await;
        put(&bob, &path_of(&bob), "image/jpeg", picture(1)).await.expect(200);
        assert_eq!(objects(lobby), 1);
        owner.delete(&format!("/users/{}", bob.user)).await.expect(204);
        lobby.services().settle().await.unwrap();
        assert_eq!(objects(lobby), 0);
    });
}

#[test]
fn of_many_uploads_at_once_one_stays_and_no_other_object_does() {
    lobby(async |lobby| {
        let ada = lobby.person().await;
        let path = path_of(&ada);
        let uploads = (1..=8).map(|seed| put(&ada, &path, "image/jpeg", picture(seed)));
        for answer in futures_util::future::join_all(uploads).await {
            answer.expect(200);
        }
        ada.get(&path).await.expect(200);
        assert_eq!(objects(lobby), 1);
    });
}
