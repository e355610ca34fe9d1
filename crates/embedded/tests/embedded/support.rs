//! A data folder that takes its server along when it goes, and a table to write into.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use embedded::{Embedded, Options};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;

/// A temporary data folder.
pub struct Data {
    root: TempDir,
    below: PathBuf,
}

impl Data {
    pub fn new() -> Self {
        Self::below("data")
    }

    /// A data folder at this place below a temporary one.
    pub fn below(place: &str) -> Self {
        // Root's servers run as another account, which has to get in.
        let root = tempfile::Builder::new().permissions(Permissions::from_mode(0o755)).tempdir().unwrap();
        let below = root.path().join(place);
        Self { root, below }
    }

    pub fn path(&self) -> &Path {
        &self.below
    }

    pub fn root(&self) -> &Path {
        self.root.path()
    }

    pub async fn start(&self) -> Embedded {
        Embedded::start(self.path(), Options::for_tests()).await.unwrap()
    }

    /// A server that loses nothing that was committed, which one for tests does when it is killed.
    pub async fn start_durable(&self) -> Embedded {
        Embedded::start(self.path(), Options::default()).await.unwrap()
    }

    /// The process of the server, if the cluster says there is one.
    pub fn postmaster(&self) -> Option<Pid> {
        let file = fs::read_to_string(self.below.join("postgres/postmaster.pid")).ok()?;
        file.lines().next()?.trim().parse().ok().map(Pid::from_raw)
    }

    /// Kills the server as a power cut would.
    pub fn kill_server(&self) -> Pid {
        let pid = self.postmaster().unwrap();
        kill(pid, Signal::SIGKILL).unwrap();
        pid
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        if let Some(pid) = self.postmaster() {
            // `SIGQUIT` lets it take its sessions along.
            let _ = kill(pid, Signal::SIGQUIT);
            let begun = Instant::now();
            while self.postmaster().is_some() && begun.elapsed() < Duration::from_secs(5) {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

/// Runs a statement.
pub async fn run(server: &Embedded, statement: &str) -> Result<(), sqlx::Error> {
    let mut session = PgConnection::connect(&server.url("notes")).await?;
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut session).await?;
    session.close().await
}

/// Makes the database and a table with one row.
pub async fn write(server: &Embedded) {
    server.ensure_database("notes").await.unwrap();
    run(server, "CREATE TABLE note (text text); INSERT INTO note VALUES ('kept')").await.unwrap();
}

/// The rows of the table.
pub async fn read(server: &Embedded) -> Result<Vec<String>, sqlx::Error> {
    let mut session = PgConnection::connect(&server.url("notes")).await?;
    let rows = sqlx::query_scalar("SELECT text FROM note").fetch_all(&mut session).await?;
    session.close().await?;
    Ok(rows)
}

/// Waits until the row can be read again and says how long that took.
pub async fn back_after(server: &Embedded, limit: Duration) -> Duration {
    let begun = Instant::now();
    loop {
        match read(server).await {
            Ok(rows) => {
                assert_eq!(rows, ["kept"]);
                return begun.elapsed();
            }
            Err(error) => assert!(begun.elapsed() < limit, "still not back: {error}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
