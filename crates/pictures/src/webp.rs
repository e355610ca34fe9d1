//! WebP's chunks (RFC 9649, section 2).

use super::{Container, Limits, PictureFault, Size, cursor::Cursor, metadata};
use crate::metadata::Orientation;

const LOSSY: &[u8; 4] = b"VP8 ";
const LOSSLESS: &[u8; 4] = b"VP8L";
const EXTENDED: &[u8; 4] = b"VP8X";
/// Flags of the extended header that say how it is drawn; the others announce ICC profile, EXIF and XMP.
const ANIMATION: u8 = 0x02;
const ALPHA: u8 = 0x10;

struct Chunk<'a> {
    kind: [u8; 4],
    content: &'a [u8],
}

pub(super) fn size(bytes: &[u8]) -> Result<Size, PictureFault> {
    let mut cursor = Cursor::new(bytes);
    cursor.expect(b"RIFF")?;
    cursor.u32_le()?;
    cursor.expect(b"WEBP")?;
    let kind = cursor.u32_le()?.to_le_bytes();
    cursor.u32_le()?;
    if kind == *EXTENDED { canvas(cursor.rest()).map(|(_, size)| size) } else { size_of_coded(kind, cursor.rest()) }
}

pub(super) fn container(bytes: &[u8], limits: &Limits) -> Result<Container, PictureFault> {
    let mut cursor = Cursor::new(bytes);
    cursor.expect(b"RIFF")?;
    let length = cursor.u32_le()?;
    let mut chunks = Cursor::new(cursor.take_u32(length)?);
    chunks.expect(b"WEBP")?;
    let first = chunk(&mut chunks)?;
    if first.kind != *EXTENDED {
        size_of_coded(first.kind, first.content)?;
        let mut drawing = Vec::new();
        append(&mut drawing, first.kind, first.content);
        return Ok(Container {
            frames: 1,
            orientation: Orientation::NoTransforms,
            drawing: riff(&drawing),
            is_common: true,
        });
    }
    extended(&first, &mut chunks, limits)
}

fn extended(header: &Chunk<'_>, chunks: &mut Cursor<'_>, limits: &Limits) -> Result<Container, PictureFault> {
    let (flags, canvas) = canvas(header.content)?;
    let is_animated = flags & ANIMATION != 0;
    let mut kept_header = header.content.to_vec();
    if let Some(first) = kept_header.first_mut() {
        *first = flags & (ANIMATION | ALPHA);
    }
    let mut drawing = Vec::new();
    append(&mut drawing, header.kind, &kept_header);
    let mut orientation = Orientation::NoTransforms;
    let mut frames = 0;
    while !chunks.is_at_end() {
        let Chunk { kind, content } = chunk(chunks)?;
        match &kind {
            b"EXIF" => orientation = metadata::orientation(content),
            b"ANIM" if is_animated => append(&mut drawing, kind, content.get(..6).ok_or(PictureFault::Corrupt)?),
            b"ANMF" if is_animated => {
                frames += 1;
                limits.check_frames(frames, canvas)?;
                append(&mut drawing, kind, &frame(content, canvas)?);
            }
            b"ALPH" if !is_animated => append(&mut drawing, kind, content),
            LOSSY | LOSSLESS if !is_animated => {
                frames += 1;
                if size_of_coded(kind, content)? != canvas {
                    return Err(PictureFault::Corrupt);
                }
                append(&mut drawing, kind, content);
            }
            _ => {}
        }
    }
    if frames == 0 || (frames > 1 && !is_animated) {
        return Err(PictureFault::Corrupt);
    }
    if is_animated {
        // Its frames could be turned one by one only by coding them anew; cameras write no animations.
        orientation = Orientation::NoTransforms;
    }
    Ok(Container { frames, orientation, drawing: riff(&drawing), is_common: true })
}

/// A frame of an animation, with nothing in it but what draws.
fn frame(content: &[u8], canvas: Size) -> Result<Vec<u8>, PictureFault> {
    let mut cursor = Cursor::new(content);
    let (left, top) = (2 * cursor.u24_le()?, 2 * cursor.u24_le()?);
    let size = Size { width: cursor.u24_le()? + 1, height: cursor.u24_le()? + 1 };
    if left + size.width > canvas.width || top + size.height > canvas.height {
        return Err(PictureFault::Corrupt);
    }
    cursor.take(4)?;
    let mut kept = content.get(..16).ok_or(PictureFault::Corrupt)?.to_vec();
    let mut has_pixels = false;
    while !cursor.is_at_end() {
        let Chunk { kind, content } = chunk(&mut cursor)?;
        match &kind {
            b"ALPH" => append(&mut kept, kind, content),
            LOSSY | LOSSLESS if !has_pixels && size_of_coded(kind, content)? == size => {
                has_pixels = true;
                append(&mut kept, kind, content);
            }
            LOSSY | LOSSLESS => return Err(PictureFault::Corrupt),
            _ => {}
        }
    }
    if has_pixels { Ok(kept) } else { Err(PictureFault::Corrupt) }
}

fn chunk<'a>(cursor: &mut Cursor<'a>) -> Result<Chunk<'a>, PictureFault> {
    let kind = cursor.u32_le()?.to_le_bytes();
    let length = cursor.u32_le()?;
    let content = cursor.take_u32(length)?;
    if length % 2 == 1 && !cursor.is_at_end() {
        cursor.byte()?;
    }
    Ok(Chunk { kind, content })
}

fn append(to: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    to.extend_from_slice(&kind);
    to.extend_from_slice(&length_of(content).to_le_bytes());
    to.extend_from_slice(content);
    if content.len() % 2 == 1 {
        to.push(0);
    }
}

fn riff(chunks: &[u8]) -> Vec<u8> {
    let length = length_of(chunks).saturating_add(4);
    [b"RIFF".as_slice(), &length.to_le_bytes(), b"WEBP", chunks].concat()
}

/// What was read from a file below 4 GiB fits.
fn length_of(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

/// The flags and the size of an extended header.
fn canvas(content: &[u8]) -> Result<(u8, Size), PictureFault> {
    let mut cursor = Cursor::new(content);
    let flags = cursor.byte()?;
    cursor.take(3)?;
    Ok((flags, Size { width: cursor.u24_le()? + 1, height: cursor.u24_le()? + 1 }))
}

/// The size that coded pixels have by their own header (RFC 6386 section 9.1; RFC 9649 section 3.4).
fn size_of_coded(kind: [u8; 4], content: &[u8]) -> Result<Size, PictureFault> {
    let mut cursor = Cursor::new(content);
    match &kind {
        LOSSY => {
            cursor.take(3)?;
            cursor.expect(&[0x9d, 0x01, 0x2a])?;
            let (width, height) = (cursor.u16_le()?, cursor.u16_le()?);
            Ok(Size { width: (width & 0x3fff).into(), height: (height & 0x3fff).into() })
        }
        LOSSLESS => {
            cursor.expect(&[0x2f])?;
            let bits = cursor.u32_le()?;
            Ok(Size { width: (bits & 0x3fff) + 1, height: (bits >> 14 & 0x3fff) + 1 })
        }
        _ => Err(PictureFault::Corrupt),
    }
}
