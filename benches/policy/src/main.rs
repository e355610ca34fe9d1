//! Measures Lobby's role engine beside casbin, Cedar and the JSON document itself, all loaded with the same rules and
//! checked to give the same answers. Prints a table and whether the targets are met.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use policy_bench::{
    agreement::Answers,
    contenders::{self, Entry},
    footprint::Footprint,
    table::{self, Row},
    world::World,
};

/// As the product has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const WORKSPACES: [usize; 3] = [1_000, 10_000, 100_000];
const SAMPLE: usize = 100_000;

/// What a contender may take in the next world; it is ten times as large.
const MEMORY: usize = 3_000_000_000;
const LOADING: Duration = Duration::from_secs(60);
const DECIDING: Duration = Duration::from_millis(500);

fn main() -> Result<()> {
    let mut rows: Vec<Row> = Vec::new();
    for (index, workspaces) in WORKSPACES.into_iter().enumerate() {
        let world = World::new(workspaces)?;
        let answers = Answers::of(&world, SAMPLE)?;
        println!(
            "\n=== {workspaces} workspaces, {} permissions; {} answers to agree on, {} of them yes",
            world.vocabulary.permissions().len(),
            answers.len(),
            answers.allowed()
        );
        for entry in contenders::all() {
            let before = index
                .checked_sub(1)
                .and_then(|index| rows.iter().find(|row| row.workspaces == WORKSPACES[index] && row.id == entry.id));
            let row = match before.and_then(too_much) {
                Some(reason) => table::left_out(workspaces, &entry, reason),
                None => Row {
                    workspaces,
                    id: entry.id,
                    label: entry.label,
                    result: Ok(((entry.speed)(&world, &answers)?, footprint(&entry, workspaces)?)),
                },
            };
            rows.push(row);
        }
    }
    table::print(&rows);
    table::judge(&rows);
    Ok(())
}

/// Why a contender that took this much isn't given ten times as many workspaces.
fn too_much(before: &Row) -> Option<String> {
    let (speed, footprint) = match &before.result {
        Ok(result) => result,
        Err(_) => return Some(format!("as with {} workspaces", before.workspaces)),
    };
    if footprint.bytes * 10 > MEMORY {
        return Some(format!("would keep some {}", table::bytes(footprint.bytes * 10)));
    }
    if speed.load * 10 > LOADING {
        return Some(format!("would load for some {}", table::duration(speed.load * 10)));
    }
    // Only what looks at all workspaces takes longer with more of them, and that is what gets here.
    let deciding = Duration::from_nanos(speed.median as u64) * 10;
    (deciding > DECIDING).then(|| format!("would decide for some {}", table::duration(deciding)))
}

/// Counts in the program beside this one, whose allocator counts: here it would slow down whoever allocates.
fn footprint(entry: &Entry, workspaces: usize) -> Result<Footprint> {
    let program = std::env::current_exe()?.with_file_name("policy-footprint");
    let output = Command::new(program).arg(workspaces.to_string()).arg(entry.id).stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "counting {} failed", entry.id);
    serde_json::from_slice(&output.stdout).with_context(|| format!("counting {}", entry.id))
}
