//! The `lobby` binary, run as a user would.

use std::{path::PathBuf, pin::pin, process::Stdio, time::Duration};

use tokio::process::Command;

use super::cluster::Database;

/// No command takes as long as this.
const COMMAND: Duration = Duration::from_secs(300);

/// What a command said, and whether it went well.
#[derive(Debug)]
pub struct Said {
    /// Exit status 0.
    pub well: bool,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
}

/// Cargo builds the binary of the `api` crate beside the tests' own.
pub fn binary() -> PathBuf {
    let mut folder = std::env::current_exe().unwrap();
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let binary = folder.join("lobby");
    assert!(binary.is_file(), "{} is missing: run `cargo build --bin lobby` first", binary.display());
    binary
}

/// Runs `lobby` with these arguments and variables, on a test's database if there is one.
pub async fn lobby_command(arguments: &[&str], database: Option<&Database>, variables: &[(&str, &str)]) -> Said {
    let folder = tempfile::TempDir::new().unwrap();
    let mut command = Command::new(binary());
    command.args(arguments).env("LOBBY__DATA_DIR", folder.path()).env("LOBBY__LOG__LEVEL", "warn");
    if let Some(database) = database {
        command.env("LOBBY__DATABASE__URL", &database.url).envs(database.modules());
    }
    command
        .envs(variables.iter().copied())
        .kill_on_drop(true)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let process = command.spawn().unwrap();
    let id = process.id().unwrap();
    let mut ending = pin!(process.wait_with_output());
    let Ok(output) = tokio::time::timeout(COMMAND, &mut ending).await else {
        panic!("`lobby {}` does not end; its threads:\n{}", arguments.join(" "), threads(id));
    };
    let output = output.unwrap();
    Said {
        well: output.status.success(),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}

/// What the threads of a process wait for, as far as the system tells.
fn threads(process: u32) -> String {
    let Ok(entries) = std::fs::read_dir(format!("/proc/{process}/task")) else { return "it is gone".to_owned() };
    let told = |thread: &std::path::Path| {
        ["comm", "wchan", "syscall"]
            .map(|file| std::fs::read_to_string(thread.join(file)).unwrap_or_default().trim().to_owned())
    };
    entries.flatten().map(|entry| told(&entry.path()).join(" ")).collect::<Vec<_>>().join("\n")
}
