//! `policy-footprint WORKSPACES CONTENDER…`: counts what they keep and allocate; one line of JSON each.

use std::alloc::System;

use anyhow::{Context, Result};
use policy_bench::{contenders, world::World};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn count() -> (usize, usize) {
    let stats = ALLOCATOR.stats();
    (stats.allocations + stats.reallocations, stats.bytes_allocated - stats.bytes_deallocated)
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (workspaces, contenders) = arguments.split_first().context("how many workspaces?")?;
    let world = World::new(workspaces.parse()?)?;
    for entry in contenders::all().into_iter().filter(|entry| contenders.iter().any(|id| id == entry.id)) {
        println!("{}", serde_json::to_string(&(entry.footprint)(&world, count)?)?);
    }
    Ok(())
}
