//! Pictures made by hand: sound ones, ones that carry what must not get out, and ones that claim what they are not.

use std::{
    io::Cursor,
    sync::atomic::{AtomicU32, Ordering},
};

use image::{
    AnimationDecoder, DynamicImage, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage,
    codecs::gif::{GifDecoder, GifEncoder, Repeat},
};

/// The formats that are taken, with their media types.
pub const FORMATS: [(ImageFormat, &str); 4] = [
    (ImageFormat::Jpeg, "image/jpeg"),
    (ImageFormat::Png, "image/png"),
    (ImageFormat::WebP, "image/webp"),
    (ImageFormat::Gif, "image/gif"),
];

/// What a camera wrote and nobody else may read.
pub const SECRET: &[u8] = b"52.5200N 13.4050E secret";

/// A picture whose left half is red and whose right half is blue, so that it shows how it was turned.
pub fn halves(width: u32, height: u32) -> DynamicImage {
    let red_then_blue = |x, _| if x < width / 2 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) };
    RgbImage::from_fn(width, height, red_then_blue).into()
}

pub fn coded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A PNG of bytes that no other call answered.
pub fn fresh() -> Vec<u8> {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let [_, red, green, blue] = MADE.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    coded(&RgbImage::from_pixel(8, 6, Rgb([red, green, blue])).into(), ImageFormat::Png)
}

/// A GIF of so many pictures.
pub fn animation(frames: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    encoder.set_repeat(Repeat::Infinite).unwrap();
    let frame = |number| Frame::new(RgbaImage::from_pixel(4, 4, Rgba([number, 0, 0, 255])));
    encoder.encode_frames((0..frames).map(frame)).unwrap();
    drop(encoder);
    bytes
}

/// Pictures in a GIF.
pub fn frames(gif: &[u8]) -> usize {
    GifDecoder::new(Cursor::new(gif)).unwrap().into_frames().map(Result::unwrap).count()
}

/// The red, green and blue of one pixel of coded bytes.
pub fn pixel(bytes: &[u8], x: u32, y: u32) -> [u8; 3] {
    decoded(bytes).to_rgb8().get_pixel(x, y).0
}

pub fn decoded(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
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
    [kind.as_slice(), &length, content, &vec![0; content.len() % 2]].concat()
}

fn riff(chunks: &[u8]) -> Vec<u8> {
    let length = u32::try_from(chunks.len() + 4).unwrap().to_le_bytes();
    [b"RIFF".as_slice(), &length, b"WEBP", chunks].concat()
}

/// A WebP's extended header: which flags, how large.
fn extended(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let (width, height) = ((width - 1).to_le_bytes(), (height - 1).to_le_bytes());
    riff_chunk(*b"VP8X", &[&[flags, 0, 0, 0], &width[..3], &height[..3]].concat())
}

/// A JPEG that was taken with the camera held so.
pub fn held(picture: &DynamicImage, orientation: u8) -> Vec<u8> {
    let plain = coded(picture, ImageFormat::Jpeg);
    let notes = segment(0xe1, &[b"Exif\0\0".as_slice(), &exif(orientation)].concat());
    [&plain[..2], &notes, &plain[2..]].concat()
}

/// A picture with everything that a camera or a program may write beside the pixels, also after its end.
pub fn with_metadata(format: ImageFormat) -> Vec<u8> {
    let plain = coded(&halves(64, 32), format);
    match format {
        ImageFormat::Jpeg => [
            &plain[..2],
            &segment(0xe1, &[b"Exif\0\0".as_slice(), &exif(1)].concat()),
            &segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0".as_slice(), SECRET].concat()),
            &segment(0xe2, &[b"ICC_PROFILE\0\x01\x01".as_slice(), SECRET].concat()),
            &segment(0xed, &[b"Photoshop 3.0\0".as_slice(), SECRET].concat()),
            &segment(0xfe, SECRET),
            &plain[2..],
            SECRET,
        ]
        .concat(),
        ImageFormat::Png => [
            &plain[..33],
            &png_chunk(*b"eXIf", &exif(1)),
            &png_chunk(*b"tEXt", &[b"Comment\0".as_slice(), SECRET].concat()),
            &png_chunk(*b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), SECRET].concat()),
            &plain[33..],
            SECRET,
        ]
        .concat(),
        ImageFormat::WebP => {
            let chunks = [
                extended(0x20 | 0x08 | 0x04, 64, 32),
                riff_chunk(*b"ICCP", SECRET),
                plain[12..].to_vec(),
                riff_chunk(*b"EXIF", &exif(1)),
                riff_chunk(*b"XMP ", SECRET),
            ];
            [riff(&chunks.concat()).as_slice(), SECRET].concat()
        }
        _ => {
            let length = [u8::try_from(SECRET.len()).unwrap()];
            let comment = [&[0x21, 0xfe], length.as_slice(), SECRET, &[0]].concat();
            let xmp = [b"\x21\xff\x0bXMP DataXMP".as_slice(), &length, SECRET, &[0]].concat();
            let start = 13 + if plain[10] & 0x80 == 0 { 0 } else { 3 * (2 << (plain[10] & 7)) };
            [&plain[..start], &comment, &xmp, &plain[start..], SECRET].concat()
        }
    }
}

/// A small file whose header claims this size.
pub fn claiming(format: ImageFormat, width: u16, height: u16) -> Vec<u8> {
    let mut bytes = coded(&halves(8, 8), format);
    match format {
        ImageFormat::Jpeg => {
            let frame = bytes.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
            bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
            bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
            bytes
        }
        ImageFormat::Png => {
            let (wide, high) = (u32::from(width).to_be_bytes(), u32::from(height).to_be_bytes());
            let header = png_chunk(*b"IHDR", &[wide.as_slice(), &high, &[8, 2, 0, 0, 0]].concat());
            [&bytes[..8], &header, &bytes[33..]].concat()
        }
        ImageFormat::WebP => {
            let header = extended(0, width.into(), height.into());
            riff(&[header.as_slice(), &bytes[12..]].concat())
        }
        _ => {
            bytes[6..8].copy_from_slice(&width.to_le_bytes());
            bytes[8..10].copy_from_slice(&height.to_le_bytes());
            bytes
        }
    }
}
