//! An instance that dies: its process is killed and started again, its connections to PostgreSQL are ended half-way.

use std::{
    path::{Path, PathBuf},
    sync::{
        RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use rand::{RngExt, rngs::StdRng};
use sqlx::PgConnection;
use tokio::sync::Mutex;

use crate::harness::{Database, Lobby, Served};

/// What both instances have: the same secret, so that each knows the other's tokens, which live for as long as the history.
pub const SETTINGS: [(&str, &str); 2] = [
    ("LOBBY__SERVER__SECRET", "a secret that all instances of the tests share"),
    ("LOBBY__AUTH__ACCESS_MINUTES", "1440"),
];

/// A process that serves, and dies now and then.
pub struct Mortal {
    database: Database,
    /// The folder of the other instance, whose signing keys it has.
    folder: PathBuf,
    served: Mutex<Served>,
    base: RwLock<String>,
    /// How often it was killed.
    pub deaths: AtomicU64,
    /// How many connections were ended.
    pub cuts: AtomicU64,
}

impl Mortal {
    pub async fn start(lobby: &Lobby) -> Self {
        let (database, folder) = (lobby.database.clone(), lobby.folder.path().to_owned());
        let served = Self::serve(&folder, &database).await;
        let base = RwLock::new(served.base.clone());
        let (deaths, cuts) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { database, folder, served: Mutex::new(served), base, deaths, cuts }
    }

    async fn serve(folder: &Path, database: &Database) -> Served {
        // It says of each connection that is ended under it that it was.
        let more = [("LOBBY__LOG__LEVEL", "off"), ("LOBBY__SERVER__WORKERS", "2")];
        Served::start(folder, Some(database), &[SETTINGS.as_slice(), more.as_slice()].concat()).await
    }

    /// Where it is served at the moment.
    pub fn base(&self) -> String {
        self.base.read().unwrap().clone()
    }

    /// Kills it, in the midst of whatever it does.
    pub async fn kill(&self) {
        self.served.lock().await.process.kill().await.unwrap();
        self.deaths.fetch_add(1, Ordering::Relaxed);
    }

    async fn die_and_rise(&self) {
        self.kill().await;
        let again = Self::serve(&self.folder, &self.database).await;
        self.base.write().unwrap().clone_from(&again.base);
        *self.served.lock().await = again;
    }

    /// Ends a connection of an instance to one of its databases, rather one that has something under way.
    async fn cut(&self, connection: &mut PgConnection) {
        let sql = "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity \
            WHERE datname = ANY ($1) AND application_name = 'lobby' \
            ORDER BY state IN ('active', 'idle in transaction') DESC, random() LIMIT 1) AS one";
        let ended: i64 = sqlx::query_scalar(sql).bind(self.database.names()).fetch_one(connection).await.unwrap();
        self.cuts.fetch_add(ended.unsigned_abs(), Ordering::Relaxed);
    }

    /// Brings death over it until all is done: at first to the process, then mostly to connections.
    pub async fn suffer(&self, mut dice: StdRng, kills: usize, is_done: &AtomicBool) {
        let mut connection = self.database.connect().await;
        let mut kills = kills;
        while !is_done.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(dice.random_range(20..500))).await;
            if kills > 0 && dice.random_bool(0.3) {
                kills -= 1;
                self.die_and_rise().await;
            } else {
                self.cut(&mut connection).await;
            }
        }
    }
}
