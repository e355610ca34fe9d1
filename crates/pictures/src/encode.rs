//! From pixels to coded bytes. What the encoders are given has no metadata, and they add none.

use image::{
    DynamicImage, ImageEncoder,
    codecs::{
        png::{CompressionType, FilterType, PngEncoder},
        webp::WebPEncoder,
    },
};
use jpeg_encoder::ColorType;

use super::{Format, PictureFault};

/// Quality of WebP. To the eye the same as the thumbnails' JPEG.
const WEBP_QUALITY: f32 = 78.0;
/// How hard libwebp tries, of 6. The next step saves a twentieth of the bytes for twice the time.
const WEBP_EFFORT: i32 = 1;

/// Codes pixels: JPEG at this quality, the others without loss.
pub fn encode(pixels: &DynamicImage, format: Format, quality: u8) -> Result<Vec<u8>, PictureFault> {
    let mut coded = Vec::new();
    let done = match format {
        Format::Jpeg => return jpeg(pixels, quality),
        Format::Png => {
            let encoder = PngEncoder::new_with_quality(&mut coded, CompressionType::Fast, FilterType::Adaptive);
            encoder.write_image(pixels.as_bytes(), pixels.width(), pixels.height(), pixels.color().into())
        }
        Format::WebP => pixels.write_with_encoder(WebPEncoder::new_lossless(&mut coded)),
        Format::Gif => pixels.write_to(std::io::Cursor::new(&mut coded), image::ImageFormat::Gif),
    };
    done.map_err(|_| PictureFault::Corrupt)?;
    Ok(coded)
}

fn jpeg(pixels: &DynamicImage, quality: u8) -> Result<Vec<u8>, PictureFault> {
    let side = |length: u32| u16::try_from(length).map_err(|_| PictureFault::Corrupt);
    let (width, height) = (side(pixels.width())?, side(pixels.height())?);
    let mut coded = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut coded, quality);
    let done = match pixels {
        DynamicImage::ImageLuma8(grey) => encoder.encode(grey.as_raw(), width, height, ColorType::Luma),
        DynamicImage::ImageRgb8(colors) => encoder.encode(colors.as_raw(), width, height, ColorType::Rgb),
        other => encoder.encode(other.to_rgb8().as_raw(), width, height, ColorType::Rgb),
    };
    done.map_err(|_| PictureFault::Corrupt)?;
    Ok(coded)
}

/// Codes pixels as a lossy WebP; what shines through keeps doing so.
pub(super) fn webp(pixels: &DynamicImage) -> Result<Vec<u8>, PictureFault> {
    let mut settings = webp::WebPConfig::new().map_err(|()| PictureFault::Corrupt)?;
    settings.quality = WEBP_QUALITY;
    settings.method = WEBP_EFFORT;
    let (width, height) = (pixels.width(), pixels.height());
    let coded = match pixels {
        DynamicImage::ImageRgb8(colors) => {
            webp::Encoder::from_rgb(colors.as_raw(), width, height).encode_advanced(&settings)
        }
        other if other.color().has_alpha() => {
            webp::Encoder::from_rgba(other.to_rgba8().as_raw(), width, height).encode_advanced(&settings)
        }
        other => webp::Encoder::from_rgb(other.to_rgb8().as_raw(), width, height).encode_advanced(&settings),
    };
    coded.map(|coded| coded.to_vec()).map_err(|_| PictureFault::Corrupt)
}
