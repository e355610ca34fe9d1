//! Whether anything changed: one statement over every table of every module, and a count of the stored objects.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use sqlx::PgConnection;

use crate::harness::Lobby;

/// Sees every change of every module's rows. What a program only keeps books with is left out: of the events (`outbox`)
/// it counts how many there are, not whether they were told yet.
pub struct Digest {
    /// Each database, and the statement that sees what is in it.
    databases: Vec<(PgConnection, String)>,
}

impl Digest {
    pub async fn of(lobby: &Lobby) -> Self {
        let modules: Vec<&str> = migration::MODULES.to_vec();
        let apart = lobby.database.is_apart();
        let together: Vec<Vec<&str>> =
            if apart { modules.iter().map(|module| vec![*module]).collect() } else { vec![modules] };
        let mut databases = Vec::new();
        for schemas in together {
            let mut connection = lobby.database.connect_to(schemas[0]).await;
            let statement = statement(&mut connection, &schemas).await;
            databases.push((connection, statement));
        }
        Self { databases }
    }

    /// The state of everything, once every event was told: what hears of one may still change something.
    pub async fn settled(&mut self, lobby: &Lobby) -> String {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let (state, waiting) = self.read(lobby).await;
            if waiting == 0 {
                return state;
            }
            assert!(Instant::now() < deadline, "{waiting} events are never told");
            lobby.services().settle().await.unwrap();
        }
    }

    /// The state of everything, now.
    pub async fn now(&mut self, lobby: &Lobby) -> String {
        self.read(lobby).await.0
    }

    async fn read(&mut self, lobby: &Lobby) -> (String, i64) {
        let (mut told, mut waiting) = (String::new(), 0);
        for (connection, statement) in &mut self.databases {
            let statement = sqlx::AssertSqlSafe(statement.clone());
            let (rows, more): (String, i64) = sqlx::query_as(statement).fetch_one(connection).await.unwrap();
            told.push_str(&rows);
            told.push('\n');
            waiting += more;
        }
        (format!("{told}objects {}", files(&lobby.folder.path().join("media"))), waiting)
    }
}

/// What sees every change of the rows of some modules.
async fn statement(connection: &mut PgConnection, schemas: &[&str]) -> String {
    let tables: Vec<(String, String)> = sqlx::query_as(
        "SELECT table_schema::text, table_name::text FROM information_schema.tables \
         WHERE table_type = 'BASE TABLE' AND table_schema = ANY($1) ORDER BY 1, 2",
    )
    .bind(schemas)
    .fetch_all(connection)
    .await
    .unwrap();
    for schema in schemas {
        assert!(tables.iter().any(|(of, table)| of == schema && table == "outbox"), "{schema}: {tables:?}");
    }
    // Whatever inserts or updates leaves a row of its own transaction; whatever deletes leaves one row less.
    let part = |(schema, table): &(String, String)| match table.as_str() {
        "outbox" => format!("(SELECT '{schema}.outbox ' || count(*) FROM {schema}.outbox)"),
        _ => format!(
            "(SELECT '{schema}.{table} ' || count(*) || '@' || coalesce(max(xmin::text::bigint), 0) \
             FROM {schema}.{table})"
        ),
    };
    let parts: Vec<String> = tables.iter().map(part).collect();
    let outboxes = tables.iter().filter(|(_, table)| table == "outbox");
    let jobs = tables.iter().filter(|(_, table)| table == "jobs");
    let waiting: Vec<String> = outboxes
        .map(|(schema, _)| format!("(SELECT count(*) FROM {schema}.outbox WHERE told_at IS NULL)"))
        .chain(jobs.map(|(schema, _)| format!("(SELECT count(*) FROM {schema}.jobs WHERE state = 'waiting')")))
        .collect();
    format!("SELECT concat_ws(E'\\n', {}), {}", parts.join(", "), waiting.join(" + "))
}

/// How many files lie below a folder.
fn files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

/// The lines in which two states differ.
pub fn difference(before: &str, after: &str) -> String {
    let changed = before.lines().zip(after.lines()).filter(|(before, after)| before != after);
    changed.map(|(before, after)| format!("{before} → {after}")).collect::<Vec<_>>().join(", ")
}
