//! Pictures for demonstrations, drawn from a number: the same number draws the same picture, and no binary file has to
//! be kept with the code.

use image::{DynamicImage, Rgb, RgbImage};

use crate::picture::{Format, PictureFault, encode};

const WIDTH: u32 = 960;
const HEIGHT: u32 = 640;
const QUALITY: u8 = 90;

/// A landscape of `seed`: a sky that fades, a sun, hills one behind the other.
pub fn picture(seed: u64, format: Format) -> Result<Vec<u8>, PictureFault> {
    encode(&DynamicImage::ImageRgb8(landscape(seed)), format, QUALITY)
}

/// A row of hills: where it begins, how it waves, its colour.
struct Hills {
    base: u32,
    height: u32,
    length: u32,
    shift: u32,
    color: [u8; 3],
}

impl Hills {
    /// The height of their outline at `x`, in pixels from the top. Parabolas: integers are the same on every machine.
    fn outline(&self, x: u32) -> u32 {
        let across = (x + self.shift) % self.length;
        let hill = 4 * self.height * across * (self.length - across) / (self.length * self.length);
        self.base.saturating_sub(hill)
    }
}

fn landscape(seed: u64) -> RgbImage {
    let mut random = Random(seed);
    let (top, bottom) = (random.color(30, 150), random.color(150, 255));
    let (sun_x, sun_y, radius) = (random.between(100, WIDTH - 100), random.between(80, 260), random.between(30, 80));
    let rows: Vec<Hills> = (0_u8..4)
        .map(|row| Hills {
            base: 340 + u32::from(row) * 90,
            height: random.between(60, 200),
            length: random.between(300, 900),
            shift: random.between(0, 900),
            color: random.color(20, 150 - row * 30),
        })
        .collect();
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        if let Some(hills) = rows.iter().rev().find(|hills| y >= hills.outline(x)) {
            return Rgb(hills.color);
        }
        if x.abs_diff(sun_x).pow(2) + y.abs_diff(sun_y).pow(2) < radius.pow(2) {
            return Rgb([255, 236, 170]);
        }
        Rgb(std::array::from_fn(|channel| faded(top[channel], bottom[channel], y)))
    })
}

fn faded(from: u8, to: u8, y: u32) -> u8 {
    let mixed = (u32::from(from) * (HEIGHT - y) + u32::from(to) * y) / HEIGHT;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}

/// `SplitMix64` (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `low` to `high - 1`.
    fn between(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high.saturating_sub(low).max(1));
        low + u32::try_from(self.next() % span).unwrap_or_default()
    }

    fn color(&mut self, low: u8, high: u8) -> [u8; 3] {
        std::array::from_fn(|_| u8::try_from(self.between(low.into(), high.into())).unwrap_or(high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_draws_one_picture_in_every_format() {
        for format in [Format::Jpeg, Format::Png, Format::WebP] {
            let one = picture(7, format).unwrap();
            assert_eq!(Format::sniff(&one), Some(format));
            assert_eq!(one, picture(7, format).unwrap());
            assert_ne!(one, picture(8, format).unwrap());
        }
    }
}
