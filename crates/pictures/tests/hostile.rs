//! Files made to do harm, or to smuggle something out: whatever the bytes are, there is an answer, it takes little memory,
//! and what is shown has nothing in it but the picture.
#![allow(clippy::unwrap_used, reason = "a test that fails by panicking has done its work")]

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use image::{DynamicImage, Rgb, RgbImage};
use pictures::{Format, Limits, PictureFault, develop, encode, header};
use proptest::{collection::vec, prelude::*, sample::Index};

const LIMITS: Limits = Limits { pixels: 1_000_000, side: 4_096, frames: 20 };
const FORMATS: [Format; 4] = [Format::Jpeg, Format::Png, Format::WebP, Format::Gif];
const SECRET: &[u8] = b"52.5200N 13.4050E secret";

/// A picture with something in each of its parts.
fn drawn(width: u32, height: u32) -> DynamicImage {
    let bytes = |x: u32, y: u32| [x * 3, y * 5, x * y].map(|value| value.to_le_bytes()[0]);
    RgbImage::from_fn(width, height, |x, y| Rgb(bytes(x, y))).into()
}

fn coded(format: Format) -> Vec<u8> {
    encode(&drawn(64, 48), format, 88).unwrap()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], length.as_slice(), content].concat()
}

/// A chunk of a PNG. Nobody looks at its checksum before it is decoded, and most never are.
fn chunk(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(&kind);
    crc.update(content);
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [length.as_slice(), &kind, content, &crc.sum().to_be_bytes()].concat()
}

fn zeros(megabytes: usize) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    for _ in 0..megabytes {
        packed.write_all(&vec![0; 1 << 20]).unwrap();
    }
    packed.finish().unwrap()
}

/// The most memory that this process ever had, in MB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: 0 kB");
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

fn end_of(jpeg: &[u8]) -> usize {
    jpeg.len() - 2
}

#[test]
fn a_photograph_cut_off_and_closed_again_is_refused() {
    let jpeg = encode(&drawn(640, 480), Format::Jpeg, 88).unwrap();
    let start = jpeg.windows(2).position(|marker| marker == [0xff, 0xda]).unwrap() + 14;
    for part in 1..8 {
        let kept = start + (end_of(&jpeg) - start) * part / 8;
        let closed = [&jpeg[..kept], &[0xff, 0xd9]].concat();
        assert_eq!(develop(&closed, &LIMITS).unwrap_err(), PictureFault::Corrupt, "{part} of 8");
    }
}

#[test]
fn nothing_hides_in_the_parts_that_draw() {
    let jpeg = coded(Format::Jpeg);
    let thumbnail = [b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x04", SECRET].concat();
    let hidden = [
        ("behind the last pixels", [&jpeg[..end_of(&jpeg)], SECRET, &[0xff, 0xd9]].concat()),
        ("a JFIF thumbnail", [&jpeg[..2], &segment(0xe0, &thumbnail), &jpeg[2..]].concat()),
        ("an extension", [&jpeg[..2], &segment(0xf0, SECRET), &jpeg[2..]].concat()),
        ("Adobe's", [&jpeg[..2], &segment(0xee, &[b"Adobe\0\x64\0\0\0\0\x01", SECRET].concat()), &jpeg[2..]].concat()),
        ("between segments", [&jpeg[..2], SECRET, &jpeg[2..]].concat()),
    ];
    for (place, bytes) in hidden {
        assert!(contains(&bytes, SECRET));
        // It may be refused, too.
        let Ok(made) = develop(&bytes, &LIMITS) else { continue };
        for rendition in [&made.display, &made.large.plain, &made.large.webp, &made.small.plain, &made.small.webp] {
            assert!(!contains(rendition, SECRET), "{place}");
        }
    }
    let made = develop(&jpeg, &LIMITS).unwrap();
    assert!(contains(&made.display, &jpeg[end_of(&jpeg) - 50..]), "a sound one keeps its coded pixels");
}

#[test]
fn what_unpacks_to_much_more_is_not_unpacked() {
    let png = coded(Format::Png);
    let (bomb, before) = (zeros(300), peak());
    assert!(bomb.len() < 400_000);
    for kind in [*b"iCCP", *b"zTXt", *b"iTXt"] {
        let profile = [b"name\0\0".as_slice(), &bomb].concat();
        let made = develop(&[&png[..33], &chunk(kind, &profile), &png[33..]].concat(), &LIMITS).unwrap();
        assert_eq!((made.width, made.height), (64, 48));
        assert!(made.display.len() <= png.len());
    }
    // Pixels for a picture far larger than the one that the header tells of.
    let pixels = [&png[..33], &chunk(*b"IDAT", &bomb), &chunk(*b"IEND", b"")].concat();
    let _ = develop(&pixels, &LIMITS);
    assert!(peak() - before < 100, "{} MB and then {} MB", before, peak());
}

#[test]
fn no_length_that_lies_makes_it_panic() {
    for format in FORMATS {
        let sound = coded(format);
        assert!(develop(&sound, &LIMITS).is_ok());
        for place in 0..sound.len().min(700) - 4 {
            for lie in [[0; 4], [0xff; 4], [0x7f, 0xff, 0xff, 0xff], [0, 0, 0, 1], [0xff, 0xff, 0, 0]] {
                let mut broken = sound.clone();
                broken[place..place + 4].copy_from_slice(&lie);
                let _ = develop(&broken, &LIMITS);
            }
        }
    }
}

fn starts() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(vec![0xff, 0xd8, 0xff]),
        Just(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec()),
        Just(b"RIFF\xff\0\0\0WEBP".to_vec()),
        Just(b"GIF89a".to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_bytes_there_is_an_answer(start in starts(), rest in vec(any::<u8>(), 0..400)) {
        let _ = develop(&[start, rest].concat(), &LIMITS);
    }

    #[test]
    fn what_draws_is_read_as_the_picture_that_it_was_taken_from(
        format in prop::sample::select(&FORMATS[..]),
        changes in vec((any::<Index>(), any::<u8>()), 0..6),
    ) {
        let mut bytes = coded(format);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Ok(read) = header(&bytes, &LIMITS) {
            prop_assert!(read.drawing.len() <= bytes.len() + 64);
            let again = header(&read.drawing, &LIMITS).unwrap();
            prop_assert_eq!((again.format, again.width, again.height, again.frames),
                (read.format, read.width, read.height, read.frames));
            prop_assert_eq!(again.drawing, read.drawing);
        }
    }

    #[test]
    fn a_sound_picture_with_changes_has_an_answer_and_keeps_to_the_limits(
        format in prop::sample::select(&FORMATS[..]),
        changes in vec((any::<Index>(), any::<u8>()), 1..12),
        cut in any::<Index>(),
        doubled in any::<Index>(),
    ) {
        let mut bytes = coded(format);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let (from, to) = (cut.index(bytes.len()), doubled.index(bytes.len()));
        if from < to {
            let again = bytes[from..to].to_vec();
            bytes.extend(again);
        }
        if let Ok(made) = develop(&bytes, &LIMITS) {
            prop_assert!(u64::from(made.width) * u64::from(made.height) <= LIMITS.pixels);
            prop_assert!(made.frames <= LIMITS.frames);
            prop_assert!(made.thumbhash.len() <= 64);
        }
    }
}
