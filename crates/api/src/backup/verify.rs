//! Proving a backup: its files are what they were, and its databases can be restored and then hold what they held.

use std::{collections::BTreeMap, fs, os::unix::fs::DirBuilderExt, path::Path, time::Duration};

use anyhow::Context;
use chrono::{DateTime, Utc};
use embedded::{Embedded, Options};
use kernel::db::{DatabaseSettings, Databases};

use super::{
    connection, files,
    manifest::{Dump, Manifest},
    media, shelf, tables,
};
use crate::{database, settings::Settings};

/// What is wrong with a backup; nothing, and that is written down, if it is whole.
pub async fn verify(settings: &Settings, backup: &Path, now: DateTime<Utc>) -> anyhow::Result<Vec<String>> {
    shelf::unmark_verified(backup);
    let manifest = Manifest::read(backup)?;
    let mut faults = file_faults(backup, &manifest).await;
    faults.extend(media::faults(backup, &manifest.media).await);
    // What is damaged is not fed to a database.
    if faults.is_empty() {
        faults = restored_faults(settings, backup, &manifest).await?;
    }
    if faults.is_empty() {
        shelf::mark_verified(backup, now)?;
    }
    Ok(faults)
}

/// Dumps and keys whose bytes are not what they were.
pub async fn file_faults(backup: &Path, manifest: &Manifest) -> Vec<String> {
    let dumps = manifest.databases.iter().map(|dump| (dump.file.clone(), &dump.sha256));
    let keys = manifest.keys.iter().map(|(name, hash)| (format!("keys/{name}"), hash));
    let mut faults = Vec::new();
    for (name, expected) in dumps.chain(keys) {
        match files::hash(&backup.join(&name)).await {
            Ok(hash) if hash == *expected => {}
            Ok(_) => faults.push(format!("{name} is damaged: its hash is not the one in the manifest")),
            Err(error) => faults.push(format!("{name} can't be read: {error:#}")),
        }
    }
    faults
}

async fn restored_faults(settings: &Settings, backup: &Path, manifest: &Manifest) -> anyhow::Result<Vec<String>> {
    let folder = std::env::temp_dir().join(format!("lobby-verify-{}", uuid::Uuid::now_v7().simple()));
    // Passable, because root's PostgreSQL runs as another account; it keeps its own folder closed.
    fs::DirBuilder::new().mode(0o711).create(&folder)?;
    let programs = &settings.database.postgres_bin;
    let bin_dir = (!programs.is_empty()).then(|| programs.as_str().into());
    let options = Options { durable: false, ..database::options(bin_dir) };
    let outcome = match Embedded::start(&folder, options).await.context("no scratch database could be started") {
        Ok(server) => {
            let outcome = restore_all(&server, programs, backup, manifest).await;
            let stopped = server.stop().await;
            outcome.and_then(|faults| stopped.map(|()| faults).map_err(Into::into))
        }
        Err(error) => Err(error),
    };
    fs::remove_dir_all(&folder)?;
    outcome
}

async fn restore_all(
    server: &Embedded,
    programs: &str,
    backup: &Path,
    manifest: &Manifest,
) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    for (number, dump) in manifest.databases.iter().enumerate() {
        let name = format!("scratch{number}");
        server.ensure_database(&name).await?;
        let url = server.url(&name);
        match bring_back(&url, programs, backup, dump).await {
            Ok(()) => faults.extend(comparison(&url, dump).await?),
            Err(error) => faults.push(format!("{} can't be restored: {error:#}", dump.file)),
        }
    }
    Ok(faults)
}

/// Restores one dump into the empty database at `url`.
pub async fn bring_back(url: &str, programs: &str, backup: &Path, dump: &Dump) -> anyhow::Result<()> {
    let path = backup.join(&dump.file).display().to_string();
    let arguments = ["--exit-on-error", "--no-owner", "--no-privileges", path.as_str()];
    connection::run("pg_restore", programs, url, &arguments).await
}

/// How the database at `url` differs from what was dumped.
pub async fn comparison(url: &str, dump: &Dump) -> anyhow::Result<Vec<String>> {
    let settings = DatabaseSettings {
        url: url.to_owned(),
        modules: BTreeMap::new(),
        max_connections: 1,
        acquire_timeout: Duration::from_secs(30),
    };
    let databases = Databases::connect(&settings).await?;
    let modules: Vec<&str> = dump.modules.iter().map(String::as_str).collect();
    let seen = databases.snapshot("backup", "backup-verifier").await?;
    let is = tables::contents(&seen, &modules).await?;
    drop(seen);
    databases.close().await;
    Ok(tables::differences(&dump.tables, &is).into_iter().map(|told| format!("{}: {told}", dump.file)).collect())
}
