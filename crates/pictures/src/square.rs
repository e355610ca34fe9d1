//! A picture cropped to a square of one size: what people show beside their name.

use fast_image_resize::{ResizeOptions, Resizer};
use image::DynamicImage;

use super::{
    Format, Limits, PictureFault,
    encode::encode,
    renditions::{DISPLAY_QUALITY, Upright, Wanted, upright},
    resize::lean,
};

/// A square picture, coded anew: nothing of the upload's metadata is in it.
#[derive(Debug)]
pub struct Square {
    /// JPEG, or PNG for one that is not opaque.
    pub format: Format,
    /// The coded picture.
    pub bytes: Vec<u8>,
}

/// Checks an upload, turns it the right way up and cuts the middle out of it, `side` pixels wide and high. Of an
/// animation it takes the first picture.
pub fn square(bytes: &[u8], limits: &Limits, side: u32) -> Result<Square, PictureFault> {
    let Upright { pixels, .. } = upright(bytes, limits, Wanted::Shorter(side))?;
    let shorter = pixels.width().min(pixels.height());
    let middle = |length: u32| f64::from((length - shorter) / 2);
    let (left, top) = (middle(pixels.width()), middle(pixels.height()));
    let options = ResizeOptions::new().crop(left, top, f64::from(shorter), f64::from(shorter));
    let mut small = DynamicImage::new(side, side, pixels.color());
    Resizer::new().resize(&pixels, &mut small, &options).map_err(|_| PictureFault::Corrupt)?;
    let small = lean(small);
    let format = if small.color().has_alpha() { Format::Png } else { Format::Jpeg };
    Ok(Square { format, bytes: encode(&small, format, DISPLAY_QUALITY)? })
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    const LIMITS: Limits = Limits { pixels: 16_777_216, side: 4096, frames: 200 };

    fn reread(square: &Square) -> RgbaImage {
        image::load_from_memory(&square.bytes).unwrap().into_rgba8()
    }

    #[test]
    fn the_middle_is_cut_out_and_has_the_size_asked_for() {
        // Red, then green in the middle, then blue.
        let stripes = RgbImage::from_fn(300, 100, |x, _| match x / 100 {
            0 => Rgb([250, 0, 0]),
            1 => Rgb([0, 250, 0]),
            _ => Rgb([0, 0, 250]),
        });
        for format in [Format::Jpeg, Format::Png, Format::WebP, Format::Gif] {
            let upload = encode(&stripes.clone().into(), format, 95).unwrap();
            let made = square(&upload, &LIMITS, 64).unwrap();
            assert_eq!(made.format, Format::Jpeg, "{format:?}");
            let pixels = reread(&made);
            assert_eq!((pixels.width(), pixels.height()), (64, 64));
            for (x, y) in [(4, 4), (60, 4), (32, 32), (60, 60)] {
                let [red, green, blue, _] = pixels.get_pixel(x, y).0;
                assert!(green > 200 && red < 60 && blue < 60, "{format:?} at {x},{y}: {red} {green} {blue}");
            }
        }
    }

    #[test]
    fn what_is_not_opaque_stays_so_and_what_is_small_grows() {
        let glass = RgbaImage::from_pixel(3, 5, Rgba([10, 20, 30, 128]));
        let made = square(&encode(&glass.into(), Format::Png, 90).unwrap(), &LIMITS, 32).unwrap();
        assert_eq!(made.format, Format::Png);
        assert_eq!(reread(&made).dimensions(), (32, 32));
    }

    #[test]
    fn what_is_too_large_or_no_picture_is_refused() {
        let wide = encode(&RgbImage::new(4097, 1).into(), Format::Png, 90).unwrap();
        assert!(matches!(square(&wide, &LIMITS, 32), Err(PictureFault::TooLarge { .. })));
        assert!(matches!(square(b"<svg/>", &LIMITS, 32), Err(PictureFault::Unsupported)));
        assert!(matches!(square(&wide[..20], &LIMITS, 32), Err(PictureFault::Corrupt)));
    }
}
