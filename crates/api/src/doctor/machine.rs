//! What the machine has left.

use std::path::Path;

use nix::sys::statvfs::statvfs;

use super::Finding;

/// Of the disk, in percent, below which it is time to do something, and below which it is late.
const LOW: u64 = 15;
const VERY_LOW: u64 = 5;
/// And in bytes: less than this is late whatever the percentage.
const LITTLE: u64 = 512 << 20;

/// How much of the data folder's disk is left.
pub fn space(data_dir: &Path) -> Finding {
    let check = "disk";
    let mend = "free some space or enlarge the disk: old backups (backup.keep), logs, the database's own";
    match statvfs(data_dir) {
        Err(error) => Finding::warning(check, format!("{} can't be looked at: {error}", data_dir.display()), mend),
        Ok(disk) => {
            let unit = disk.fragment_size();
            // Of other widths on other systems.
            #[cfg_attr(target_os = "linux", expect(clippy::useless_conversion, reason = "32 bits on macOS"))]
            let (free, all) = (u64::from(disk.blocks_available()) * unit, u64::from(disk.blocks()) * unit);
            judged(check, free, all, mend)
        }
    }
}

fn judged(check: &'static str, free: u64, all: u64, mend: &str) -> Finding {
    let percent = free.saturating_mul(100).checked_div(all).unwrap_or(0);
    let found = format!("{} MiB are free, {percent} % of the disk", free >> 20);
    if percent < VERY_LOW || free < LITTLE {
        Finding::failed(check, found, mend)
    } else if percent < LOW {
        Finding::warning(check, found, mend)
    } else {
        Finding::ok(check, found)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::State, *};

    #[test]
    fn a_disk_that_runs_full_is_told_in_time() {
        let state = |free, all| judged("disk", free, all, "").state;
        assert_eq!(state(50 << 30, 100 << 30), State::Ok);
        assert_eq!(state(10 << 30, 100 << 30), State::Warning);
        assert_eq!(state(4 << 30, 100 << 30), State::Failed);
        assert_eq!(state(100 << 20, 200 << 20), State::Failed);
        assert_eq!(state(0, 0), State::Failed);
    }
}
