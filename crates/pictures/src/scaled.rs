//! JPEGs, made smaller while they are decoded: of each block of 8 by 8 pixels only as many are computed as are wanted,
//! so that a large photograph costs little more than reading its bits.
//!
//! libjpeg takes damaged pixels for grey ones and says so in a warning; here every warning is the end. What unwinds out
//! of it is caught where it was called.

use std::{
    ffi::c_int,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    ptr,
};

use image::{DynamicImage, GrayImage, RgbImage};
use mozjpeg::{ColorSpace, Decompress};
use mozjpeg_sys::{jpeg_common_struct, jpeg_error_mgr};

use super::{PictureFault, Size};

/// libjpeg's blocks have so many pixels a side.
const BLOCK: u32 = 8;

/// Pixels out of a JPEG.
pub(super) struct Scaled {
    pub(super) pixels: DynamicImage,
    /// Whether nothing lies between the last of its coded pixels and its end.
    pub(super) is_tidy: bool,
}

/// Decodes a JPEG of this size, no smaller than `enough` on its longer side if it is larger than that.
pub(super) fn decode(drawing: &[u8], size: Size, enough: Option<u32>) -> Result<Scaled, PictureFault> {
    catch_unwind(AssertUnwindSafe(|| decoded(drawing, size, eighths(size, enough))))
        .unwrap_or(Err(PictureFault::Corrupt))
}

/// The smallest number of eighths that leaves `enough` pixels.
fn eighths(Size { width, height }: Size, enough: Option<u32>) -> u8 {
    let longest = u64::from(width.max(height));
    let needed = enough.map_or(BLOCK, |enough| {
        let needed = (u64::from(enough) * u64::from(BLOCK)).div_ceil(longest.max(1));
        u32::try_from(needed).unwrap_or(BLOCK).clamp(1, BLOCK)
    });
    u8::try_from(needed).unwrap_or(8)
}

fn decoded(drawing: &[u8], size: Size, eighths: u8) -> Result<Scaled, PictureFault> {
    let broken = |_| PictureFault::Corrupt;
    let mut reader = Decompress::builder().with_err(errors()).from_mem(drawing).map_err(broken)?;
    if reader.size() != (size.width as usize, size.height as usize) {
        return Err(PictureFault::Corrupt);
    }
    reader.scale(eighths);
    let colors = match reader.color_space() {
        mozjpeg_sys::J_COLOR_SPACE::JCS_GRAYSCALE => ColorSpace::JCS_GRAYSCALE,
        mozjpeg_sys::J_COLOR_SPACE::JCS_CMYK | mozjpeg_sys::J_COLOR_SPACE::JCS_YCCK => ColorSpace::JCS_CMYK,
        _ => ColorSpace::JCS_RGB,
    };
    let mut rows = reader.to_colorspace(colors).map_err(broken)?;
    let side = |length: usize| u32::try_from(length).map_err(|_| PictureFault::Corrupt);
    let (width, height) = (side(rows.width())?, side(rows.height())?);
    let bytes = rows.read_scanlines::<u8>().map_err(broken)?;
    let pixels = match colors {
        ColorSpace::JCS_GRAYSCALE => GrayImage::from_raw(width, height, bytes).map(DynamicImage::from),
        ColorSpace::JCS_CMYK => RgbImage::from_raw(width, height, without_black(&bytes)).map(DynamicImage::from),
        _ => RgbImage::from_raw(width, height, bytes).map(DynamicImage::from),
    };
    let is_tidy = catch_unwind(AssertUnwindSafe(|| rows.finish().is_ok())).unwrap_or(false);
    Ok(Scaled { pixels: pixels.ok_or(PictureFault::Corrupt)?, is_tidy })
}

/// Colours for print, which every program writes inverted as Adobe's do, as colours of light.
fn without_black(cmyk: &[u8]) -> Vec<u8> {
    let light = |ink: u8, black: u8| u8::try_from(u16::from(ink) * u16::from(black) / 255).unwrap_or(u8::MAX);
    let pixel = |pixel: &[u8; 4]| pixel[..3].iter().map(|ink| light(*ink, pixel[3])).collect::<Vec<_>>();
    cmyk.as_chunks::<4>().0.iter().flat_map(pixel).collect()
}

fn errors() -> jpeg_error_mgr {
    jpeg_error_mgr {
        error_exit: Some(end),
        emit_message: Some(end_if_damaged),
        output_message: Some(ignore),
        format_message: Some(say_nothing),
        reset_error_mgr: Some(ignore),
        msg_code: 0,
        msg_parm: mozjpeg_sys::msg_parm_union::default(),
        trace_level: 0,
        num_warnings: 0,
        jpeg_message_table: ptr::null(),
        last_jpeg_message: 0,
        addon_message_table: ptr::null(),
        first_addon_message: 0,
        last_addon_message: 0,
    }
}

extern "C-unwind" fn end(_: &mut jpeg_common_struct) {
    // Not a panic: nobody need be told where.
    resume_unwind(Box::new(PictureFault::Corrupt));
}

/// Below zero it is a warning that the data are damaged, above it is talk.
extern "C-unwind" fn end_if_damaged(_: &mut jpeg_common_struct, level: c_int) {
    if level < 0 {
        resume_unwind(Box::new(PictureFault::Corrupt));
    }
}

extern "C-unwind" fn ignore(_: &mut jpeg_common_struct) {}

extern "C-unwind" fn say_nothing(_: &mut jpeg_common_struct, _: &[u8; 80]) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_computed_than_is_wanted_and_no_less() {
        let photograph = Size { width: 3000, height: 4000 };
        for (enough, eighth) in [(1280, 3), (1500, 3), (1501, 4), (320, 1), (4000, 8), (9000, 8), (0, 1)] {
            assert_eq!(eighths(photograph, Some(enough)), eighth, "{enough}");
        }
        assert_eq!(eighths(photograph, None), 8);
    }
}
