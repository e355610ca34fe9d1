//! PNG's chunks (W3C PNG, section 5).

use super::{Container, PictureFault, Size, cursor::Cursor, metadata};
use crate::metadata::Orientation;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// One chunk with its length, type and checksum, as it lies in the file.
struct Chunk<'a> {
    kind: [u8; 4],
    content: &'a [u8],
    whole: &'a [u8],
}

pub(super) fn size(bytes: &[u8]) -> Result<Size, PictureFault> {
    let mut cursor = Cursor::new(bytes);
    cursor.expect(SIGNATURE)?;
    size_of_header(&chunk(&mut cursor)?)
}

/// Only what every PNG needs is kept: an animation (APNG) becomes its still picture, and compressed text or a
/// compressed colour profile is never unpacked.
pub(super) fn container(bytes: &[u8]) -> Result<Container, PictureFault> {
    let mut cursor = Cursor::new(bytes);
    cursor.expect(SIGNATURE)?;
    let header = chunk(&mut cursor)?;
    size_of_header(&header)?;
    let mut drawing = [SIGNATURE, header.whole].concat();
    let mut orientation = Orientation::NoTransforms;
    let mut has_pixels = false;
    loop {
        let Chunk { kind, content, whole } = chunk(&mut cursor)?;
        match &kind {
            b"eXIf" => orientation = metadata::orientation(content),
            b"PLTE" | b"tRNS" => drawing.extend_from_slice(whole),
            b"IDAT" => {
                has_pixels = true;
                drawing.extend_from_slice(whole);
            }
            b"IEND" if has_pixels => {
                drawing.extend_from_slice(whole);
                return Ok(Container { frames: 1, orientation, drawing, is_common: true });
            }
            b"IEND" | b"IHDR" => return Err(PictureFault::Corrupt),
            // Upper case: critical. A decoder that doesn't know it can't show the picture (section 5.4).
            [b'A'..=b'Z', ..] => return Err(PictureFault::Unsupported),
            _ => {}
        }
    }
}

fn chunk<'a>(cursor: &mut Cursor<'a>) -> Result<Chunk<'a>, PictureFault> {
    let start = cursor.rest();
    let length = cursor.u32_be()?;
    let kind = cursor.u32_be()?.to_be_bytes();
    let content = cursor.take_u32(length)?;
    let _checksum = cursor.u32_be()?;
    let whole = start.get(..content.len() + 12).ok_or(PictureFault::Corrupt)?;
    Ok(Chunk { kind, content, whole })
}

fn size_of_header(header: &Chunk<'_>) -> Result<Size, PictureFault> {
    if header.kind != *b"IHDR" || header.content.len() != 13 {
        return Err(PictureFault::Corrupt);
    }
    let mut cursor = Cursor::new(header.content);
    Ok(Size { width: cursor.u32_be()?, height: cursor.u32_be()? })
}
