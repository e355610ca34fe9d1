//! Files that are no pictures, or not the pictures they claim to be: a clear refusal, and nothing left behind.

use image::ImageFormat;
use serde_json::json;

use super::{
    EACH, IMAGES, assert_nothing_stored, files,
    pictures::{self, FORMATS, coded, halves},
};
use crate::harness::{lobby, lobby_with};

#[test]
fn a_file_that_is_no_picture_is_refused_and_leaves_nothing() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let noise = (0..4096_u32).map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
        let cases: [(&str, Vec<u8>, u16, &str); 9] = [
            ("no byte", vec![], 422, "file_empty"),
            ("one byte", vec![0xff], 415, "unsupported_image"),
            (
                "an SVG",
                b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".into(),
                415,
                "unsupported_image",
            ),
            ("a page", b"<!doctype html><script>alert(1)</script>".into(), 415, "unsupported_image"),
            ("noise", noise, 415, "unsupported_image"),
            ("a BMP", b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0".into(), 415, "unsupported_image"),
            ("a JPEG's start", vec![0xff, 0xd8, 0xff, 0xe0], 422, "image_corrupt"),
            ("a PNG's start", b"\x89PNG\r\n\x1a\n".into(), 422, "image_corrupt"),
            ("a page in a GIF", b"GIF89a\x08\0\x08\0\0\0\0=1;<script>alert(1)</script>".into(), 422, "image_corrupt"),
        ];
        for (what, bytes, status, code) in cases {
            owner.upload(&workspace, bytes, what).await.problem(status, code);
            assert_nothing_stored(lobby, lobby.database.number(IMAGES).await, what);
        }
    });
}

#[test]
fn a_picture_that_was_cut_off_is_refused_wherever_it_was_cut() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for (format, media_type) in FORMATS {
            let whole = coded(&halves(64, 48), format);
            for kept in [whole.len() / 4, whole.len() / 2, whole.len() * 3 / 4, whole.len() - 3] {
                let answer =
                    owner.upload(&workspace, whole[..kept].to_vec(), "cut off").await.problem(422, "image_corrupt");
                let what = format!("{kept} bytes of {media_type}: {}", answer.json);
                assert_nothing_stored(lobby, lobby.database.number(IMAGES).await, &what);
            }
        }
    });
}

#[test]
fn a_header_that_claims_too_much_is_refused_before_anything_is_decoded() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for (format, media_type) in FORMATS {
            for (side, bound) in [(40_000, "side"), (16_000, "pixels")] {
                let bomb = pictures::claiming(format, side, side);
                let answer = owner.upload(&workspace, bomb, "a bomb").await.problem(422, "image_too_large");
                assert_eq!((&answer.json["width"], &answer.json["height"]), (&json!(side), &json!(side)));
                assert_eq!(answer.json["bound"], bound, "{media_type}");
                assert_nothing_stored(lobby, lobby.database.number(IMAGES).await, media_type);
            }
        }
    });
}

#[test]
fn a_header_that_claims_another_size_than_the_pixels_have_is_refused() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for (format, media_type) in FORMATS {
            // A GIF's pictures may be smaller than its screen.
            if format != ImageFormat::Gif && format != ImageFormat::Jpeg {
                let liar = pictures::claiming(format, 3000, 3000);
                owner.upload(&workspace, liar, media_type).await.problem(422, "image_corrupt");
                assert_nothing_stored(lobby, lobby.database.number(IMAGES).await, media_type);
            }
        }
    });
}

#[test]
fn an_animation_of_too_many_pictures_is_refused() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let answer = owner.upload(&workspace, pictures::animation(201), "long").await.problem(422, "image_too_large");
        assert_eq!((&answer.json["bound"], &answer.json["limit"]), (&json!("frames"), &json!(200)));
        assert_nothing_stored(lobby, lobby.database.number(IMAGES).await, "an animation");
        owner.upload(&workspace, pictures::animation(200), "as long as it may be").await.expect(201);
    });
}

#[test]
fn the_limits_are_the_operators() {
    let variables = [
        ("LOBBY__GALLERY__MAX_SIDE", "100"),
        ("LOBBY__GALLERY__MAX_PIXELS", "5000"),
        ("LOBBY__GALLERY__MAX_BYTES", "2000"),
    ];
    lobby_with(&variables, async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let png = |width, height| coded(&halves(width, height), ImageFormat::Png);
        let wide = owner.upload(&workspace, png(101, 1), "wide").await.problem(422, "image_too_large");
        assert_eq!(wide.json["bound"], "side");
        let large = owner.upload(&workspace, png(72, 70), "large").await.problem(422, "image_too_large");
        assert_eq!(large.json["bound"], "pixels");
        let heavy = [png(8, 8), vec![0; 2000]].concat();
        let heavy = owner.upload(&workspace, heavy, "heavy").await.problem(413, "file_too_large");
        assert_eq!(heavy.json["limit"], 2000);
        assert_nothing_stored(lobby, lobby.database.number(IMAGES).await, "pictures beyond the limits");
        owner.upload(&workspace, png(100, 50), "right").await.expect(201);
        assert_eq!(files(&lobby.folder.path().join("media")), EACH);
    });
}
