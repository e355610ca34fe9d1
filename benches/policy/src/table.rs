//! The results in one table, and whether each target is met.

use std::time::Duration;

use crate::{contenders::Entry, footprint::Footprint, speed::Speed};

/// A contender's results in one world, or why there are none.
pub struct Row {
    pub workspaces: usize,
    pub id: &'static str,
    pub label: &'static str,
    pub result: Result<(Speed, Footprint), String>,
}

/// Lobby's row, which the targets speak of.
const LOBBY: &str = "lobby";
/// Remembers answers; compared, but not as a decision.
const REMEMBERING: &str = "casbin-remembering";

const MEMORY_TARGET: usize = 2_000_000;
const CEDAR_TARGET: f64 = 500.0;
const CASBIN_TARGET: f64 = 3_000.0;

pub fn print(rows: &[Row]) {
    println!(
        "\n| Workspaces | Engine and encoding | ns per decision (95 % CI) | × Lobby | allocations per decision | load | memory | answers compared |"
    );
    println!("|---:|---|---:|---:|---:|---:|---:|---:|");
    for row in rows {
        let lobby = speed_of(rows, row.workspaces, LOBBY);
        match &row.result {
            Ok((speed, footprint)) => println!(
                "| {} | {} | {} ({} – {}) | {} | {:.1} | {} | {} | {} |",
                row.workspaces,
                row.label,
                nanoseconds(speed.median),
                nanoseconds(speed.between[0]),
                nanoseconds(speed.between[1]),
                lobby.map_or_else(String::new, |lobby| format!("{:.1}", speed.median / lobby)),
                footprint.allocations_per_decision,
                duration(speed.load),
                bytes(footprint.bytes),
                speed.agreed,
            ),
            Err(reason) => println!("| {} | {} | left out: {reason} | | | | | |", row.workspaces, row.label),
        }
    }
}

/// Prints the targets, which hold for the first world.
pub fn judge(rows: &[Row]) {
    let Some(workspaces) = rows.first().map(|row| row.workspaces) else { return };
    let Some((lobby, footprint)) = row_of(rows, workspaces, LOBBY) else { return };
    println!("\nAt {workspaces} workspaces:");
    let best = |engine: &str, ids: &dyn Fn(&str) -> bool| {
        let rows = rows.iter().filter(|row| row.workspaces == workspaces && row.id.starts_with(engine) && ids(row.id));
        let measured = rows.filter_map(|row| Some((row.result.as_ref().ok()?.0.median, row.label)));
        measured.min_by(|one, other| one.0.total_cmp(&other.0))
    };
    let against = |engine: &str, ids: &dyn Fn(&str) -> bool, what: &str, target: f64| {
        if let Some((median, label)) = best(engine, ids) {
            let ratio = median / lobby.median;
            let met = if ratio >= target { "met" } else { "MISSED" };
            println!("- {what} ({label}): {ratio:.0} times as long; at least {target:.0}: {met}");
        }
    };
    against("cedar", &|_| true, "Cedar at its best", CEDAR_TARGET);
    against("casbin", &|id| id != REMEMBERING, "casbin at its best", CASBIN_TARGET);
    if let Some((speed, _)) = row_of(rows, workspaces, REMEMBERING) {
        let ratio = speed.median / lobby.median;
        println!(
            "- casbin when it needn't decide, having the answer in its cache: {ratio:.0} times as long; no target"
        );
    }
    let verdict = |met: bool| if met { "met" } else { "MISSED" };
    let (kept, allocations) = (footprint.bytes, footprint.allocations_per_decision);
    println!("- memory: {}; less than {}: {}", bytes(kept), bytes(MEMORY_TARGET), verdict(kept < MEMORY_TARGET));
    println!("- allocations per decision: {allocations}; none: {}", verdict(allocations == 0.0));
}

fn row_of<'a>(rows: &'a [Row], workspaces: usize, id: &str) -> Option<&'a (Speed, Footprint)> {
    rows.iter().find(|row| row.workspaces == workspaces && row.id == id)?.result.as_ref().ok()
}

fn speed_of(rows: &[Row], workspaces: usize, id: &str) -> Option<f64> {
    row_of(rows, workspaces, id).map(|(speed, _)| speed.median)
}

/// A row without results.
pub fn left_out(workspaces: usize, entry: &Entry, reason: String) -> Row {
    Row { workspaces, id: entry.id, label: entry.label, result: Err(reason) }
}

fn nanoseconds(value: f64) -> String {
    if value < 100.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}

pub fn duration(value: Duration) -> String {
    let milliseconds = value.as_secs_f64() * 1e3;
    if milliseconds < 1e3 { format!("{milliseconds:.1} ms") } else { format!("{:.1} s", milliseconds / 1e3) }
}

pub fn bytes(value: usize) -> String {
    let megabytes = value as f64 / 1e6;
    if megabytes < 1e3 { format!("{megabytes:.2} MB") } else { format!("{:.2} GB", megabytes / 1e3) }
}
