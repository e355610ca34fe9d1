//! Holds a request where it writes, so that what happens meanwhile is no matter of luck.

use std::time::{Duration, Instant};

use sqlx::{Connection, Executor, PgConnection, Row};

use crate::harness::Lobby;

/// The lock that those wait for who are held.
const LOCK: &str = "4711";

/// Whoever inserts into a table waits until this is let go.
pub(super) struct Held(PgConnection);

impl Held {
    /// Holds whoever inserts into a table of a module.
    pub(super) async fn inserting(lobby: &Lobby, module: &str, table: &str) -> Self {
        let sql = format!(
            "CREATE FUNCTION {module}.held() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN PERFORM pg_advisory_xact_lock_shared({LOCK}); RETURN NEW; END'; \
             CREATE TRIGGER held BEFORE INSERT ON {module}.{table} FOR EACH ROW EXECUTE FUNCTION {module}.held()"
        );
        lobby.database.execute(&sql).await;
        let own = lobby.database.apart().into_iter().find(|(name, _)| *name == module);
        let url = own.map_or_else(|| lobby.database.url.clone(), |(_, own)| own.url);
        let mut connection = PgConnection::connect(&url).await.unwrap();
        connection.execute(sqlx::AssertSqlSafe(format!("SELECT pg_advisory_lock({LOCK})"))).await.unwrap();
        Self(connection)
    }

    /// Until somebody waits.
    pub(super) async fn met(&mut self) {
        let sql = format!(
            "SELECT count(*) AS n FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
             WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.objid = {LOCK} AND NOT l.granted"
        );
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let row = self.0.fetch_one(sqlx::AssertSqlSafe(sql.clone())).await.unwrap();
            if row.get::<i64, _>("n") > 0 {
                return;
            }
            assert!(Instant::now() < deadline, "nobody came to where they are held");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Lets everybody go.
    pub(super) async fn let_go(mut self) {
        self.0.execute(sqlx::AssertSqlSafe(format!("SELECT pg_advisory_unlock({LOCK})"))).await.unwrap();
    }
}
