//! Makes the small renditions of photographs, beside other programs that do: `scripts/picture-peers` installs those, and
//! benches/pictures/measure.py says what exactly is measured. Run by `make bench`.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark that panics has done its work"
)]

use std::{fs, path::Path, process::Command};

use image::{DynamicImage, Rgb, RgbImage};
use pictures::{Format, Limits, develop, encode};

const WIDTH: u32 = 4000;
const HEIGHT: u32 = 3000;
/// Different pictures, taken in turn.
const PICTURES: u32 = 3;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().position(|argument| argument == "work") {
        Some(at) => work(&arguments[at + 1..]),
        None => measure(),
    }
}

/// What is measured: `work COUNT FOLDER FILE…`.
fn work(arguments: &[String]) {
    let [count, folder, files @ ..] = arguments else { panic!("work COUNT FOLDER FILE…") };
    let limits = Limits { pixels: 50_000_000, side: 16_384, frames: 200 };
    for number in 0..count.parse::<usize>().unwrap() {
        let made = develop(&fs::read(&files[number % files.len()]).unwrap(), &limits).unwrap();
        for (name, reduced) in [("large", made.large), ("small", made.small)] {
            fs::write(format!("{folder}/{number}-{name}.jpg"), reduced.plain).unwrap();
            fs::write(format!("{folder}/{number}-{name}.webp"), reduced.webp).unwrap();
        }
    }
}

fn measure() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::temp_dir().join(format!("lobby-pictures-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let files: Vec<_> = (0..PICTURES)
        .map(|seed| {
            let coded = encode(&photograph(seed), Format::Jpeg, 89).unwrap();
            println!("picture {seed}: {WIDTH} by {HEIGHT}, {:.1} MB", coded.len() as f64 / 1e6);
            let file = folder.join(format!("{seed}.jpg"));
            fs::write(&file, coded).unwrap();
            file
        })
        .collect();
    let peers = Command::new(root.join("scripts/picture-peers")).output().unwrap();
    let measured = Command::new("python3")
        .arg(root.join("benches/pictures/measure.py"))
        .arg(std::env::current_exe().unwrap())
        .args(&files)
        .env("PICTURE_PEERS", String::from_utf8_lossy(&peers.stdout).trim())
        .status();
    fs::remove_dir_all(&folder).unwrap();
    assert!(measured.is_ok_and(|status| status.success()), "Python 3 is needed to measure");
}

/// As photographs are: forms of every size, the smaller the fainter, and the noise of a sensor.
fn photograph(seed: u32) -> DynamicImage {
    let layers: Vec<Vec<f32>> = (0..8).map(|layer| noise(seed * 8 + layer, (8 << layer) + 1)).collect();
    let mut random = Random(u64::from(seed) + 1);
    let picture = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let mut light = 128.0;
        for (layer, values) in layers.iter().enumerate() {
            let cells = 8 << layer;
            light += sample(values, cells, x, y) * 60.0 / 1.75_f32.powi(i32::try_from(layer).unwrap());
        }
        light += random.next() * 9.0;
        let warmth = sample(&layers[1], 16, x, y) * 20.0;
        Rgb([light + warmth, light, light - warmth].map(|value| value.clamp(0.0, 255.0) as u8))
    });
    picture.into()
}

/// A grid of values between -1 and 1.
fn noise(seed: u32, side: usize) -> Vec<f32> {
    let mut random = Random(u64::from(seed) * 7919 + 17);
    (0..side * side).map(|_| random.next()).collect()
}

/// A value of a grid of so many cells a side, between its points.
fn sample(values: &[f32], cells: usize, x: u32, y: u32) -> f32 {
    let (across, down) = (x as f32 * cells as f32 / WIDTH as f32, y as f32 * cells as f32 / HEIGHT as f32);
    let (column, row) = (across as usize, down as usize);
    let smooth = |part: f32| part * part * (3.0 - 2.0 * part);
    let (right, low) = (smooth(across.fract()), smooth(down.fract()));
    let at = |row: usize, column: usize| values[row * (cells + 1) + column];
    let upper = at(row, column) * (1.0 - right) + at(row, column + 1) * right;
    let lower = at(row + 1, column) * (1.0 - right) + at(row + 1, column + 1) * right;
    upper * (1.0 - low) + lower * low
}

struct Random(u64);

impl Random {
    /// Between -1 and 1.
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    }
}
