//! The bytes of an image: caching, stretches, variants, and who gets them until when.

use image::ImageFormat;
use reqwest::Method;

use super::{
    Gallery, approve, asking,
    pictures::{self, coded, halves, held},
    submit, withdraw,
};
use crate::harness::{Client, lobby, picture};

/// Red, as far as a JPEG keeps it.
fn is_red([red, _, blue]: [u8; 3]) -> bool {
    red > 200 && blue < 60
}

fn is_blue([red, _, blue]: [u8; 3]) -> bool {
    blue > 200 && red < 60
}

#[test]
fn content_is_served_safely_and_cached_only_by_who_asked() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        for variant in ["", "?variant=thumbnail"] {
            let path = format!("/images/{id}/content{variant}");
            let answer = gallery.company.get(&path).await.expect(200);
            assert_eq!(answer.header("content-length"), answer.bytes.len().to_string());
            assert_eq!(answer.header("cache-control"), "private, no-cache");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("content-disposition"), "inline");
            assert_eq!(answer.header("accept-ranges"), "bytes");
            assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox");

            let etag = answer.header("etag");
            for tags in [etag.to_owned(), format!("\"other\", W/{etag}"), "*".to_owned()] {
                let known = asking(&gallery.company, Method::GET, &path, &[("If-None-Match", &tags)]).await.expect(304);
                assert_eq!((known.header("etag"), known.bytes.len()), (etag, 0));
            }
            let changed =
                asking(&gallery.company, Method::GET, &path, &[("If-None-Match", "\"other\"")]).await.expect(200);
            assert_eq!(changed.bytes, answer.bytes);

            let head = gallery.company.call(Method::HEAD, &path, None).await.expect(200);
            assert!(head.bytes.is_empty());
            for name in ["etag", "content-type", "content-length", "cache-control", "accept-ranges"] {
                assert_eq!(head.header(name), answer.header(name), "{name}");
            }
        }
        let tag = async |variant: &str| {
            let answer = gallery.admin.get(&format!("/images/{id}/content{variant}")).await.expect(200);
            answer.header("etag").to_owned()
        };
        let tags = [tag("").await, tag("?variant=thumbnail").await, tag("?variant=original").await];
        assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "variants share a tag: {tags:?}");
    });
}

#[test]
fn a_stretch_of_the_bytes_is_what_was_asked_for() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let id = owner.upload(&workspace, picture(1), "bytes").await.expect(201).id();
        let path = format!("/images/{id}/content");
        let whole = owner.get(&path).await.expect(200);
        let length = whole.bytes.len();
        assert!(length > 200);
        let ranged = async |range: &str| asking(&owner, Method::GET, &path, &[("Range", range)]).await;
        for (range, from, to) in [
            ("bytes=0-0", 0, 1),
            ("bytes=0-99", 0, 100),
            ("bytes=100-", 100, length),
            ("bytes=-7", length - 7, length),
            ("bytes=50-999999999", 50, length),
            ("bytes=-999999999", 0, length),
        ] {
            let answer = ranged(range).await.expect(206);
            assert_eq!(answer.bytes, whole.bytes[from..to], "{range}");
            assert_eq!(answer.header("content-range"), format!("bytes {from}-{}/{length}", to - 1));
            assert_eq!(answer.header("content-type"), "image/jpeg");
            assert_eq!(answer.header("etag"), whole.header("etag"));
        }
        for range in [&*format!("bytes={length}-"), "bytes=-0", "bytes=9-8", "bytes=x-y"] {
            let answer = ranged(range).await.problem(416, "range_not_satisfiable");
            assert_eq!(answer.header("content-range"), format!("bytes */{length}"));
        }
        for range in ["bytes=0-1,5-6", "lines=1-2"] {
            assert_eq!(ranged(range).await.expect(200).bytes, whole.bytes, "{range}");
        }
        let with_tag =
            async |tag: &str| asking(&owner, Method::GET, &path, &[("Range", "bytes=0-9"), ("If-Range", tag)]).await;
        assert_eq!(with_tag(whole.header("etag")).await.expect(206).bytes, whole.bytes[..10]);
        assert_eq!(with_tag("\"other\"").await.expect(200).bytes, whole.bytes);
    });
}

#[test]
fn a_large_file_is_the_same_in_pieces_as_whole() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        // Noise does not compress: more than one piece of a store and of a stream.
        let mut state = 1_u32;
        let noise = image::RgbImage::from_fn(1900, 1700, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [red, green, blue, _] = state.to_be_bytes();
            image::Rgb([red, green, blue])
        });
        let bytes = coded(&noise.into(), ImageFormat::Png);
        assert!(bytes.len() > 8 * 1024 * 1024);
        let id = owner.upload(&workspace, bytes.clone(), "noise").await.expect(201).id();
        let original = format!("/images/{id}/content?variant=original");
        assert!(owner.get(&original).await.expect(200).bytes == bytes, "the original is another");
        let mut gathered = Vec::new();
        while gathered.len() < bytes.len() {
            let range = format!("bytes={}-{}", gathered.len(), gathered.len() + 3_000_000);
            gathered.extend(asking(&owner, Method::GET, &original, &[("Range", &range)]).await.expect(206).bytes);
        }
        assert!(gathered == bytes, "the pieces are not the whole");
        let shown = owner.get(&format!("/images/{id}/content")).await.expect(200);
        assert_eq!(pictures::decoded(&shown.bytes).width(), 1900);
    });
}

#[test]
fn renditions_are_the_right_way_up_and_thumbnails_small() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        // Held so that what was left is to be above.
        let answer = owner.upload(&workspace, held(&halves(1000, 500), 6), "turned").await.expect(201);
        assert_eq!((answer.json["width"].as_u64(), answer.json["height"].as_u64()), (Some(500), Some(1000)));
        for (variant, width, height) in [("", 500, 1000), ("?variant=thumbnail", 160, 320)] {
            let shown = owner.get(&format!("/images/{}/content{variant}", answer.id())).await.expect(200).bytes;
            let size = pictures::decoded(&shown);
            assert_eq!((size.width(), size.height()), (width, height));
            let middle = width / 2;
            assert!(is_red(pictures::pixel(&shown, middle, 5)), "{variant} is not turned");
            assert!(is_blue(pictures::pixel(&shown, middle, height - 5)), "{variant} is not turned");
        }
        for (format, media_type) in pictures::FORMATS {
            let id = owner.upload(&workspace, coded(&halves(900, 33), format), media_type).await.expect(201).id();
            let thumbnail = owner.get(&format!("/images/{id}/content?variant=thumbnail")).await.expect(200).bytes;
            assert_eq!(pictures::decoded(&thumbnail).width(), 320, "{media_type}");
            assert!(is_red(pictures::pixel(&thumbnail, 5, 5)) && is_blue(pictures::pixel(&thumbnail, 315, 5)));
        }
        let small = owner.upload(&workspace, pictures::fresh(), "small").await.expect(201).id();
        let thumbnail = owner.get(&format!("/images/{small}/content?variant=thumbnail")).await.expect(200).bytes;
        assert_eq!(pictures::decoded(&thumbnail).width(), 8, "nothing is made larger");
    });
}

#[test]
fn the_original_is_for_those_who_may_edit_it() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let bytes = held(&halves(60, 40), 3);
        let id = gallery.player.upload(&gallery.workspace, bytes.clone(), "as it was").await.expect(201).id();
        gallery.bring(&id, "approved").await;
        let path = format!("/images/{id}/content?variant=original");
        for client in [&gallery.admin, &gallery.player] {
            assert_eq!(client.get(&path).await.expect(200).bytes, bytes);
        }
        for client in [&gallery.company, &gallery.subscriber] {
            for method in [Method::GET, Method::HEAD] {
                asking(client, method, &path, &[]).await.expect(403);
            }
            let known = format!("\"{id}-original\"");
            asking(client, Method::GET, &path, &[("If-None-Match", &known)]).await.problem(403, "permission_denied");
            asking(client, Method::GET, &path, &[("Range", "bytes=0-9")]).await.problem(403, "permission_denied");
        }
        gallery.admin.get(&format!("/images/{id}/content?variant=huge")).await.faults(&["?variant"]);
        gallery.admin.get(&format!("/images/{id}/content?size=1")).await.faults(&["?size"]);
    });
}

/// That someone finds nothing of an image, also not by what they remember of it.
async fn is_gone_for(client: &Client, id: &str, workspace: &str) {
    for path in
        [format!("/images/{id}"), format!("/images/{id}/content"), format!("/images/{id}/content?variant=thumbnail")]
    {
        client.get(&path).await.problem(404, "not_found");
        client.call(Method::HEAD, &path, None).await.expect(404);
        for header in [("If-None-Match", "*"), ("Range", "bytes=0-1")] {
            asking(client, Method::GET, &path, &[header]).await.problem(404, "not_found");
        }
    }
    let list = client.get(&format!("/images?workspace={workspace}")).await.expect(200);
    assert!(!list.each("id").contains(&id), "the list still tells of it");
}

#[test]
fn what_is_withdrawn_rejected_or_deleted_is_gone_with_the_next_request() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        let content = format!("/images/{id}/content");
        gallery.company.get(&content).await.expect(200);

        withdraw(&gallery.player, &id).await.expect(204);
        is_gone_for(&gallery.company, &id, &gallery.workspace).await;
        submit(&gallery.player, &id).await.expect(201);
        is_gone_for(&gallery.company, &id, &gallery.workspace).await;
        super::reject(&gallery.admin, &id, "not any more").await.expect(200);
        is_gone_for(&gallery.company, &id, &gallery.workspace).await;
        submit(&gallery.player, &id).await.expect(201);
        approve(&gallery.admin, &id).await.expect(200);
        gallery.company.get(&content).await.expect(200);
        gallery.player.delete(&format!("/images/{id}")).await.expect(204);
        is_gone_for(&gallery.company, &id, &gallery.workspace).await;
        gallery.admin.get(&content).await.problem(404, "not_found");
    });
}
