//! Reads `postmaster.pid` and judges whether the process it names is the cluster's server.
//!
//! A killed server leaves the file behind, and the process id in it may be a zombie's or, after a reboot, a stranger's:
//! in both cases PostgreSQL itself would refuse to start.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::Command,
};

use nix::{errno::Errno, sys::signal::kill, unistd::Pid};

use crate::{EmbeddedError, error::IoContext as _};

/// What `postmaster.pid` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Postmaster {
    /// The server's process.
    pub pid: i32,
    /// The folder of its socket; `None` in the first moments of a start.
    pub socket: Option<PathBuf>,
}

impl Postmaster {
    /// The server that the cluster's file names, if there is a file.
    pub(crate) fn read(cluster: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(file(cluster)).ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let pid = lines.next()?.trim().parse().ok().filter(|pid| *pid > 0)?;
        let socket = lines.nth(3).filter(|line| !line.is_empty()).map(PathBuf::from);
        Some(Self { pid, socket })
    }

    /// Whether the process exists and isn't a zombie.
    pub(crate) fn lives(&self) -> bool {
        let exists = !matches!(kill(Pid::from_raw(self.pid), None), Err(Errno::ESRCH));
        // The state follows the program's name, which stands in parentheses and may contain anything.
        let state = fs::read_to_string(format!("/proc/{}/stat", self.pid)).unwrap_or_default();
        let zombie = state.rsplit_once(") ").is_some_and(|(_, state)| state.starts_with('Z'));
        exists && !zombie
    }

    /// Whether the process is a server of this cluster. In doubt it is: a file is only removed under a stranger's id.
    pub(crate) fn serves(&self, cluster: &Path) -> bool {
        self.lives() && command_line(self.pid).is_none_or(|line| is_server_of(&line, cluster))
    }

    /// Removes the file if PostgreSQL would wrongly take it for a running server's. A dead process' file stays: from it
    /// PostgreSQL learns whether sessions of the dead server are still at work.
    pub(crate) fn clear_stale(&self, cluster: &Path) -> Result<(), EmbeddedError> {
        if matches!(kill(Pid::from_raw(self.pid), None), Err(Errno::ESRCH)) {
            return Ok(());
        }
        tracing::warn!(pid = self.pid, "postmaster.pid is of a server that is gone; removing it");
        match fs::remove_file(file(cluster)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error).tried("remove", file(cluster)),
            _ => Ok(()),
        }
    }
}

fn file(cluster: &Path) -> PathBuf {
    cluster.join("postmaster.pid")
}

/// The command line of a process, its words parted by blanks; `None` when it can't be told.
fn command_line(pid: i32) -> Option<String> {
    if Path::new("/proc/self/cmdline").exists() {
        let words = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        return Some(String::from_utf8_lossy(&words).replace('\0', " "));
    }
    let output = Command::new("ps").args(["-ww", "-o", "command=", "-p", &pid.to_string()]).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A server of the cluster has its folder on the command line, or (started by hand) none that is absolute.
fn is_server_of(line: &str, cluster: &Path) -> bool {
    let program = line.split(" -").next().unwrap_or_default().trim();
    let name = program.rsplit('/').next().unwrap_or_default();
    let server = name == "postgres" || name == "postmaster";
    server && (line.contains(&format!("-D {} ", cluster.display())) || !line.contains("-D /"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_is_read_whole_and_in_part() {
        let text = "4711\n/data/postgres\n1767225600\n5432\n/data/run\n\n  123 456\nready   \n";
        let expected = Postmaster { pid: 4711, socket: Some("/data/run".into()) };
        assert_eq!(Postmaster::parse(text), Some(expected));
        assert_eq!(Postmaster::parse("4711\n"), Some(Postmaster { pid: 4711, socket: None }));
        assert_eq!(Postmaster::parse(""), None);
        assert_eq!(Postmaster::parse("-1\n"), None);
    }

    #[test]
    fn strangers_are_told_from_the_server() {
        let cluster = Path::new("/data/postgres");
        let ours =
            ["/usr/bin/postgres -D /data/postgres -c port=5432 ", "postgres -D data/postgres ", "/my dir/postgres "];
        let strangers = [
            "/usr/bin/postgres -D /data/postgres2 ",
            "postgres: checkpointer ",
            "vim /data/postgres/x ",
            "cat postgres ",
            "",
        ];
        assert!(ours.iter().all(|line| is_server_of(line, cluster)));
        assert!(strangers.iter().all(|line| !is_server_of(line, cluster)));
    }

    #[test]
    fn a_zombie_does_not_live() {
        let mut child = Command::new("true").spawn().unwrap();
        let pid = i32::try_from(child.id()).unwrap();
        let begun = std::time::Instant::now();
        while (Postmaster { pid, socket: None }).lives() && begun.elapsed().as_secs() < 5 {
            std::thread::yield_now();
        }
        assert_eq!(kill(Pid::from_raw(pid), None), Ok(()), "it is still there, unreaped");
        assert!(!Postmaster { pid, socket: None }.lives());
        child.wait().unwrap();
    }
}
