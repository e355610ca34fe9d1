//! Reads the header of whatever comes, as the gallery does with every upload: there is an answer, within the limits, and what
//! is kept for the decoder is read as the picture that it was taken from.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pictures::{Limits, header};

const LIMITS: Limits = Limits { pixels: 50_000_000, side: 16_384, frames: 200 };

fuzz_target!(|bytes: &[u8]| {
    let Ok(read) = header(bytes, &LIMITS) else { return };
    assert!(read.width <= LIMITS.side && read.height <= LIMITS.side && read.frames <= LIMITS.frames);
    assert!(u64::from(read.width) * u64::from(read.height) <= LIMITS.pixels);
    assert!(read.drawing.len() <= bytes.len() + 64, "what draws is more than what came");
    let again = header(&read.drawing, &LIMITS).expect("what draws is a picture");
    assert_eq!(again, read, "it is read another way the second time");
});
