//! Making a backup while everything goes on.

use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{DateTime, Utc};
use kernel::db::Databases;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::{
    Shelf, connection, files,
    manifest::{Dump, Manifest},
    media, shelf, tables,
};
use crate::{
    adapters, data_folder,
    database::{Place, Servers},
    settings::Settings,
};

/// Makes one; answers its folder.
pub async fn create(
    settings: &Settings,
    servers: &Servers,
    data_dir: &Path,
    shelf: &Shelf,
    now: DateTime<Utc>,
) -> anyhow::Result<PathBuf> {
    let earlier = shelf.backups()?.pop();
    let unfinished = shelf.begin(now)?;
    let filled = fill(settings, servers, data_dir, &unfinished, earlier.as_deref(), now).await;
    match filled {
        Ok(()) => Ok(shelf::finish(&unfinished)?),
        Err(error) => {
            let _ = std::fs::remove_dir_all(&unfinished);
            Err(error)
        }
    }
}

async fn fill(
    settings: &Settings,
    servers: &Servers,
    data_dir: &Path,
    backup: &Path,
    earlier: Option<&Path>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let mut manifest = Manifest::new(now);
    let databases = servers.open_whole().await?;
    for (number, place) in servers.places().into_iter().enumerate() {
        let file = format!("database-{number}.dump");
        let dump = dump(&databases, &place, &settings.database.postgres_bin, backup, file).await;
        manifest.databases.push(dump.with_context(|| format!("the database of {}", place.modules.join(", ")))?);
    }
    databases.close().await;
    // After the databases: an object is stored before the row that names it, so every row's is there.
    let store = adapters::media::media(&settings.media, data_dir)?;
    manifest.media = media::copy(&store, backup, earlier).await?;
    for entry in std::fs::read_dir(data_folder::keys(data_dir)?)?.flatten().filter(|entry| entry.path().is_file()) {
        let (name, bytes) = (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path())?);
        files::write(&backup.join("keys").join(&name), &bytes)?;
        manifest.keys.insert(name, files::hash_of(&bytes));
    }
    manifest.write(backup)
}

/// Dumps one database and counts what it holds, both as of the same instant.
async fn dump(
    databases: &Databases,
    place: &Place,
    programs: &str,
    backup: &Path,
    file: String,
) -> anyhow::Result<Dump> {
    let seen = databases.snapshot(place.modules[0], "backup").await?;
    let name = Statement::from_string(DbBackend::Postgres, "SELECT pg_export_snapshot() AS name");
    let row = seen.query_one_raw(name).await?.context("PostgreSQL exported no snapshot")?;
    let snapshot: String = row.try_get("", "name")?;
    let path = backup.join(&file);
    let arguments = [
        "--format=custom".to_owned(),
        "--compress=6".to_owned(),
        format!("--snapshot={snapshot}"),
        format!("--file={}", path.display()),
    ];
    connection::run("pg_dump", programs, &place.url, &arguments.each_ref().map(String::as_str)).await?;
    let tables = tables::contents(&seen, &place.modules).await?;
    let modules = place.modules.iter().map(|module| (*module).to_owned()).collect();
    Ok(Dump { sha256: files::hash(&path).await?, file, modules, tables })
}
