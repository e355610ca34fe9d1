//! Everything that can keep the embedded server from running, each with its mend.

use std::{io, path::PathBuf, time::Duration};

/// Why the embedded PostgreSQL can't be used. Every message says what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddedError {
    /// No server programs anywhere.
    #[error(
        "no PostgreSQL server programs (initdb, postgres) found. Install PostgreSQL {minimum} or newer (Debian, Ubuntu: \
         `apt-get install postgresql`; Fedora: `dnf install postgresql-server`; macOS: `brew install postgresql@17`), \
         or name the folder of its programs in LOBBY_POSTGRES_BIN"
    )]
    BinariesMissing {
        /// The oldest major version that Lobby runs on.
        minimum: u32,
    },
    /// The folder that was named holds no server programs.
    #[error(
        "{path} holds no PostgreSQL server programs (initdb, postgres). Name the folder that does, or take the setting \
         (LOBBY_POSTGRES_BIN or the configured one) away to look in the usual places"
    )]
    NotABinFolder {
        /// The folder that was named.
        path: PathBuf,
    },
    /// Only server programs of a too old version are there.
    #[error("PostgreSQL {found} in {path} is too old. Install version {minimum} or newer")]
    TooOld {
        /// Where the newest found programs are.
        path: PathBuf,
        /// Their major version.
        found: u32,
        /// The oldest major version that Lobby runs on.
        minimum: u32,
    },
    /// The data were written by a major version that isn't installed.
    #[error(
        "the database in {cluster} was made by PostgreSQL {needed}, which isn't installed (found: {found}). Install \
         PostgreSQL {needed}, or move its contents to the newer version with pg_dumpall or pg_upgrade"
    )]
    VersionMissing {
        /// The cluster folder.
        cluster: PathBuf,
        /// The major version in its `PG_VERSION`.
        needed: u32,
        /// The major versions that are installed, for people.
        found: String,
    },
    /// Lobby runs as root and there is no other account to run PostgreSQL as.
    #[error(
        "PostgreSQL refuses to run as root and there is no account `postgres`, `lobby` or `nobody` to run it as. Add \
         one (`useradd --system --no-create-home postgres`) or start Lobby as an ordinary user"
    )]
    NoAccount,
    /// Lobby runs as root and the account that runs PostgreSQL can't get to the data.
    #[error(
        "the account `{account}`, which runs PostgreSQL because Lobby was started as root, may not enter {blocked}. \
         Allow it to pass (`chmod o+x {blocked}`), or keep the data elsewhere (LOBBY__DATA_DIR=/var/lib/lobby), or \
         start Lobby as an ordinary user"
    )]
    Unreachable {
        /// The account that runs PostgreSQL.
        account: String,
        /// The folder that it may not enter.
        blocked: PathBuf,
    },
    /// Lobby runs as root and the account that runs PostgreSQL can't run its programs.
    #[error(
        "the account `{account}`, which runs PostgreSQL because Lobby was started as root, can't run the programs in \
         {bin}. Install PostgreSQL where every account can reach it, or start Lobby as an ordinary user"
    )]
    BinariesUnreachable {
        /// The account that runs PostgreSQL.
        account: String,
        /// Where the programs are.
        bin: PathBuf,
    },
    /// The data belong to somebody else.
    #[error(
        "{path} belongs to another account (user id {owner}). Start Lobby as that account or as root, or keep the data \
         elsewhere (LOBBY__DATA_DIR)"
    )]
    Foreign {
        /// The file or folder.
        path: PathBuf,
        /// Its owner.
        owner: u32,
    },
    /// The folder for the socket isn't safe to use.
    #[error(
        "{path} can't hold the server's socket because {reason}. Remove it, or take a data folder with a shorter path \
         (LOBBY__DATA_DIR)"
    )]
    SocketFolder {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A program ran and said no.
    #[error("{program} failed: {output}")]
    Program {
        /// Which one.
        program: PathBuf,
        /// What it printed.
        output: String,
    },
    /// The server ended while it was starting.
    #[error("PostgreSQL did not start; it said:\n{output}\nThe whole log is {log}")]
    NotStarted {
        /// What it printed in this attempt.
        output: String,
        /// Its log.
        log: PathBuf,
    },
    /// The server lives and doesn't answer.
    #[error(
        "PostgreSQL (process {pid}) did not answer within {limit:?}. See {log}; to begin again, stop it (`kill -INT \
         {pid}`) and start Lobby anew"
    )]
    NoAnswer {
        /// The server's process.
        pid: i32,
        /// How long it was waited for.
        limit: Duration,
        /// Its log.
        log: PathBuf,
    },
    /// The server outlived every request to stop.
    #[error("PostgreSQL (process {pid}) did not stop within {limit:?}. See {log}")]
    NotStopped {
        /// The server's process.
        pid: i32,
        /// How long it was waited for.
        limit: Duration,
        /// Its log.
        log: PathBuf,
    },
    /// Another Lobby has been starting or stopping the server for too long.
    #[error("another Lobby has held {path} for {limit:?}. Wait for it to finish starting or stopping, or stop it")]
    Busy {
        /// The lock.
        path: PathBuf,
        /// How long it was waited for.
        limit: Duration,
    },
    /// Not a name that a database can have.
    #[error("{name:?} can't name a database: take 1 to 63 bytes without a zero byte")]
    DatabaseName {
        /// The name that was asked for.
        name: String,
    },
    /// The server answered with an error, or the connection broke.
    #[error("PostgreSQL refused: {0}")]
    Database(#[from] sqlx::Error),
    /// The operating system said no.
    #[error("can't {act} {path}: {source}")]
    Io {
        /// What was tried.
        act: &'static str,
        /// On which file, folder or program.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
}

/// Says what was tried on which path when the operating system refuses.
pub(crate) trait IoContext<T> {
    fn tried(self, act: &'static str, path: impl Into<PathBuf>) -> Result<T, EmbeddedError>;
}

impl<T> IoContext<T> for io::Result<T> {
    fn tried(self, act: &'static str, path: impl Into<PathBuf>) -> Result<T, EmbeddedError> {
        self.map_err(|source| EmbeddedError::Io { act, path: path.into(), source })
    }
}
