//! The two sizes that every image has, in the coding that the client takes; and what is drawn while they load.

use base64::{Engine, engine::general_purpose::STANDARD};
use image::{ImageFormat, Rgba, RgbaImage};
use reqwest::Method;

use super::{
    asking,
    pictures::{self, coded, halves, held},
};
use crate::harness::{Answer, Client, lobby, picture};

async fn variant(client: &Client, id: &str, name: &str, accept: &str) -> Answer {
    let path = format!("/images/{id}/content?variant={name}");
    asking(client, Method::GET, &path, &[("Accept", accept)]).await.expect(200)
}

const BROWSER: &str = "image/avif,image/webp,image/apng,*/*;q=0.8";

/// Whether caches are told that the answer depends on what the client takes.
fn varies(answer: &Answer) -> bool {
    answer.header("vary").split(',').any(|name| name.trim().eq_ignore_ascii_case("accept"))
}

#[test]
fn a_client_gets_the_size_it_asks_for_in_the_coding_it_takes() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for (format, media_type) in pictures::FORMATS {
            let id = owner.upload(&workspace, coded(&halves(1600, 800), format), media_type).await.expect(201).id();
            for (name, width, height) in [("320", 320, 160), ("1280", 1280, 640)] {
                for (accept, coding) in [
                    (BROWSER, "image/webp"),
                    ("*/*", "image/jpeg"),
                    ("image/webp;q=0,*/*", "image/jpeg"),
                    ("image/png", "image/jpeg"),
                ] {
                    let answer = variant(&owner, &id, name, accept).await;
                    assert_eq!(answer.header("content-type"), coding, "{media_type} {name} for {accept}");
                    assert!(varies(&answer), "{}", answer.header("vary"));
                    assert_eq!(answer.header("content-length"), answer.bytes.len().to_string());
                    let size = pictures::decoded(&answer.bytes);
                    assert_eq!((size.width(), size.height()), (width, height), "{media_type}");
                    let [red, _, blue] = pictures::pixel(&answer.bytes, 5, 5);
                    assert!(red > 200 && blue < 60, "{media_type} {name} for {accept}");
                }
            }
        }
    });
}

#[test]
fn each_coding_is_cached_for_itself_and_comes_in_stretches() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let id = owner.upload(&workspace, picture(1), "cached").await.expect(201).id();
        let path = format!("/images/{id}/content?variant=1280");
        let (webp, plain) = (variant(&owner, &id, "1280", BROWSER).await, variant(&owner, &id, "1280", "*/*").await);
        assert_ne!(webp.header("etag"), plain.header("etag"));
        let known = [("Accept", BROWSER), ("If-None-Match", webp.header("etag"))];
        let same = asking(&owner, Method::GET, &path, &known).await.expect(304);
        assert!(varies(&same), "{}", same.header("vary"));
        let other = [("Accept", "*/*"), ("If-None-Match", webp.header("etag"))];
        assert_eq!(asking(&owner, Method::GET, &path, &other).await.expect(200).bytes, plain.bytes);
        let stretch = [("Accept", BROWSER), ("Range", "bytes=4-11")];
        assert_eq!(asking(&owner, Method::GET, &path, &stretch).await.expect(206).bytes, webp.bytes[4..12]);
    });
}

#[test]
fn nothing_is_made_larger_and_what_shines_through_stays_so() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let glass = RgbaImage::from_fn(400, 100, |x, _| Rgba([250, 0, 0, if x < 200 { 0 } else { 255 }]));
        let id = owner.upload(&workspace, coded(&glass.into(), ImageFormat::Png), "glass").await.expect(201).id();
        for (accept, coding) in [(BROWSER, "image/webp"), ("*/*", "image/png")] {
            let answer = variant(&owner, &id, "1280", accept).await;
            assert_eq!(answer.header("content-type"), coding);
            let shown = pictures::decoded(&answer.bytes).into_rgba8();
            assert_eq!((shown.width(), shown.height()), (400, 100));
            assert!(shown.get_pixel(10, 50).0[3] < 20 && shown.get_pixel(390, 50).0[3] > 235, "{coding}");
        }
    });
}

#[test]
fn photographs_are_turned_in_every_size() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let id = owner.upload(&workspace, held(&halves(2000, 1000), 6), "turned").await.expect(201).id();
        for (name, width, height) in [("320", 160, 320), ("1280", 640, 1280)] {
            for accept in [BROWSER, "*/*"] {
                let shown = variant(&owner, &id, name, accept).await.bytes;
                let size = pictures::decoded(&shown);
                assert_eq!((size.width(), size.height()), (width, height));
                let [red, _, blue] = pictures::pixel(&shown, width / 2, 5);
                assert!(red > 200 && blue < 60, "{name} for {accept} is not turned");
            }
        }
    });
}

#[test]
fn a_stand_in_comes_with_the_image() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let red = coded(&image::RgbImage::from_pixel(90, 60, image::Rgb([250, 0, 0])).into(), ImageFormat::Jpeg);
        let answer = owner.upload(&workspace, red, "red").await.expect(201);
        let hash = STANDARD.decode(answer.text("thumbhash")).unwrap();
        assert!((5..=64).contains(&hash.len()), "{} bytes", hash.len());
        // Its first 24 bits: how bright, how yellow, how red on the whole (six bits each).
        let header = u32::from(hash[0]) | u32::from(hash[1]) << 8 | u32::from(hash[2]) << 16;
        let brightness = f64::from(header & 63) / 63.0;
        assert!((0.2..0.5).contains(&brightness), "{brightness}");
        let one = owner.get(&format!("/images/{}", answer.id())).await.expect(200);
        assert_eq!(one.text("thumbhash"), answer.text("thumbhash"));
    });
}

#[test]
fn an_image_from_before_there_were_sizes_shows_what_it_has() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let id = owner.upload(&workspace, coded(&halves(1500, 20), ImageFormat::Png), "old").await.expect(201).id();
        let forget = "UPDATE gallery.images SET small_webp_bytes = NULL, large_bytes = NULL, large_webp_bytes = NULL, \
                      thumbhash = NULL";
        lobby.database.execute(forget).await;
        assert!(owner.get(&format!("/images/{id}")).await.expect(200).json["thumbhash"].is_null());
        let (small, large) = (variant(&owner, &id, "320", BROWSER).await, variant(&owner, &id, "1280", BROWSER).await);
        assert_eq!((small.header("content-type"), large.header("content-type")), ("image/jpeg", "image/png"));
        assert_eq!(pictures::decoded(&large.bytes).width(), 1500);
    });
}
