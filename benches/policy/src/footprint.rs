//! What loading keeps in memory, and what a decision allocates. Measured by a program of its own, whose allocator counts.

use std::hint::black_box;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::{contenders::Contender, world::World};

const DECISIONS: usize = 10_000;

/// Allocations so far, and bytes that are allocated now.
pub type Count = fn() -> (usize, usize);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Footprint {
    pub id: String,
    pub bytes: usize,
    pub allocations_per_decision: f64,
}

/// Loads, counts; decides, counts.
pub fn measure<C: Contender>(world: &World, count: Count) -> Result<Footprint> {
    let (_, before) = count();
    let contender = C::load(world)?;
    let (_, after) = count();
    let asked: Vec<_> = world.sample(DECISIONS).iter().map(|question| contender.asked(question)).collect();
    // Once before, for what only the first time takes; briefly, since some are slow.
    let begun = std::time::Instant::now();
    let mut decisions = 0;
    for asked in &asked {
        black_box(contender.allows(asked));
        decisions += 1;
        if begun.elapsed().as_secs() >= 2 {
            break;
        }
    }
    let (first, _) = count();
    for asked in &asked[..decisions] {
        black_box(contender.allows(asked));
    }
    let (last, _) = count();
    let allocations_per_decision = (last - first) as f64 / decisions as f64;
    Ok(Footprint { id: C::ID.to_owned(), bytes: after.saturating_sub(before), allocations_per_decision })
}
