//! GIF's blocks (GIF 89a specification).

use super::{Container, Limits, PictureFault, Size, cursor::Cursor};
use crate::metadata::Orientation;

const IMAGE: u8 = 0x2c;
const EXTENSION: u8 = 0x21;
const TRAILER: u8 = 0x3b;
const GRAPHIC_CONTROL: u8 = 0xf9;
const APPLICATION: u8 = 0xff;

pub(super) fn size(bytes: &[u8]) -> Result<Size, PictureFault> {
    let mut cursor = Cursor::new(bytes);
    cursor.take(6)?;
    Ok(Size { width: cursor.u16_le()?.into(), height: cursor.u16_le()?.into() })
}

/// Comments, plain texts and applications' own blocks (XMP is one) are left out; how often it repeats is kept.
pub(super) fn container(bytes: &[u8], limits: &Limits) -> Result<Container, PictureFault> {
    let screen = size(bytes)?;
    let mut cursor = Cursor::new(bytes);
    let head = cursor.take(13)?;
    let mut drawing = head.to_vec();
    drawing.extend_from_slice(color_table(&mut cursor, head[10])?);
    let mut frames = 0;
    loop {
        let start = cursor.rest();
        match cursor.byte()? {
            IMAGE => {
                frames += 1;
                limits.check_frames(frames, screen)?;
                frame(&mut cursor, limits)?;
                drawing.extend_from_slice(read_of(start, &cursor));
            }
            EXTENSION => {
                let kept = extension(&mut cursor)?;
                if kept {
                    drawing.extend_from_slice(read_of(start, &cursor));
                }
            }
            TRAILER if frames > 0 => break,
            _ => return Err(PictureFault::Corrupt),
        }
    }
    drawing.push(TRAILER);
    Ok(Container { frames, orientation: Orientation::NoTransforms, drawing, is_common: true })
}

/// What was read since `start`.
fn read_of<'a>(start: &'a [u8], cursor: &Cursor<'a>) -> &'a [u8] {
    start.get(..start.len() - cursor.rest().len()).unwrap_or_default()
}

/// A table as long as a descriptor's flags say.
fn color_table<'a>(cursor: &mut Cursor<'a>, flags: u8) -> Result<&'a [u8], PictureFault> {
    let colors = if flags & 0x80 == 0 { 0 } else { 2_usize << (flags & 0x07) };
    cursor.take(3 * colors)
}

/// A picture: its descriptor, its colours, its coded pixels. Its size is its own and not bounded by the screen's.
fn frame(cursor: &mut Cursor<'_>, limits: &Limits) -> Result<(), PictureFault> {
    cursor.take(4)?;
    let size = Size { width: cursor.u16_le()?.into(), height: cursor.u16_le()?.into() };
    limits.check(size)?;
    let flags = cursor.byte()?;
    color_table(cursor, flags)?;
    let _code_size = cursor.byte()?;
    sub_blocks(cursor)
}

/// Reads an extension; answers whether it takes part in drawing.
fn extension(cursor: &mut Cursor<'_>) -> Result<bool, PictureFault> {
    let label = cursor.byte()?;
    let start = cursor.rest();
    sub_blocks(cursor)?;
    let blocks = read_of(start, cursor);
    Ok(match label {
        GRAPHIC_CONTROL => blocks.len() == 6,
        // The loop count, in exactly its form, so that nothing hides in it.
        APPLICATION => {
            let names = [b"\x0bNETSCAPE2.0\x03\x01", b"\x0bANIMEXTS1.0\x03\x01"];
            blocks.len() == 17 && names.iter().any(|name| blocks.starts_with(*name))
        }
        _ => false,
    })
}

fn sub_blocks(cursor: &mut Cursor<'_>) -> Result<(), PictureFault> {
    loop {
        match cursor.byte()? {
            0 => return Ok(()),
            length => {
                cursor.take(length.into())?;
            }
        }
    }
}
