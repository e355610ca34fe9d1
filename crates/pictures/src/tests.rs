//! Pictures made by hand, to be taken or refused.

use std::{io::Cursor, time::Instant};

use image::{DynamicImage, ImageReader, Rgb, RgbImage, Rgba, RgbaImage};

use super::{Bound, Format, Limits, PictureFault, develop, encode};

const LIMITS: Limits = Limits { pixels: 50_000_000, side: 16_384, frames: 200 };
/// What must never leave with a rendition.
const SECRET: &[u8] = b"52.5200N 13.4050E secret";

/// Left half red, right half blue, so that it shows how it was turned.
fn halves(width: u32, height: u32) -> DynamicImage {
    let red_then_blue = |x, _| if x < width / 2 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) };
    RgbImage::from_fn(width, height, red_then_blue).into()
}

fn coded(format: Format) -> Vec<u8> {
    encode(&halves(64, 32), format, 90).unwrap()
}

fn all() -> [(Format, Vec<u8>); 4] {
    [Format::Jpeg, Format::Png, Format::WebP, Format::Gif].map(|format| (format, coded(format)))
}

/// An EXIF block with an orientation and a GPS position, as a camera writes it.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    tiff.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]);
    tiff.extend([0, 0, 0, 0]);
    let length = u8::try_from(SECRET.len()).unwrap();
    tiff.extend([1, 0, 0x1b, 0, 7, 0, length, 0, 0, 0, 56, 0, 0, 0, 0, 0, 0, 0]);
    tiff.extend(SECRET);
    tiff
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], length.as_slice(), content].concat()
}

fn png_chunk(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let covered = [kind.as_slice(), content].concat();
    let mut crc = u32::MAX;
    for byte in &covered {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [length.as_slice(), &covered, &(!crc).to_be_bytes()].concat()
}

fn riff_chunk(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    let padding = vec![0; content.len() % 2];
    [kind.as_slice(), &length, content, &padding].concat()
}

fn riff(chunks: &[u8]) -> Vec<u8> {
    let length = u32::try_from(chunks.len() + 4).unwrap().to_le_bytes();
    [b"RIFF".as_slice(), &length, b"WEBP", chunks].concat()
}

/// The same picture with everything that a camera or a program may write beside the pixels.
fn with_metadata(format: Format, orientation: u8) -> Vec<u8> {
    let plain = coded(format);
    let exif = exif(orientation);
    match format {
        Format::Jpeg => [
            &plain[..2],
            &segment(0xe1, &[b"Exif\0\0".as_slice(), &exif].concat()),
            &segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0".as_slice(), SECRET].concat()),
            &segment(0xe2, &[b"ICC_PROFILE\0\x01\x01".as_slice(), SECRET].concat()),
            &segment(0xed, &[b"Photoshop 3.0\0".as_slice(), SECRET].concat()),
            &segment(0xfe, SECRET),
            &plain[2..],
            SECRET,
        ]
        .concat(),
        Format::Png => [
            &plain[..33],
            &png_chunk(*b"eXIf", &exif),
            &png_chunk(*b"tEXt", &[b"Comment\0".as_slice(), SECRET].concat()),
            &png_chunk(*b"tIME", SECRET),
            &plain[33..],
            SECRET,
        ]
        .concat(),
        Format::WebP => {
            let header = [0x20 | 0x08 | 0x04, 0, 0, 0, 63, 0, 0, 31, 0, 0];
            let chunks = [
                riff_chunk(*b"VP8X", &header),
                riff_chunk(*b"ICCP", SECRET),
                plain[12..].to_vec(),
                riff_chunk(*b"EXIF", &exif),
                riff_chunk(*b"XMP ", SECRET),
                riff_chunk(*b"junk", SECRET),
            ];
            [riff(&chunks.concat()).as_slice(), SECRET].concat()
        }
        Format::Gif => {
            let length = [u8::try_from(SECRET.len()).unwrap()];
            let comment = [&[0x21, 0xfe], length.as_slice(), SECRET, &[0]].concat();
            let xmp = [b"\x21\xff\x0bXMP DataXMP".as_slice(), &length, SECRET, &[0]].concat();
            // The loop count with a block more than it has.
            let looping = [b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0".as_slice(), &length, SECRET, &[0]].concat();
            let start = 13 + if plain[10] & 0x80 == 0 { 0 } else { 3 * (2 << (plain[10] & 7)) };
            [&plain[..start], &comment, &xmp, &looping, &plain[start..], SECRET].concat()
        }
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn pixels(bytes: &[u8]) -> RgbImage {
    ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap().decode().unwrap().into_rgb8()
}

fn is_red(pixel: Rgb<u8>) -> bool {
    pixel.0[0] > 180 && pixel.0[2] < 70
}

#[test]
fn the_format_is_told_by_the_bytes() {
    for (format, bytes) in all() {
        assert_eq!(Format::sniff(&bytes), Some(format));
    }
    for other in
        [b"".as_slice(), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<!doctype html>", b"BM", b"RIFF1234WAVE"]
    {
        assert_eq!(Format::sniff(other), None);
        assert_eq!(develop(other, &LIMITS).unwrap_err(), PictureFault::Unsupported);
    }
}

#[test]
fn each_format_gets_its_renditions() {
    for (format, bytes) in all() {
        let made = develop(&bytes, &LIMITS).unwrap();
        assert_eq!((made.format, made.width, made.height, made.frames), (format, 64, 32, 1));
        assert_eq!(Format::sniff(&made.display), Some(format));
        assert_eq!(made.plain_format, Format::Jpeg, "{format:?}: it is opaque");
        let shown = pixels(&made.display);
        assert!(is_red(*shown.get_pixel(5, 16)) && !is_red(*shown.get_pixel(60, 16)), "{format:?}");
    }
}

#[test]
fn no_metadata_leaves_with_a_rendition() {
    for format in [Format::Jpeg, Format::Png, Format::WebP, Format::Gif] {
        for orientation in [1, 6] {
            let bytes = with_metadata(format, orientation);
            assert!(contains(&bytes, SECRET));
            let made = develop(&bytes, &LIMITS).unwrap_or_else(|fault| panic!("{format:?}: {fault}"));
            for rendition in [&made.display, &made.small.plain] {
                for trace in [SECRET, b"Exif", b"eXIf", b"EXIF", b"XMP", b"ICC", b"Photoshop", b"II*\0", b"tEXt"] {
                    assert!(!contains(rendition, trace), "{format:?} {}", String::from_utf8_lossy(trace));
                }
            }
        }
    }
}

#[test]
fn a_picture_is_turned_the_right_way_up() {
    for format in [Format::Jpeg, Format::Png, Format::WebP] {
        // 6: the camera was held upright, so the left half is on top.
        let made = develop(&with_metadata(format, 6), &LIMITS).unwrap();
        assert_eq!((made.width, made.height), (32, 64), "{format:?}");
        for rendition in [&made.display, &made.small.plain] {
            let shown = pixels(rendition);
            assert!(is_red(*shown.get_pixel(16, 5)) && !is_red(*shown.get_pixel(16, 60)), "{format:?}");
        }
        let made = develop(&with_metadata(format, 3), &LIMITS).unwrap();
        assert!(is_red(*pixels(&made.display).get_pixel(60, 16)), "{format:?}: upside down");
        // What is no orientation turns nothing.
        assert_eq!(develop(&with_metadata(format, 77), &LIMITS).unwrap().width, 64);
    }
}

#[test]
fn a_picture_cut_off_anywhere_is_refused() {
    for (format, bytes) in all() {
        for length in 0..bytes.len() {
            assert!(develop(&bytes[..length], &LIMITS).is_err(), "{format:?} cut off at {length} of {}", bytes.len());
        }
        let half = &bytes[..bytes.len() / 2];
        assert_eq!(develop(half, &LIMITS).unwrap_err(), PictureFault::Corrupt, "{format:?}");
    }
}

#[test]
fn no_bytes_make_it_panic() {
    let mut seed = 7_u64;
    for (_, bytes) in all() {
        for _ in 0..300 {
            let mut broken = bytes.clone();
            for _ in 0..3 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let place = usize::try_from(seed >> 33).unwrap() % broken.len();
                broken[place] = seed.to_le_bytes()[3];
            }
            let _ = develop(&broken, &Limits { pixels: 10_000, side: 1_000, frames: 3 });
        }
    }
}

/// Headers that claim 40,000 by 40,000 pixels, or as much as the format can, with nothing behind them.
fn bombs() -> [Vec<u8>; 5] {
    let side = 40_000_u32.to_be_bytes();
    let short = 40_000_u16.to_be_bytes();
    let frame = [&[8], short.as_slice(), &short, &[1, 1, 0x11, 0]].concat();
    let canvas = [0, 0, 0, 0, 0x3f, 0x9c, 0, 0x3f, 0x9c, 0];
    let lossless = [0x2f, 0xff, 0xff, 0xff, 0x0f];
    [
        [&[0xff, 0xd8], segment(0xc0, &frame).as_slice()].concat(),
        [
            b"\x89PNG\r\n\x1a\n".as_slice(),
            &png_chunk(*b"IHDR", &[&side, &side, [8, 6, 0, 0].as_slice(), &[0]].concat()),
        ]
        .concat(),
        [b"GIF89a".as_slice(), &40_000_u16.to_le_bytes(), &40_000_u16.to_le_bytes(), &[0, 0, 0]].concat(),
        riff(&riff_chunk(*b"VP8X", &canvas)),
        riff(&riff_chunk(*b"VP8L", &lossless)),
    ]
}

#[test]
fn a_header_that_claims_too_much_is_refused_at_once() {
    for bomb in bombs() {
        let start = Instant::now();
        let fault = develop(&bomb, &LIMITS).unwrap_err();
        assert!(start.elapsed().as_millis() < 50, "{:?}", start.elapsed());
        assert!(matches!(fault, PictureFault::TooLarge { width: 16_384.., height: 16_384.., .. }), "{fault:?}");
    }
}

#[test]
fn pixels_are_bounded_as_well_as_sides() {
    let limits = Limits { pixels: 64 * 32 - 1, ..LIMITS };
    for (_, bytes) in all() {
        let fault = develop(&bytes, &limits).unwrap_err();
        assert_eq!(fault, PictureFault::TooLarge { width: 64, height: 32, bound: Bound::Pixels, limit: 2047 });
        assert!(develop(&bytes, &Limits { pixels: 64 * 32, ..LIMITS }).is_ok());
    }
}

/// An animation: the blocks of one picture, over and over.
fn animated(frames: usize) -> [(Format, Vec<u8>); 2] {
    let gif = coded(Format::Gif);
    let start = 13 + if gif[10] & 0x80 == 0 { 0 } else { 3 * (2 << (gif[10] & 7)) };
    let body = gif[start..gif.len() - 1].repeat(frames);
    let gif = [&gif[..start], b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0", &body, &[0x3b]].concat();

    let still = coded(Format::WebP);
    let head = [0, 0, 0, 0, 0, 0, 63, 0, 0, 31, 0, 0, 100, 0, 0, 0];
    let secret = riff_chunk(*b"junk", SECRET);
    let frame = riff_chunk(*b"ANMF", &[head.as_slice(), &still[12..], &secret].concat());
    let header = riff_chunk(*b"VP8X", &[0x02 | 0x08, 0, 0, 0, 63, 0, 0, 31, 0, 0]);
    let chunks = [header, riff_chunk(*b"ANIM", &[0; 6]), frame.repeat(frames), riff_chunk(*b"EXIF", &exif(6))];
    [(Format::Gif, gif), (Format::WebP, riff(&chunks.concat()))]
}

#[test]
fn an_animation_stays_one_and_its_frames_are_bounded() {
    for (format, bytes) in animated(5) {
        let made = develop(&bytes, &LIMITS).unwrap();
        assert_eq!((made.frames, made.width, made.height), (5, 64, 32), "{format:?}");
        assert!(!contains(&made.display, SECRET), "{format:?}");
        assert_eq!(develop(&made.display, &LIMITS).unwrap().frames, 5, "{format:?} is still whole");
    }
    let (_, gif) = &animated(2)[0];
    assert!(contains(&develop(gif, &LIMITS).unwrap().display, b"NETSCAPE2.0"), "it goes on repeating");
    for (_, bytes) in animated(201) {
        let fault = develop(&bytes, &LIMITS).unwrap_err();
        assert_eq!(fault, PictureFault::TooLarge { width: 64, height: 32, bound: Bound::Frames, limit: 200 });
    }
}

#[test]
fn sizes_that_contradict_each_other_are_refused() {
    // An extended header of 64 by 32 around a picture of its own opinion.
    let inner = encode(&halves(600, 300), Format::WebP, 90).unwrap();
    let header = riff_chunk(*b"VP8X", &[0, 0, 0, 0, 63, 0, 0, 31, 0, 0]);
    assert_eq!(develop(&riff(&[header, inner[12..].to_vec()].concat()), &LIMITS).unwrap_err(), PictureFault::Corrupt);

    // A second frame header behind the one that was checked.
    let jpeg = coded(Format::Jpeg);
    let second = segment(0xc0, &[8, 0x9c, 0x40, 0x9c, 0x40, 1, 1, 0x11, 0]);
    let twice = [&jpeg[..jpeg.len() - 2], &second, &jpeg[jpeg.len() - 2..]].concat();
    assert_eq!(develop(&twice, &LIMITS).unwrap_err(), PictureFault::Corrupt);

    // A frame far larger than the screen that was checked.
    let mut gif = coded(Format::Gif);
    let image = gif.iter().rposition(|byte| *byte == 0x2c && *byte != 0).unwrap();
    let at = gif.windows(9).position(|window| window == [0x2c, 0, 0, 0, 0, 64, 0, 32, 0]).unwrap_or(image);
    gif[at + 5..at + 9].copy_from_slice(&[0x40, 0x9c, 0x40, 0x9c]);
    assert!(matches!(develop(&gif, &LIMITS).unwrap_err(), PictureFault::TooLarge { width: 40_000, .. }));
}

#[test]
fn a_thumbnail_is_small_and_keeps_what_shines_through() {
    let glass = RgbaImage::from_fn(1000, 10, |x, _| Rgba([250, 0, 0, if x < 500 { 0 } else { 255 }]));
    for format in [Format::Png, Format::WebP] {
        let made = develop(&encode(&glass.clone().into(), format, 90).unwrap(), &LIMITS).unwrap();
        assert_eq!(made.plain_format, Format::Png);
        let small = ImageReader::new(Cursor::new(&made.small.plain)).with_guessed_format().unwrap().decode().unwrap();
        assert_eq!((small.width(), small.height()), (320, 3));
        assert_eq!(small.into_rgba8().get_pixel(10, 1).0[3], 0);
    }
    let line = encode(&halves(1000, 1), Format::Jpeg, 90).unwrap();
    let thumbnail = pixels(&develop(&line, &LIMITS).unwrap().small.plain);
    assert_eq!((thumbnail.width(), thumbnail.height()), (320, 1));
}

#[test]
fn sixteen_bits_and_grey_are_taken() {
    let grey = DynamicImage::ImageLuma16(image::ImageBuffer::from_pixel(400, 400, image::Luma([40_000])));
    let made = develop(&encode(&grey, Format::Png, 90).unwrap(), &LIMITS).unwrap();
    assert_eq!((made.width, made.plain_format), (400, Format::Jpeg));
    let grey = encode(&halves(40, 40).grayscale(), Format::Jpeg, 90).unwrap();
    assert_eq!(develop(&grey, &LIMITS).unwrap().format, Format::Jpeg);
}
