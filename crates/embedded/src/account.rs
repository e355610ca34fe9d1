//! As whom PostgreSQL's programs run: PostgreSQL refuses root, so root hands them to another account.

use std::{
    env, fs,
    io::ErrorKind,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    path::{Path, PathBuf},
    process::Stdio,
};

use nix::unistd::{Uid, User};
use tokio::process::Command;

use crate::{EmbeddedError, error::IoContext as _};

/// Tried in this order when root makes a new cluster.
const ACCOUNTS: [&str; 3] = ["postgres", "lobby", "nobody"];

#[derive(Debug, Clone)]
pub(crate) enum Account {
    /// The account that Lobby itself runs as, not root.
    Own,
    /// Another one, because Lobby runs as root.
    Other { name: String, uid: u32, gid: u32 },
}

impl Account {
    /// The account for the cluster in this folder, which may not exist yet.
    pub(crate) fn choose(cluster: &Path) -> Result<Self, EmbeddedError> {
        let me = nix::unistd::geteuid();
        let owner = fs::metadata(cluster).ok().map(|folder| (folder.uid(), folder.gid()));
        match owner {
            Some((uid, _)) if !me.is_root() && uid != me.as_raw() => {
                Err(EmbeddedError::Foreign { path: cluster.to_owned(), owner: uid })
            }
            _ if !me.is_root() => Ok(Self::Own),
            Some((uid, gid)) if uid != 0 => {
                let user = User::from_uid(Uid::from_raw(uid)).ok().flatten();
                Ok(Self::Other { name: user.map_or_else(|| uid.to_string(), |user| user.name), uid, gid })
            }
            _ => {
                let user = ACCOUNTS.iter().find_map(|name| User::from_name(name).ok().flatten());
                let user = user.ok_or(EmbeddedError::NoAccount)?;
                Ok(Self::Other { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw() })
            }
        }
    }

    /// The user id that owns what the server writes.
    pub(crate) fn uid(&self) -> u32 {
        match self {
            Self::Own => nix::unistd::geteuid().as_raw(),
            Self::Other { uid, .. } => *uid,
        }
    }

    /// Gives a folder, but not what is in it, to the account.
    pub(crate) fn own(&self, path: &Path) -> Result<(), EmbeddedError> {
        match self {
            Self::Own => Ok(()),
            Self::Other { uid, gid, .. } => chown(path, Some(*uid), Some(*gid)).tried("give away", path),
        }
    }

    /// Gives a folder with all that is in it to the account, such as a cluster that root restored from a backup.
    pub(crate) fn own_all(&self, path: &Path) -> Result<(), EmbeddedError> {
        self.own(path)?;
        for entry in fs::read_dir(path).tried("read", path)? {
            let entry = entry.tried("read", path)?;
            let kind = entry.file_type().tried("read", entry.path())?;
            if kind.is_dir() {
                self.own_all(&entry.path())?;
            } else if !kind.is_symlink() {
                self.own(&entry.path())?;
            }
        }
        Ok(())
    }

    /// A program to run as the account, in a folder that it can enter and untouched by the caller's PostgreSQL variables.
    pub(crate) fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).stdin(Stdio::null());
        for (name, _) in env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"PG") {
                command.env_remove(name);
            }
        }
        // Error texts are looked into, so they must be the untranslated ones.
        command.env("LC_ALL", "C");
        if let Self::Other { uid, gid, .. } = self {
            command.uid(*uid).gid(*gid);
        }
        command
    }

    /// Proves, by doing it, that the account can run the programs and enter the data folder.
    pub(crate) async fn check_reach(&self, bin: &Path, data: &Path) -> Result<(), EmbeddedError> {
        let Self::Other { name, .. } = self else { return Ok(()) };
        if !self.can_run(bin, Path::new("/")).await? {
            return Err(EmbeddedError::BinariesUnreachable { account: name.clone(), bin: bin.to_owned() });
        }
        if !self.can_run(bin, data).await? {
            return Err(EmbeddedError::Unreachable { account: name.clone(), blocked: self.blocked_at(data) });
        }
        Ok(())
    }

    async fn can_run(&self, bin: &Path, folder: &Path) -> Result<bool, EmbeddedError> {
        let program = bin.join("postgres");
        match self.command(&program, folder).arg("--version").output().await {
            Ok(output) => Ok(output.status.success()),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(false),
            Err(error) => Err(error).tried("run", program),
        }
    }

    /// The first folder on the way to `data` that the account may not enter, to name it in the message.
    fn blocked_at(&self, data: &Path) -> PathBuf {
        let Self::Other { uid, gid, .. } = self else { return data.to_owned() };
        let mut way: Vec<_> = data.ancestors().collect();
        way.reverse();
        let closed = |folder: &&&Path| {
            fs::metadata(folder).is_ok_and(|found| {
                let mode = found.permissions().mode();
                let enter = if found.uid() == *uid {
                    0o100
                } else if found.gid() == *gid {
                    0o010
                } else {
                    0o001
                };
                mode & enter == 0
            })
        };
        way.iter().find(closed).map_or(data, |folder| *folder).to_owned()
    }
}
