//! Bringing a backup back into an installation that is empty.

use std::path::Path;

use anyhow::{Context, bail};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::{files, manifest::Manifest, media, verify};
use crate::{
    adapters, data_folder,
    database::{Place, Servers},
    settings::Settings,
};

/// What was brought back.
#[derive(Debug)]
pub struct Restored {
    /// Rows of all tables.
    pub rows: i64,
    /// Objects of media.
    pub objects: usize,
}

/// Restores the databases, compares them, then brings back media and keys.
pub async fn restore(
    settings: &Settings,
    servers: &Servers,
    data_dir: &Path,
    backup: &Path,
) -> anyhow::Result<Restored> {
    let manifest = Manifest::read(backup)?;
    let mut faults = verify::file_faults(backup, &manifest).await;
    faults.extend(media::faults(backup, &manifest.media).await);
    if !faults.is_empty() {
        bail!("the backup is damaged; nothing was changed:\n  {}", faults.join("\n  "));
    }
    let keys = data_folder::keys(data_dir)?;
    refuse_other_keys(&keys, &manifest)?;
    let places = servers.places();
    let targets = manifest.databases.iter().map(|dump| target(&places, &dump.modules).map(|place| (dump, place)));
    let targets: Vec<_> = targets.collect::<anyhow::Result<_>>()?;
    let databases = servers.open_whole().await?;
    for (_, place) in &targets {
        let seen = databases.snapshot(place.modules[0], "restore").await?;
        let sql = "SELECT count(*) AS there FROM pg_namespace WHERE nspname = ANY (string_to_array($1, ','))";
        let asked = Statement::from_sql_and_values(DbBackend::Postgres, sql, [place.modules.join(",").into()]);
        let there: i64 = seen.query_one_raw(asked).await?.context("no answer")?.try_get("", "there")?;
        if there > 0 {
            bail!(
                "the database of {} is not empty: restore into a new one, and remove the old one when all is well",
                place.modules.join(", ")
            );
        }
    }
    databases.close().await;
    let mut rows = 0;
    for (dump, place) in &targets {
        verify::bring_back(&place.url, &settings.database.postgres_bin, backup, dump).await?;
        let differences = verify::comparison(&place.url, dump).await?;
        if !differences.is_empty() {
            bail!("what was restored is not what was backed up:\n  {}", differences.join("\n  "));
        }
        rows += dump.tables.values().map(|table| table.rows).sum::<i64>();
    }
    // Grants what the program's role needs, and brings the schema of an older backup up to date.
    servers.migrate().await?;
    let objects = media::bring_back(backup, &adapters::media::media(&settings.media, data_dir)?).await?;
    for name in manifest.keys.keys().filter(|name| !keys.join(name).exists()) {
        files::write(&keys.join(name), &std::fs::read(backup.join("keys").join(name))?)?;
    }
    Ok(Restored { rows, objects })
}

/// What the backup's keys sealed opens with no others.
fn refuse_other_keys(folder: &Path, manifest: &Manifest) -> anyhow::Result<()> {
    for (name, hash) in &manifest.keys {
        let path = folder.join(name);
        if path.exists() && files::hash_of(&std::fs::read(&path)?) != *hash {
            bail!(
                "{} is another than the backup's, with which private fields are sealed; nothing was changed: move it away \
                 first, and what was sealed with it is lost",
                path.display()
            );
        }
    }
    Ok(())
}

/// The database that holds just these modules.
fn target<'a>(places: &'a [Place], modules: &[String]) -> anyhow::Result<&'a Place> {
    let place = places.iter().find(|place| modules.iter().any(|module| place.modules.contains(&module.as_str())));
    match place {
        Some(place) if modules.iter().all(|module| place.modules.contains(&module.as_str())) => Ok(place),
        _ => bail!(
            "{} were in one database when the backup was made: restore them so, and give a module its own afterwards",
            modules.join(", ")
        ),
    }
}
