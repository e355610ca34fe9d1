//! Counting statements where nobody can cheat: in PostgreSQL's own log.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::PathBuf,
    time::Duration,
};

use uuid::Uuid;

use super::cluster::{Cluster, Database};

/// Counts the statements of one test's database.
pub struct Statements {
    database: Database,
    log: PathBuf,
}

impl Statements {
    /// The statements of a database whose log of them is on.
    pub async fn of(database: &Database) -> Self {
        Self { database: database.clone(), log: Cluster::get().await.log_file() }
    }

    /// What `work` costs once the caches know its caller: repeated while it costs anything but `expected`, because notices
    /// of what the test itself did before may still be on their way, and on a busy machine what is done once it was
    /// answered may come after it was counted.
    pub async fn settled<T>(&self, expected: usize, work: impl AsyncFn() -> T) -> (T, Vec<String>) {
        let mut seen = self.during(work()).await;
        for _ in 0..20 {
            if seen.1.len() == expected {
                break;
            }
            seen = self.during(work()).await;
        }
        seen
    }

    /// The statements that the application sends while `work` runs: begin and commit included, the tests' own left out.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> (T, Vec<String>) {
        let (begin, end) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
        let mut offset = std::fs::metadata(&self.log).unwrap().len();
        let mut marker = self.database.connect().await;
        let mark = async |marker: &mut sqlx::PgConnection, id: &str| {
            sqlx::raw_sql(sqlx::AssertSqlSafe(format!("SELECT 'marker {id}'"))).execute(marker).await.unwrap();
        };
        mark(&mut marker, &begin).await;
        let result = work.await;
        mark(&mut marker, &end).await;
        let mut text = String::new();
        while !text.contains(&end) {
            tokio::time::sleep(Duration::from_millis(10)).await;
            text.push_str(&read_from(&self.log, &mut offset));
        }
        let from = text.find(&begin).map_or(0, |at| at + begin.len());
        let to = text.rfind(&end).unwrap_or(text.len());
        // The relay looks every second whether something waits, and listeners whether they are connected, and what is old
        // is looked for every hour, what ended every minute, whoever asks what.
        let apart = self.database.apart();
        let databases = apart.iter().map(|(_, own)| own).chain([&self.database]);
        let names: Vec<String> = databases.map(|database| format!("db={} ", database.name)).collect();
        let mine = |line: &&str| {
            names.iter().any(|name| line.contains(name))
                && line.contains("app=lobby")
                && !line.contains("/* relay */")
                // Requests only add to an outbox. The relay claims what they added, and marks it, as soon as it hears of it.
                && !line.contains(".outbox SET ")
                && !line.contains("/* pulse of")
                && !line.contains("/* jobs */")
                && !line.contains("/* hourly */")
                && !line.contains("/* every minute */")
        };
        let statements = text[from..to].lines().filter(mine).filter_map(|line| {
            let (_, statement) = line.split_once("statement: ").or_else(|| line.split_once("execute "))?;
            Some(statement.to_owned())
        });
        (result, statements.collect())
    }
}

fn read_from(path: &PathBuf, offset: &mut u64) -> String {
    let mut file = File::open(path).unwrap();
    file.seek(SeekFrom::Start(*offset)).unwrap();
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).unwrap();
    *offset += bytes.len() as u64;
    String::from_utf8_lossy(&bytes).into_owned()
}
