//! Plays systemd: holds the listening socket, hands it to one process after another, and hears what they notify.

use std::{
    os::{fd::OwnedFd, unix::net::UnixListener as Listener},
    path::PathBuf,
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    net::UnixDatagram,
    process::{Child, Command},
};

use crate::harness::{Database, binary};

/// The socket, and where processes tell that they are ready.
pub struct Supervisor {
    listener: Listener,
    /// The path of the socket.
    pub socket: PathBuf,
    variables: Vec<(String, String)>,
    /// The data folder of all that are started.
    pub folder: Arc<TempDir>,
    /// Credentials are files in here.
    pub credentials: PathBuf,
}

/// A process that serves on the supervisor's socket.
pub struct Supervised {
    process: Child,
    notices: UnixDatagram,
}

impl Supervisor {
    /// Opens the socket; what is started later works on `database`.
    pub fn open(database: &Database, variables: &[(&str, &str)]) -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        let socket = folder.path().join("lobby.sock");
        let listener = Listener::bind(&socket).unwrap();
        let credentials = folder.path().join("credentials");
        std::fs::create_dir(&credentials).unwrap();
        std::fs::write(credentials.join("database.url"), &database.url).unwrap();
        std::fs::write(credentials.join("server.secret"), "a secret that all instances of the tests share\n").unwrap();
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self { listener, socket, variables: variables.iter().map(own).collect(), folder, credentials }
    }

    /// The same installation's other socket.
    pub fn beside(&self, name: &str) -> Self {
        let socket = self.folder.path().join(name);
        let listener = Listener::bind(&socket).unwrap();
        let (variables, credentials) = (self.variables.clone(), self.credentials.clone());
        Self { listener, socket, variables, folder: Arc::clone(&self.folder), credentials }
    }

    /// Starts a process, and answers when it has notified that it is ready.
    pub async fn start(&self) -> Supervised {
        let name = format!("notices-{}", uuid::Uuid::now_v7().simple());
        let path = self.folder.path().join(name);
        let notices = UnixDatagram::bind(&path).unwrap();
        let handed = Stdio::from(OwnedFd::from(self.listener.try_clone().unwrap()));
        // The shell's process becomes Lobby's, so that the variable can name it.
        let script = "exec 3<&0 </dev/null; export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$0\" serve";
        let process = Command::new("sh")
            .args(["-c", script])
            .arg(binary())
            .env("LOBBY__DATA_DIR", self.folder.path().join("data"))
            .env("LOBBY__LOG__LEVEL", "warn")
            .env("LOBBY__SERVER__TRUSTED_PROXIES", "unix:")
            .env("LOBBY__SERVER__WORKERS", "2")
            .env("CREDENTIALS_DIRECTORY", &self.credentials)
            .env("NOTIFY_SOCKET", &path)
            .env("WATCHDOG_USEC", "1000000")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(handed)
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let supervised = Supervised { process, notices };
        supervised.told("READY=1").await;
        supervised
    }
}

impl Supervised {
    /// Waits for a notice, passing over others.
    pub async fn told(&self, what: &str) {
        let mut bytes = [0; 256];
        let waited = tokio::time::timeout(Duration::from_secs(60), async {
            loop {
                let length = self.notices.recv(&mut bytes).await.unwrap();
                if bytes[..length].split(|byte| *byte == b'\n').any(|line| line == what.as_bytes()) {
                    return;
                }
            }
        });
        waited.await.unwrap_or_else(|_| panic!("{what} was not told within a minute"));
    }

    /// Asks it to end, as a service manager does, and waits until it has.
    pub async fn stop(mut self) {
        let pid = self.process.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.told("STOPPING=1").await;
        let ended = tokio::time::timeout(Duration::from_secs(60), self.process.wait()).await;
        assert!(ended.unwrap().unwrap().success(), "it did not stop in good order");
    }
}
