//! The socket that the server listens on: one of its own, or one that the service manager holds and hands over.
//!
//! What the manager holds stays open while the program is replaced: whoever calls meanwhile waits in its queue instead of
//! being refused.

use std::{
    fs, io,
    net::TcpListener,
    os::unix::{
        fs::{FileTypeExt, PermissionsExt},
        net::{UnixListener, UnixStream},
    },
    path::Path,
};

use anyhow::{Context, bail};
use listenfd::ListenFd;

use crate::settings::Listen;

/// What calls come in by.
#[derive(Debug)]
pub enum Socket {
    /// An address that is still to be bound, when everything else is ready.
    ToBind(Listen),
    /// One that was handed over.
    Tcp(TcpListener),
    /// One that was handed over.
    Unix(UnixListener),
}

/// The socket that was handed over (`LISTEN_FDS`), else where one is to be opened. To be asked before anything is started:
/// what is started must not inherit it.
pub fn find(configured: &Listen) -> anyhow::Result<Socket> {
    Ok(handed_over()?.unwrap_or_else(|| Socket::ToBind(configured.clone())))
}

/// The socket that the service manager opened for this process, of whichever kind it is.
fn handed_over() -> anyhow::Result<Option<Socket>> {
    let mut handed = ListenFd::from_env();
    if handed.len() > 1 {
        bail!("{} sockets were handed over (LISTEN_FDS); Lobby listens on one", handed.len());
    }
    if let Ok(Some(listener)) = handed.take_unix_listener(0) {
        return Ok(Some(Socket::Unix(listener)));
    }
    let listener = handed.take_tcp_listener(0).context("the socket that was handed over can't be listened on")?;
    Ok(listener.map(Socket::Tcp))
}

/// Opens a socket on a path.
pub fn bind(path: &Path) -> io::Result<UnixListener> {
    forget_left_behind(path)?;
    let listener = UnixListener::bind(path)?;
    // The server in front belongs to the group; nobody else has any business here.
    fs::set_permissions(path, fs::Permissions::from_mode(0o660))?;
    Ok(listener)
}

/// Removes the socket of a process that was killed: nobody answers on it. Anything else is not ours to remove.
fn forget_left_behind(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(found) if !found.file_type().is_socket() => Err(io::Error::other("something else than a socket is there")),
        Ok(_) => match UnixStream::connect(path) {
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path),
            Ok(_) => Err(io::ErrorKind::AddrInUse.into()),
            Err(error) => Err(error),
        },
    }
}

/// Where a socket that was handed over is.
pub fn place_of(socket: &UnixListener) -> io::Result<Listen> {
    Ok(Listen::Unix(socket.local_addr()?.as_pathname().unwrap_or_else(|| Path::new("/")).to_owned()))
}

/// Removes the path of a socket of our own at an orderly end.
pub fn close(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        tracing::debug!(%error, path = %path.display(), "the socket was gone already");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_that_was_left_behind_is_taken_over_and_a_living_one_is_not() {
        let folder = std::env::temp_dir().join(format!("lobby-socket-{}", uuid::Uuid::now_v7().simple()));
        fs::create_dir(&folder).unwrap();
        let path = folder.join("lobby.sock");
        let first = bind(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o660);
        assert_eq!(bind(&path).unwrap_err().kind(), io::ErrorKind::AddrInUse);
        drop(first);
        assert!(path.exists(), "a killed process leaves its socket");
        bind(&path).unwrap();

        let file = folder.join("precious");
        fs::write(&file, "kept").unwrap();
        assert!(bind(&file).is_err());
        assert_eq!(fs::read_to_string(file).unwrap(), "kept");
        fs::remove_dir_all(folder).unwrap();
    }
}
