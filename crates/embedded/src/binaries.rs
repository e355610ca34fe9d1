//! Finds the server programs, in the version that the data need.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::process::Command;

use crate::{EmbeddedError, error::IoContext as _};

/// The oldest major version that Lobby runs on.
const MINIMUM: u32 = 15;

/// Where packages put the programs: folder, what stands before the version, what follows it.
const PLACES: [(&str, &str, &str); 7] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql@", "bin"),
    ("/opt/local/lib", "postgresql", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// A folder of server programs.
#[derive(Debug, Clone)]
pub(crate) struct Binaries {
    pub folder: PathBuf,
    pub major: u32,
}

impl Binaries {
    pub(crate) fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }

    pub(crate) fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    /// The first folder, in the order that the crate documents, whose version fits the cluster.
    pub(crate) async fn find(
        chosen: Option<&Path>,
        cluster: &Path,
        needed: Option<u32>,
    ) -> Result<Self, EmbeddedError> {
        let mut found: Vec<Self> = Vec::new();
        for folder in candidates(chosen)? {
            let Some(binaries) = Self::read(&folder).await? else { continue };
            if needed.map_or(binaries.major >= MINIMUM, |needed| binaries.major == needed) {
                return Ok(binaries);
            }
            found.push(binaries);
        }
        Err(match (needed, found.iter().max_by_key(|binaries| binaries.major)) {
            (_, None) => EmbeddedError::BinariesMissing { minimum: MINIMUM },
            (Some(needed), Some(_)) => {
                let found: Vec<_> = found.iter().map(|binaries| binaries.major.to_string()).collect();
                EmbeddedError::VersionMissing { cluster: cluster.to_owned(), needed, found: found.join(", ") }
            }
            (None, Some(newest)) => {
                EmbeddedError::TooOld { path: newest.folder.clone(), found: newest.major, minimum: MINIMUM }
            }
        })
    }

    /// Asks the programs in this folder for their version; `None` when they don't run.
    async fn read(folder: &Path) -> Result<Option<Self>, EmbeddedError> {
        let program = folder.join("postgres");
        let output = Command::new(&program).arg("--version").stdin(Stdio::null()).output().await;
        let output = output.tried("run", &program)?;
        let major = major_version(&String::from_utf8_lossy(&output.stdout));
        Ok(major.map(|major| Self { folder: folder.to_owned(), major }))
    }
}

/// The folders that hold both programs, best first and each once.
fn candidates(chosen: Option<&Path>) -> Result<Vec<PathBuf>, EmbeddedError> {
    let named = chosen.map(Path::to_owned);
    let named = named.or_else(|| env::var_os("LOBBY_POSTGRES_BIN").filter(|name| !name.is_empty()).map(PathBuf::from));
    let mut folders = Vec::new();
    if let Some(path) = named {
        folders.push(programs_in(&path).ok_or(EmbeddedError::NotABinFolder { path })?);
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let places = PLACES.iter().flat_map(|(parent, before, after)| newest_first(Path::new(parent), before, after));
    for folder in env::split_paths(&path).chain(places).filter_map(|folder| programs_in(&folder)) {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    Ok(folders)
}

/// The folder itself, behind links, if both programs are there: links to programs are common in `PATH`, and the programs
/// look for their libraries next to themselves.
fn programs_in(folder: &Path) -> Option<PathBuf> {
    let postgres = folder.join("postgres").canonicalize().ok()?;
    let real = postgres.parent()?;
    real.join("initdb").is_file().then(|| real.to_owned())
}

fn newest_first(parent: &Path, before: &str, after: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let name = entry.file_name();
            let version = leading_number(name.to_str()?.strip_prefix(before)?)?;
            Some((version, entry.path().join(after)))
        })
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, folder)| folder).collect()
}

/// `postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)` → 15.
fn major_version(output: &str) -> Option<u32> {
    leading_number(output.split_whitespace().nth(2)?)
}

fn leading_number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_every_form() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)\n"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major_version("something else\n"), None);
    }

    #[test]
    fn newest_version_comes_first() {
        let parent = tempfile::tempdir().unwrap();
        for name in ["pgsql-9.6", "pgsql-15", "pgsql-17", "pgsql-old", "other"] {
            fs::create_dir(parent.path().join(name)).unwrap();
        }
        let found = newest_first(parent.path(), "pgsql-", "bin");
        let expected = ["pgsql-17", "pgsql-15", "pgsql-9.6"].map(|name| parent.path().join(name).join("bin"));
        assert_eq!(found, expected);
    }
}
