//! How long loading and deciding take: the time that the processor spent on it, so that what else runs on the machine counts
//! less. Measured with the allocator that the product uses, which counts nothing.

use std::{
    fs,
    hint::black_box,
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use cpu_time::ThreadTime;
use criterion::{Criterion, SamplingMode};
use serde_json::Value;

use crate::{agreement::Answers, contenders::Contender, world::World};

/// Questions that are asked in turn: enough that no cache of the processor holds the way to all answers.
const RING: usize = 8192;

/// What one contender took.
#[derive(Clone, Debug)]
pub struct Speed {
    pub load: Duration,
    /// The median of a decision, and its 95 % confidence interval, in nanoseconds.
    pub median: f64,
    pub between: [f64; 2],
    /// How many answers were compared with Lobby's.
    pub agreed: usize,
}

/// Loads, compares the answers, measures.
pub fn measure<C: Contender>(world: &World, answers: &Answers) -> Result<Speed> {
    let begun = ThreadTime::now();
    let contender = C::load(world)?;
    let load = begun.elapsed();
    let asked: Vec<_> = world.sample(RING).iter().map(|question| contender.asked(question)).collect();
    let one = probe(&contender, &asked);
    // Comparing takes up to half a minute, and then a sample of the answers is compared.
    let affordable = (30.0 / one.as_secs_f64()) as usize;
    let agreed = answers.check(&contender, affordable.max(100))?;

    let id = format!("{}-{}", world.workspaces.len(), C::ID);
    let slow = one > Duration::from_millis(1);
    let folder = folder();
    let mut criterion = Criterion::default()
        .output_directory(&folder)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    let mut group = criterion.benchmark_group("decide");
    if slow {
        group.sample_size(10).sampling_mode(SamplingMode::Flat).warm_up_time(Duration::from_millis(1));
    }
    group.bench_function(&id, |bencher| {
        let mut turn = 0;
        bencher.iter_custom(|rounds| {
            let begun = ThreadTime::now();
            for _ in 0..rounds {
                turn = (turn + 1) % RING;
                black_box(contender.allows(black_box(&asked[turn])));
            }
            begun.elapsed()
        });
    });
    group.finish();
    let estimates = folder.join("decide").join(&id).join("new/estimates.json");
    let estimates: Value = serde_json::from_str(&fs::read_to_string(estimates)?)?;
    let number = |pointer: &str| estimates.pointer(pointer).and_then(Value::as_f64).context("no estimate");
    let between = ["lower_bound", "upper_bound"].map(|bound| number(&format!("/median/confidence_interval/{bound}")));
    let [lower, upper] = between;
    Ok(Speed { load, median: number("/median/point_estimate")?, between: [lower?, upper?], agreed })
}

/// About what one decision takes.
fn probe<C: Contender>(contender: &C, asked: &[C::Asked]) -> Duration {
    let begun = Instant::now();
    let mut done = 0;
    while done < asked.len() && (done < 3 || begun.elapsed() < Duration::from_millis(100)) {
        black_box(contender.allows(&asked[done]));
        done += 1;
    }
    begun.elapsed() / u32::try_from(done).unwrap_or(u32::MAX)
}

/// Where criterion keeps its samples: beside what was built.
fn folder() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program.parent().and_then(|release| release.parent()).map(PathBuf::from).unwrap_or_default().join("criterion")
}
