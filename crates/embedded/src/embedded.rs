//! The handle of a running server: start, use, watch, stop.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use sqlx::{AssertSqlSafe, PgConnection};
use tokio::{
    sync::{Mutex, watch},
    time::sleep,
};

use crate::{
    EmbeddedError, Options,
    account::Account,
    layout::Layout,
    locks::{Presence, Turn},
    server::{Origin, Server},
};

/// How often the watch looks whether the server lives.
const WATCH_EVERY: Duration = Duration::from_millis(250);
/// The longest pause between two attempts to bring it back.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// A running PostgreSQL that belongs to this data folder.
///
/// Dropping it leaves the server running, as a crash of Lobby would: the next start adopts it. [`stop`](Self::stop) ends it.
#[derive(Debug)]
pub struct Embedded {
    server: Server,
    adopted: bool,
    /// Gone after `stop`. Its lock also keeps `stop` and a revival apart.
    presence: Mutex<Option<Presence>>,
    stopping: watch::Sender<bool>,
}

impl Embedded {
    /// Makes the cluster if there is none, starts its server or adopts the running one, and returns when it answers.
    ///
    /// Two starts at once are safe, in one process or in several: one starts the server, the other adopts it.
    pub async fn start(data_dir: &Path, options: Options) -> Result<Self, EmbeddedError> {
        let begun = Instant::now();
        let layout = Layout::prepare(data_dir)?;
        // Before the lock, which in somebody else's folder can't be opened: this says why.
        let account = Account::choose(&layout.cluster)?;
        let _turn = Turn::take(&layout.start_lock).await?;
        let server = Server::prepare(layout, account, &options).await?;
        let origin = server.run().await?;
        let presence = Presence::enter(&server.layout.users_lock)?;
        let (version, programs) = server.programs();
        tracing::info!(?origin, version, programs = %programs.display(), data = %server.layout.data.display(),
            elapsed = ?begun.elapsed(), "PostgreSQL is ready");
        let adopted = origin == Origin::Adopted;
        Ok(Self { server, adopted, presence: Mutex::new(Some(presence)), stopping: watch::Sender::new(false) })
    }

    /// The URL of a database on this server, for any PostgreSQL client. It stays valid when the server is brought back.
    pub fn url(&self, database: &str) -> String {
        self.server.socket.url(database)
    }

    /// Whether the server already ran when [`start`](Self::start) was called.
    pub fn adopted(&self) -> bool {
        self.adopted
    }

    /// Creates the database if it isn't there.
    pub async fn ensure_database(&self, name: &str) -> Result<(), EmbeddedError> {
        if name.is_empty() || name.len() > 63 || name.contains('\0') {
            return Err(EmbeddedError::DatabaseName { name: name.to_owned() });
        }
        let mut session = self.server.connect("postgres").await?;
        let mut attempts = 0;
        while !exists(&mut session, name).await? {
            match create(&mut session, name).await {
                // Two creations at once hinder each other: the name is taken, or the template is in use.
                Err(error) if attempts < 50 && is_race(&error) => {
                    attempts += 1;
                    sleep(Duration::from_millis(100)).await;
                }
                other => other?,
            }
        }
        sqlx::Connection::close(session).await?;
        Ok(())
    }

    /// Watches the server until [`stop`](Self::stop) and starts it again when it is found dead, within a second of its
    /// death. What was committed is there again; sessions that were open are lost. To be spawned by whoever serves.
    ///
    /// It also starts a server that somebody else stopped: the server belongs to Lobby while Lobby runs.
    pub async fn watch(&self) {
        let mut stopping = self.stopping.subscribe();
        let mut pause = WATCH_EVERY;
        loop {
            tokio::select! {
                _ = stopping.wait_for(|stopping| *stopping) => return,
                () = sleep(pause) => {}
            }
            pause = WATCH_EVERY.max(match self.revive().await {
                Ok(()) => WATCH_EVERY,
                Err(error) => {
                    tracing::error!(%error, retry_in = ?pause, "PostgreSQL can't be brought back");
                    LONGEST_PAUSE.min(pause * 2)
                }
            });
        }
    }

    /// Starts the server again if it is dead.
    async fn revive(&self) -> Result<(), EmbeddedError> {
        let presence = self.presence.lock().await;
        if presence.is_none() || self.server.lives() {
            return Ok(());
        }
        tracing::warn!("PostgreSQL died; bringing it back");
        let begun = Instant::now();
        let _turn = Turn::take(&self.server.layout.start_lock).await?;
        let origin = self.server.run().await?;
        tracing::warn!(?origin, elapsed = ?begun.elapsed(), "PostgreSQL is back");
        Ok(())
    }

    /// Ends the watch and stops the server, unless another living Lobby uses it: then that one will. Twice does nothing.
    pub async fn stop(&self) -> Result<(), EmbeddedError> {
        self.stopping.send_replace(true);
        let Some(presence) = self.presence.lock().await.take() else { return Ok(()) };
        let begun = Instant::now();
        let _turn = Turn::take(&self.server.layout.start_lock).await?;
        if !presence.leave(&self.server.layout.users_lock)? {
            tracing::info!("PostgreSQL keeps running for another Lobby");
            return Ok(());
        }
        self.server.stop().await?;
        tracing::info!(elapsed = ?begun.elapsed(), "PostgreSQL stopped");
        Ok(())
    }
}

async fn exists(session: &mut PgConnection, name: &str) -> Result<bool, sqlx::Error> {
    let query = sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1").bind(name.to_owned());
    Ok(query.fetch_optional(session).await?.is_some())
}

/// The name can't be a parameter of this statement, so it is quoted.
async fn create(session: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    let statement = format!("CREATE DATABASE \"{}\"", name.replace('"', "\"\""));
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(session).await.map(drop)
}

/// `duplicate_database`, `unique_violation` (of the catalogue) or `object_in_use`.
fn is_race(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| ["42P04", "23505", "55006"].contains(&code.as_ref()))
}
