//! PostgreSQL's own programs for dumping and restoring, told where a database is without showing its password to whoever
//! lists processes.

use std::{env, path::PathBuf, process::Stdio};

use anyhow::{Context, bail};
use reqwest::Url;
use tokio::process::Command;

/// Where a program of PostgreSQL's is: in the configured folder, in that of `LOBBY_POSTGRES_BIN`, else in `PATH`.
fn program(name: &str, configured: &str) -> PathBuf {
    let named = [configured.to_owned(), env::var("LOBBY_POSTGRES_BIN").unwrap_or_default()];
    let mut places = named.iter().filter(|folder| !folder.is_empty()).map(|folder| PathBuf::from(folder).join(name));
    places.find(|path| path.is_file()).unwrap_or_else(|| name.into())
}

/// Runs `pg_dump` or `pg_restore` on the database at `url`; what it said is in the error.
pub async fn run(name: &str, configured: &str, url: &str, arguments: &[&str]) -> anyhow::Result<()> {
    let (url, password) = without_password(url)?;
    let path = program(name, configured);
    let mut command = Command::new(&path);
    command.args(arguments).arg(format!("--dbname={url}")).arg("--no-password").stdin(Stdio::null()).kill_on_drop(true);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    let output = command.output().await.with_context(|| {
        format!(
            "{} can't be run: install PostgreSQL's client programs, or name their folder in database.postgres_bin",
            path.display()
        )
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{name} failed: {}", said.trim());
    }
    Ok(())
}

/// The URL for libpq, and the password that was in it.
fn without_password(url: &str) -> anyhow::Result<(String, Option<String>)> {
    let Ok(mut parsed) = url.parse::<Url>() else { bail!("database.url can't be read") };
    let password = parsed.password().map(decoded);
    if password.is_some() && parsed.set_password(None).is_err() {
        bail!("database.url can't be read");
    }
    Ok((parsed.to_string(), password))
}

/// Without percent-encoding (RFC 3986 section 2.1).
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = (first == b'%').then(|| after.get(..2)).flatten().and_then(|code| hex::decode(code).ok());
        if let Some([byte]) = code.as_deref() {
            bytes.push(*byte);
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_taken_out_of_the_address() {
        let (url, password) =
            without_password("postgres://me:p%40ss%2Fword%25@db.example:5432/lobby?sslmode=require").unwrap();
        assert_eq!(url, "postgres://me@db.example:5432/lobby?sslmode=require");
        assert_eq!(password.as_deref(), Some("p@ss/word%"));
        let (url, password) = without_password("postgres://lobby@localhost:5432/x?host=/a%20b/run").unwrap();
        assert_eq!((url.as_str(), password), ("postgres://lobby@localhost:5432/x?host=/a%20b/run", None));
    }
}
