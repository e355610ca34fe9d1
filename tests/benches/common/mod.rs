//! What benchmarks do before they measure.

use std::time::Duration;

use crate::harness::Lobby;

/// Ends the tests' log of statements, which costs what no installation pays, on new connections only.
pub async fn unlogged(lobby: &Lobby) {
    let database = &lobby.database;
    database.execute(&format!("ALTER DATABASE {} SET log_statement = 'none'", database.name)).await;
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.execute(others).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
}
