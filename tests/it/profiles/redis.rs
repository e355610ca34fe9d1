//! A Redis server per test: the real program, found or installed by `scripts/redis`.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::OnceLock,
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
};

/// A running server, on a socket of its own. It ends with this.
pub struct Redis {
    process: Child,
    folder: TempDir,
}

/// The server's program; none where there is none to be had.
fn program() -> Option<&'static PathBuf> {
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = PROGRAM.get_or_init(|| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/redis");
        let output = std::process::Command::new("bash").arg(script).stderr(Stdio::inherit()).output().ok()?;
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap().trim().into())
    });
    found.as_ref()
}

impl Redis {
    /// Starts one, or says loudly that the test is skipped.
    pub async fn start() -> Option<Self> {
        let Some(program) = program() else {
            println!(
                "!!! SKIPPED: NOT TESTED AGAINST REDIS, because scripts/redis found none and could install none !!!"
            );
            return None;
        };
        let folder = TempDir::new().unwrap();
        let mut command = Command::new(program);
        command.args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"]);
        command.arg(folder.path().join("socket")).current_dir(folder.path());
        let process = command.stdout(Stdio::null()).kill_on_drop(true).spawn().unwrap();
        let redis = Self { process, folder };
        for _ in 0..500 {
            if tokio::net::UnixStream::connect(redis.folder.path().join("socket")).await.is_ok() {
                return Some(redis);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} did not start", program.display());
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    /// Its socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    /// Makes it answer nobody, keeping what it knows.
    pub async fn freeze(&self) {
        self.signal("-STOP").await;
    }

    /// Undoes that.
    pub async fn thaw(&self) {
        self.signal("-CONT").await;
    }

    async fn signal(&self, signal: &str) {
        let pid = self.process.id().unwrap().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().await.unwrap().success());
    }
}

/// How many keys the server on this socket has.
pub async fn keys(socket: &Path) -> i64 {
    let mut stream = tokio::net::UnixStream::connect(socket).await.unwrap();
    stream.write_all(b"DBSIZE\r\n").await.unwrap();
    let mut bytes = [0; 64];
    let length = stream.read(&mut bytes).await.unwrap();
    std::str::from_utf8(&bytes[..length]).unwrap().trim_start_matches(':').trim().parse().unwrap()
}
