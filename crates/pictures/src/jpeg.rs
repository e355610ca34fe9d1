//! JPEG's markers and segments (ITU-T T.81, annex B).

use super::{Container, PictureFault, Size, cursor::Cursor, metadata};
use crate::metadata::Orientation;

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const JFIF: u8 = 0xe0;
const EXIF: u8 = 0xe1;
/// Adobe's, which says how colours are coded.
const ADOBE: u8 = 0xee;
const HUFFMAN: u8 = 0xc4;
const ARITHMETIC: u8 = 0xcc;
const QUANTIZATION: u8 = 0xdb;
const RESTARTS: u8 = 0xdd;

/// Bytes of a JFIF segment without the thumbnail that may follow.
const JFIF_LENGTH: usize = 14;
/// Bytes of Adobe's segment.
const ADOBE_LENGTH: usize = 12;

/// A progressive picture has a dozen scans. Each costs a pass over all pixels however few bytes it has, so many of
/// them are an attack.
const MAX_SCANS: u32 = 30;

pub(super) fn size(bytes: &[u8]) -> Result<Size, PictureFault> {
    let mut cursor = Cursor::new(bytes);
    cursor.expect(&[0xff, START])?;
    loop {
        match next_marker(&mut cursor)? {
            marker if is_frame(marker) => return size_of_frame(segment(&mut cursor)?),
            SCAN | END => return Err(PictureFault::Corrupt),
            marker if is_bare(marker) => {}
            _ => {
                segment(&mut cursor)?;
            }
        }
    }
}

pub(super) fn container(bytes: &[u8]) -> Result<Container, PictureFault> {
    let mut cursor = Cursor::new(bytes);
    cursor.expect(&[0xff, START])?;
    let mut drawing = vec![0xff, START];
    let mut orientation = None;
    let (mut frames, mut scans, mut is_common) = (0, 0, false);
    loop {
        let marker = next_marker(&mut cursor)?;
        if marker == END {
            break;
        }
        if is_bare(marker) {
            continue;
        }
        let content = segment(&mut cursor)?;
        match marker {
            EXIF if content.starts_with(b"Exif\0\0") => {
                orientation = orientation.or_else(|| Some(metadata::orientation(content)));
            }
            JFIF if content.starts_with(b"JFIF\0") => {
                let mut kept = content.get(..JFIF_LENGTH).ok_or(PictureFault::Corrupt)?.to_vec();
                // It has no thumbnail any more.
                kept[JFIF_LENGTH - 2..].fill(0);
                append(&mut drawing, marker, &kept);
            }
            ADOBE if content.starts_with(b"Adobe") => {
                append(&mut drawing, marker, content.get(..ADOBE_LENGTH).ok_or(PictureFault::Corrupt)?);
            }
            SCAN => {
                scans += 1;
                append(&mut drawing, marker, content);
                drawing.extend_from_slice(entropy_coded(&mut cursor)?);
            }
            _ if is_frame(marker) => {
                frames += 1;
                is_common = is_common_frame(marker, content);
                append(&mut drawing, marker, content);
            }
            HUFFMAN | ARITHMETIC | QUANTIZATION | RESTARTS => append(&mut drawing, marker, content),
            // Applications' own segments, comments, and what no picture needs.
            _ => {}
        }
    }
    // A second frame header could claim another size than the one that was checked.
    if frames != 1 || scans == 0 || scans > MAX_SCANS {
        return Err(PictureFault::Corrupt);
    }
    drawing.extend_from_slice(&[0xff, END]);
    let orientation = orientation.unwrap_or(Orientation::NoTransforms);
    Ok(Container { frames: 1, orientation, drawing, is_common })
}

/// The next marker's code. Bytes between segments are skipped, as every decoder does.
fn next_marker(cursor: &mut Cursor<'_>) -> Result<u8, PictureFault> {
    loop {
        while cursor.byte()? != 0xff {}
        let mut code = cursor.byte()?;
        while code == 0xff {
            code = cursor.byte()?;
        }
        if code != 0 {
            return Ok(code);
        }
    }
}

/// A segment's content, without its length.
fn segment<'a>(cursor: &mut Cursor<'a>) -> Result<&'a [u8], PictureFault> {
    let length = cursor.u16_be()?.checked_sub(2).ok_or(PictureFault::Corrupt)?;
    cursor.take(length.into())
}

/// The coded pixels after a scan's header: up to the next marker that is not a restart.
fn entropy_coded<'a>(cursor: &mut Cursor<'a>) -> Result<&'a [u8], PictureFault> {
    let rest = cursor.rest();
    let mut at = 0;
    loop {
        at += rest.get(at..).and_then(|rest| rest.iter().position(|&b| b == 0xff)).ok_or(PictureFault::Corrupt)?;
        match rest.get(at + 1) {
            None => return Err(PictureFault::Corrupt),
            Some(0x00 | 0xd0..=0xd7) => at += 2,
            Some(0xff) => at += 1,
            Some(_) => return cursor.take(at),
        }
    }
}

fn append(drawing: &mut Vec<u8>, marker: u8, content: &[u8]) {
    // The content came from a segment, so that its length fits the two bytes again.
    let length = u16::try_from(content.len() + 2).unwrap_or(u16::MAX);
    drawing.extend_from_slice(&[0xff, marker]);
    drawing.extend_from_slice(&length.to_be_bytes());
    drawing.extend_from_slice(content);
}

/// A frame header: its code is also its coding process.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

/// A frame that every browser shows: Huffman-coded, eight bits, grey or three colours. Those for print have four.
fn is_common_frame(marker: u8, content: &[u8]) -> bool {
    matches!((marker, content), (0xc0..=0xc2, [8, _, _, _, _, 1 | 3, ..]))
}

/// A marker with no segment.
fn is_bare(marker: u8) -> bool {
    matches!(marker, 0x01 | 0xd0..=0xd8)
}

fn size_of_frame(content: &[u8]) -> Result<Size, PictureFault> {
    let mut cursor = Cursor::new(content);
    cursor.byte()?;
    let height = cursor.u16_be()?.into();
    let width = cursor.u16_be()?.into();
    Ok(Size { width, height })
}
