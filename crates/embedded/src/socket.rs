//! The folder of the server's socket, and the URLs that lead there.

use std::{
    env,
    fs::{self, DirBuilder, Permissions},
    io::ErrorKind,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use crate::{EmbeddedError, account::Account, cluster::SUPERUSER, error::IoContext as _, layout::Layout};

/// Only names the socket (`.s.PGSQL.5432`); nothing listens on a network.
pub(crate) const PORT: u16 = 5432;

/// The longest path of a socket that the system takes, without the closing zero.
const LONGEST: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// The folder of the socket.
#[derive(Debug, Clone)]
pub(crate) struct Socket {
    pub folder: PathBuf,
    /// Whether it lies outside the data folder and is to be removed with the server.
    pub borrowed: bool,
}

impl Socket {
    /// Where a new server's socket goes: into the data folder, or if the path is too long or not plain text, elsewhere.
    pub(crate) fn place(layout: &Layout, account: &Account) -> Result<Self, EmbeddedError> {
        let folder = layout.data.join("run");
        if fits(&folder) {
            return Ok(Self { folder, borrowed: false });
        }
        let data = fs::metadata(&layout.data).tried("read", &layout.data)?;
        // Named after the data folder's place on disk, so that every start finds the same one.
        let name = format!("lobby-{:x}-{:x}", data.dev(), data.ino());
        let runtime = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        let places = match account {
            Account::Own => [runtime, Some(PathBuf::from("/tmp"))],
            Account::Other { .. } => [Some(PathBuf::from("/run")), Some(PathBuf::from("/tmp"))],
        };
        let mut folders = places.into_iter().flatten().filter(|place| place.is_dir()).map(|place| place.join(&name));
        let folder = folders.find(|folder| fits(folder)).unwrap_or_else(|| Path::new("/tmp").join(&name));
        Ok(Self { folder, borrowed: true })
    }

    /// The folder that a running server told.
    pub(crate) fn told(folder: PathBuf, layout: &Layout) -> Self {
        let borrowed = !folder.starts_with(&layout.data);
        Self { folder, borrowed }
    }

    /// Makes the folder, or makes sure that nobody but the server's account can write into the one that is there.
    pub(crate) fn prepare(&self, account: &Account) -> Result<(), EmbeddedError> {
        match DirBuilder::new().mode(0o700).create(&self.folder) {
            Ok(()) => account.own(&self.folder),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => self.check(account),
            Err(error) => Err(error).tried("create", &self.folder),
        }
    }

    fn check(&self, account: &Account) -> Result<(), EmbeddedError> {
        let refuse = |reason| Err(EmbeddedError::SocketFolder { path: self.folder.clone(), reason });
        // Not following links: in a shared folder anybody can lay one.
        let found = fs::symlink_metadata(&self.folder).tried("read", &self.folder)?;
        if !found.is_dir() {
            return refuse("it isn't a folder");
        }
        if found.uid() != account.uid() {
            // In the data folder it is ours whoever it was given to: the account may have changed.
            if self.borrowed || !nix::unistd::geteuid().is_root() {
                return refuse("it belongs to another account");
            }
            account.own(&self.folder)?;
        }
        if found.mode() & 0o777 != 0o700 {
            fs::set_permissions(&self.folder, Permissions::from_mode(0o700)).tried("make private", &self.folder)?;
        }
        Ok(())
    }

    /// Removes a folder outside the data folder when the server is gone; a leftover does no harm.
    pub(crate) fn release(&self) {
        if self.borrowed
            && let Err(error) = fs::remove_dir(&self.folder)
        {
            tracing::debug!(folder = %self.folder.display(), %error, "left the socket's folder");
        }
    }

    /// The value of `unix_socket_directories`, which is a list: quoted, so that a comma in a path doesn't part it.
    pub(crate) fn setting(&self) -> String {
        format!("\"{}\"", self.folder.display().to_string().replace('"', "\"\""))
    }

    /// The URL of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        let folder = escape(&self.folder.display().to_string());
        let database = escape(database).replace('/', "%2F");
        format!("postgres://{SUPERUSER}@localhost:{PORT}/{database}?host={folder}&sslmode=disable")
    }
}

fn fits(folder: &Path) -> bool {
    let path = folder.join(format!(".s.PGSQL.{PORT}"));
    path.to_str().is_some_and(|path| path.len() <= LONGEST && !path.chars().any(char::is_control))
}

/// Percent-encodes all but what RFC 3986 (2.3) leaves unreserved, and the slash.
fn escape(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_survive_odd_paths_and_names() {
        let socket = Socket { folder: "/a b/ü,\"&/run".into(), borrowed: false };
        assert_eq!(
            socket.url("x/y?"),
            "postgres://lobby@localhost:5432/x%2Fy%3F?host=/a%20b/%C3%BC%2C%22%26/run&sslmode=disable"
        );
        assert_eq!(socket.setting(), "\"/a b/ü,\"\"&/run\"");
    }

    #[test]
    fn a_path_fits_up_to_the_system_s_limit() {
        let rest = "/.s.PGSQL.5432".len();
        assert!(fits(Path::new(&format!("/{}", "x".repeat(LONGEST - rest - 1)))));
        assert!(!fits(Path::new(&format!("/{}", "x".repeat(LONGEST - rest)))));
    }
}
