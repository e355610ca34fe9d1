//! Writes the corpus that fuzzing starts from: a sound picture of each format, and the broken ones of the tests: lengths that
//! lie, ends that are missing, parts that come twice, headers that claim too much.

use std::{fs, io, path::Path};

use image::{DynamicImage, Rgb, RgbImage};
use pictures::{Format, encode};

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/picture_header");
    fs::create_dir_all(&folder)?;
    let drawn: DynamicImage =
        RgbImage::from_fn(16, 12, |x, y| Rgb([x * 9, y * 11, x * y].map(|value| value as u8))).into();
    for (name, format) in [("jpeg", Format::Jpeg), ("png", Format::Png), ("webp", Format::WebP), ("gif", Format::Gif)] {
        let sound = encode(&drawn, format, 60).map_err(io::Error::other)?;
        let write = |kind: &str, bytes: &[u8]| fs::write(folder.join(format!("{name}-{kind}")), bytes);
        write("sound", &sound)?;
        for part in 1..4 {
            write(&format!("cut-{part}"), &sound[..sound.len() * part / 4])?;
        }
        for place in [4, 8, 12, 16, 20, 30] {
            for (lie, bytes) in [("zero", [0; 4]), ("most", [0xff; 4]), ("sign", [0x7f, 0xff, 0xff, 0xff])] {
                let mut broken = sound.clone();
                broken[place..place + 4].copy_from_slice(&bytes);
                write(&format!("{lie}-at-{place}"), &broken)?;
            }
        }
        write("twice", &[sound.as_slice(), &sound].concat())?;
        let middle = sound.len() / 2;
        write("doubled", &[&sound[..middle], &sound[middle / 2..]].concat())?;
    }
    for (name, bytes) in bombs() {
        fs::write(folder.join(format!("bomb-{name}")), bytes)?;
    }
    Ok(())
}

/// Headers that claim 40,000 by 40,000 pixels, or as much as the format can, with nothing behind them.
fn bombs() -> [(&'static str, Vec<u8>); 4] {
    let (side, short) = (40_000_u32.to_be_bytes(), 40_000_u16.to_be_bytes());
    let riff = |kind: &[u8; 4], content: &[u8]| {
        let length = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes();
        let chunk = [kind.as_slice(), &length(content.len()), content].concat();
        [b"RIFF".as_slice(), &length(chunk.len() + 4), b"WEBP", &chunk].concat()
    };
    let frame = [&[0xff, 0xd8, 0xff, 0xc0, 0, 11, 8], short.as_slice(), &short, &[1, 1, 0x11, 0]].concat();
    let header = [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), &side, &side, &[8, 6, 0, 0, 0, 0, 0, 0, 0]].concat();
    [
        ("jpeg", frame),
        ("png", header),
        ("webp-extended", riff(b"VP8X", &[0, 0, 0, 0, 0x3f, 0x9c, 0, 0x3f, 0x9c, 0])),
        ("webp-lossless", riff(b"VP8L", &[0x2f, 0xff, 0xff, 0xff, 0x0f])),
    ]
}
