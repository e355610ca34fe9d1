//! Starts, awaits and stops the server process.

use std::{
    fs,
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use sqlx::{Connection as _, PgConnection};
use tokio::{
    process::Child,
    time::{sleep, timeout},
};

use crate::{
    EmbeddedError, Options,
    account::Account,
    binaries::Binaries,
    cluster,
    error::IoContext as _,
    layout::Layout,
    postmaster::Postmaster,
    socket::{PORT, Socket},
};

/// How long a start may take, recovery after a crash included.
const START_LIMIT: Duration = Duration::from_mins(2);
/// How long a server may take to end its sessions and write its data; past it they are cut off and recovered later.
const STOP_LIMIT: Duration = Duration::from_mins(1);
/// How often a starting or stopping server is looked at.
const GLANCE: Duration = Duration::from_millis(10);
/// How long one attempt to connect may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// How the server came to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Started,
    Adopted,
}

/// A cluster with all that is needed to run its server.
#[derive(Debug)]
pub(crate) struct Server {
    pub layout: Layout,
    account: Account,
    binaries: Binaries,
    settings: Vec<(String, String)>,
    pub socket: Socket,
}

impl Server {
    /// Finds programs and places and makes the cluster if there is none. The caller holds the start lock.
    pub(crate) async fn prepare(layout: Layout, account: Account, options: &Options) -> Result<Self, EmbeddedError> {
        let needed = layout.cluster_version()?;
        let binaries = Binaries::find(options.bin_dir.as_deref(), &layout.cluster, needed).await?;
        account.check_reach(&binaries.folder, &layout.data).await?;
        cluster::ensure(&layout, &account, &binaries, options.durable).await?;
        let running = Postmaster::read(&layout.cluster).filter(|file| file.serves(&layout.cluster));
        let socket = match running.and_then(|running| running.socket) {
            Some(folder) => Socket::told(folder, &layout),
            None => Socket::place(&layout, &account)?,
        };
        Ok(Self { layout, account, binaries, settings: options.settings(), socket })
    }

    /// Whether the server's process lives.
    pub(crate) fn lives(&self) -> bool {
        Postmaster::read(&self.layout.cluster).is_some_and(|postmaster| postmaster.lives())
    }

    /// Sees to it that the server runs and answers. The caller holds the start lock.
    pub(crate) async fn run(&self) -> Result<Origin, EmbeddedError> {
        if let Some(running) = Postmaster::read(&self.layout.cluster) {
            if !running.serves(&self.layout.cluster) {
                running.clear_stale(&self.layout.cluster)?;
            } else if self.answers_while_alive(&running).await? {
                return Ok(Origin::Adopted);
            }
        }
        self.socket.prepare(&self.account)?;
        let begun = Instant::now();
        loop {
            match self.launch().await {
                // Sessions of a server that was killed take a moment to notice.
                Err(EmbeddedError::NotStarted { output, .. })
                    if output.contains("is still in use") && begun.elapsed() < START_LIMIT =>
                {
                    sleep(Duration::from_millis(100)).await;
                }
                other => return other.map(|()| Origin::Started),
            }
        }
    }

    /// Waits for a server that is already there; `false` when it ends meanwhile (it was stopping).
    async fn answers_while_alive(&self, running: &Postmaster) -> Result<bool, EmbeddedError> {
        let begun = Instant::now();
        while running.lives() {
            if self.answers().await {
                return Ok(true);
            }
            if begun.elapsed() > START_LIMIT {
                return Err(self.no_answer(running.pid));
            }
            sleep(GLANCE).await;
        }
        Ok(false)
    }

    /// Starts the server's process and waits until it answers.
    async fn launch(&self) -> Result<(), EmbeddedError> {
        let (log, start) = self.layout.open_log()?;
        let mut child = self.spawn(log)?;
        let begun = Instant::now();
        loop {
            if child.try_wait().tried("await", self.binaries.postgres())?.is_some() {
                let output = self.layout.log_since(start);
                return Err(EmbeddedError::NotStarted { output, log: self.layout.log.clone() });
            }
            // Before the file says where it listens, what answers could only be a server that is about to end.
            if Postmaster::read(&self.layout.cluster).is_some_and(|file| file.socket.is_some()) && self.answers().await
            {
                break;
            }
            if begun.elapsed() > START_LIMIT {
                let pid = child.id().and_then(|pid| pid.try_into().ok()).unwrap_or_default();
                return Err(self.no_answer(pid));
            }
            sleep(GLANCE).await;
        }
        // A child that ends must be reaped, else its zombie looks like a running server.
        tokio::spawn(async move { child.wait().await });
        Ok(())
    }

    fn spawn(&self, log: fs::File) -> Result<Child, EmbeddedError> {
        let program = self.binaries.postgres();
        let mut command = self.account.command(&program, &self.layout.cluster);
        command.arg("-D").arg(&self.layout.cluster);
        let own = [
            ("listen_addresses", String::new()),
            ("port", PORT.to_string()),
            ("unix_socket_directories", self.socket.setting()),
            ("unix_socket_permissions", "0700".to_owned()),
        ];
        let own = own.iter().map(|(name, value)| (*name, value.as_str()));
        let chosen = self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in own.chain(chosen) {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        // The log is opened here, with Lobby's rights, and handed over. A pipe would break with Lobby's death.
        command.stdout(log.try_clone().tried("open", &self.layout.log)?).stderr(Stdio::from(log));
        // Ctrl-C goes to the terminal's foreground group; the server must outlive Lobby's last transaction.
        command.process_group(0);
        command.spawn().tried("run", program)
    }

    /// Whether a session can be opened. Nothing else proves a running server: files and process ids outlive it.
    async fn answers(&self) -> bool {
        match timeout(CONNECT_LIMIT, self.connect("postgres")).await {
            Ok(Ok(session)) => session.close().await.is_ok(),
            _ => false,
        }
    }

    /// Opens a session of its own.
    pub(crate) async fn connect(&self, database: &str) -> Result<PgConnection, EmbeddedError> {
        Ok(PgConnection::connect(&self.socket.url(database)).await?)
    }

    /// Stops the server: sessions are rolled back, data written. The caller holds the start lock.
    pub(crate) async fn stop(&self) -> Result<(), EmbeddedError> {
        let Some(running) = Postmaster::read(&self.layout.cluster).filter(|file| file.serves(&self.layout.cluster))
        else {
            return Ok(());
        };
        for (signal, limit) in [(Signal::SIGINT, STOP_LIMIT), (Signal::SIGQUIT, STOP_LIMIT / 6)] {
            // It may be gone by now, which is what is wanted.
            let _ = kill(Pid::from_raw(running.pid), signal);
            let begun = Instant::now();
            while begun.elapsed() < limit {
                if !running.lives() {
                    self.socket.release();
                    return Ok(());
                }
                sleep(GLANCE).await;
            }
            tracing::warn!(pid = running.pid, %signal, ?limit, "PostgreSQL did not stop");
        }
        Err(EmbeddedError::NotStopped { pid: running.pid, limit: STOP_LIMIT, log: self.layout.log.clone() })
    }

    fn no_answer(&self, pid: i32) -> EmbeddedError {
        EmbeddedError::NoAnswer { pid, limit: START_LIMIT, log: self.layout.log.clone() }
    }

    /// The version and place of the programs, for the log.
    pub(crate) fn programs(&self) -> (u32, PathBuf) {
        (self.binaries.major, self.binaries.folder.clone())
    }
}
