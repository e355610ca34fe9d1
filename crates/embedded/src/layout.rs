//! Where things lie in the data folder.

use std::{
    fs::{self, DirBuilder, Permissions},
    io::{self, ErrorKind, Read as _, Seek as _, SeekFrom},
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use crate::{EmbeddedError, error::IoContext as _};

/// Above this size a log is set aside when a server is started.
const LOG_LIMIT: u64 = 16 << 20;

#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// The data folder, absolute and free of links.
    pub data: PathBuf,
    /// The cluster.
    pub cluster: PathBuf,
    /// The server's log.
    pub log: PathBuf,
    /// Locked while the server is started or stopped.
    pub start_lock: PathBuf,
    /// Share-locked by who uses the server.
    pub users_lock: PathBuf,
}

impl Layout {
    /// Makes the data folder if it isn't there.
    pub(crate) fn prepare(data: &Path) -> Result<Self, EmbeddedError> {
        if !data.exists() {
            // Another account may run the server, so it must be able to pass through; what lies inside is private by itself.
            let mode = if nix::unistd::geteuid().is_root() { 0o711 } else { 0o700 };
            DirBuilder::new().recursive(true).mode(mode).create(data).tried("create", data)?;
            // The umask may have taken away what is needed.
            fs::set_permissions(data, Permissions::from_mode(mode)).tried("set the permissions of", data)?;
        }
        let data = data.canonicalize().tried("find", data)?;
        Ok(Self {
            cluster: data.join("postgres"),
            log: data.join("postgres.log"),
            start_lock: data.join("postgres.lock"),
            users_lock: data.join("postgres.users"),
            data,
        })
    }

    /// The major version that made the cluster; `None` when there is no cluster yet.
    pub(crate) fn cluster_version(&self) -> Result<Option<u32>, EmbeddedError> {
        let file = self.cluster.join("PG_VERSION");
        match fs::read_to_string(&file) {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).tried("read", file),
        }
    }

    /// Opens the log for appending, after setting aside one that has grown large. Returns it with its length.
    pub(crate) fn open_log(&self) -> Result<(fs::File, u64), EmbeddedError> {
        use std::os::unix::fs::OpenOptionsExt as _;
        if fs::metadata(&self.log).is_ok_and(|log| log.len() > LOG_LIMIT) {
            fs::rename(&self.log, self.log.with_extension("log.1")).tried("set aside", &self.log)?;
        }
        let open = || -> io::Result<_> {
            let file = fs::OpenOptions::new().create(true).append(true).mode(0o600).open(&self.log)?;
            let length = file.metadata()?.len();
            Ok((file, length))
        };
        open().tried("open", &self.log)
    }

    /// What the log says from `start` on.
    pub(crate) fn log_since(&self, start: u64) -> String {
        let read = || -> io::Result<String> {
            let mut file = fs::File::open(&self.log)?;
            file.seek(SeekFrom::Start(start))?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
        };
        read().unwrap_or_default()
    }
}
