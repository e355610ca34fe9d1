//! The `lobby` binary, run as a user would.

use std::{path::PathBuf, time::Duration};

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
    let output = command.envs(variables.iter().copied()).kill_on_drop(true).output();
    let output = tokio::time::timeout(COMMAND, output).await;
    let output = output.unwrap_or_else(|_| panic!("`lobby {}` does not end", arguments.join(" "))).unwrap();
    Said {
        well: output.status.success(),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}
