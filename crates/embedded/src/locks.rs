//! Keeps several Lobbies on one data folder from stepping on each other.
//!
//! The locks are the system's (`flock`): they vanish with the process that holds them, however it ends.

use std::{
    fs::{File, OpenOptions, TryLockError},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    time::{Duration, Instant},
};

use crate::{EmbeddedError, error::IoContext as _};

/// How long another Lobby may take to start or stop the server.
const LIMIT: Duration = Duration::from_mins(3);

/// The right to start or stop the server, until it is dropped.
#[derive(Debug)]
pub(crate) struct Turn(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Turn {
    /// Waits for it.
    pub(crate) async fn take(path: &Path) -> Result<Self, EmbeddedError> {
        let file = open(path)?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if begun.elapsed() < LIMIT => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(EmbeddedError::Busy { path: path.to_owned(), limit: LIMIT });
                }
                Err(TryLockError::Error(error)) => return Err(error).tried("lock", path),
            }
        }
    }
}

/// The sign that a living Lobby uses the server.
#[derive(Debug)]
pub(crate) struct Presence(File);

impl Presence {
    /// Puts up the sign. The caller holds its [`Turn`], so nobody is just looking whether the last one left.
    pub(crate) fn enter(path: &Path) -> Result<Self, EmbeddedError> {
        let file = open(path)?;
        file.lock_shared().tried("lock", path)?;
        Ok(Self(file))
    }

    /// Takes the sign down; `true` when it was the last. The caller holds its [`Turn`].
    pub(crate) fn leave(self, path: &Path) -> Result<bool, EmbeddedError> {
        self.0.unlock().tried("unlock", path)?;
        match self.0.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error).tried("lock", path),
        }
    }
}

fn open(path: &Path) -> Result<File, EmbeddedError> {
    let opened = OpenOptions::new().create(true).truncate(false).read(true).write(true).mode(0o600).open(path);
    opened.tried("open", path)
}
