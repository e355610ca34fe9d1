//! The folder that backups are in: which there are, which were verified, which may go.

use std::{
    fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use chrono::{DateTime, SubsecRound, Utc};

use super::files;
use crate::settings::Settings;

/// What an unfinished backup's name ends with.
const UNFINISHED: &str = ".part";
const VERIFIED: &str = "verified";
const NAMES: &str = "%Y%m%dT%H%M%SZ";

/// Where backups are.
#[derive(Clone, Debug)]
pub struct Shelf {
    folder: PathBuf,
    keep: usize,
}

impl Shelf {
    /// The configured one.
    pub fn new(settings: &Settings, data_dir: &Path) -> Self {
        let configured = &settings.backup.folder;
        let folder = if configured.as_os_str().is_empty() { data_dir.join("backups") } else { configured.clone() };
        Self { folder, keep: settings.backup.keep }
    }

    /// A place for a backup of `now` until it is finished; what was left unfinished long ago is removed.
    pub fn begin(&self, now: DateTime<Utc>) -> anyhow::Result<PathBuf> {
        files::make_folder(&self.folder).with_context(|| format!("{} can't be made", self.folder.display()))?;
        let name = now.trunc_subsecs(0).format(NAMES).to_string();
        if self.folder.join(&name).exists() {
            bail!("there is a backup {name} already");
        }
        self.forget_unfinished(now - chrono::Duration::days(1))?;
        let unfinished = self.folder.join(name + UNFINISHED);
        // For oneself, whatever the folder around it lets others do.
        fs::DirBuilder::new()
            .mode(0o700)
            .create(&unfinished)
            .with_context(|| format!("{} can't be made: is another backup under way?", unfinished.display()))?;
        Ok(unfinished)
    }

    /// Removes what was begun before `before` and never finished: its process is gone.
    fn forget_unfinished(&self, before: DateTime<Utc>) -> io::Result<()> {
        let oldest = before.format(NAMES).to_string() + UNFINISHED;
        for entry in fs::read_dir(&self.folder)?.flatten() {
            let name = entry.file_name();
            let name = name.to_str().unwrap_or_default();
            let began = name.strip_suffix(UNFINISHED).map(|name| chrono::NaiveDateTime::parse_from_str(name, NAMES));
            if matches!(began, Some(Ok(_))) && name < oldest.as_str() {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }

    /// The whole backups, oldest first.
    pub fn backups(&self) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let is_whole = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            chrono::NaiveDateTime::parse_from_str(name, NAMES).is_ok() && path.is_dir()
        };
        let mut backups: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_whole).collect();
        backups.sort();
        Ok(backups)
    }

    /// The backup of this name or path; the newest if none is named.
    pub fn find(&self, name: Option<&str>) -> anyhow::Result<PathBuf> {
        let Some(name) = name else {
            let newest = self.backups()?.pop();
            return newest.with_context(|| format!("there is no backup in {}", self.folder.display()));
        };
        let path = [self.folder.join(name), PathBuf::from(name)].into_iter().find(|path| path.is_dir());
        path.with_context(|| format!("there is no backup {name} in {}", self.folder.display()))
    }

    /// The backups, and when each was verified.
    pub fn told(&self) -> io::Result<Vec<(PathBuf, String)>> {
        let told = |path: PathBuf| {
            let verified =
                verified_at(&path).map_or("not verified".to_owned(), |at| format!("verified {}", at.to_rfc3339()));
            (path, verified)
        };
        Ok(self.backups()?.into_iter().map(told).collect())
    }

    /// When the newest backup that was verified was made.
    pub fn last_verified(&self) -> Option<DateTime<Utc>> {
        let backups = self.backups().ok()?;
        let newest = backups.iter().rev().find(|backup| verified_at(backup).is_some())?;
        let name = newest.file_name()?.to_str()?;
        Some(chrono::NaiveDateTime::parse_from_str(name, NAMES).ok()?.and_utc())
    }

    /// Removes what is older than the newest so many, but never the newest that was verified.
    pub fn clear(&self) -> anyhow::Result<Vec<PathBuf>> {
        let backups = self.backups()?;
        let verified = backups.iter().rev().find(|backup| verified_at(backup).is_some());
        let old = &backups[..backups.len().saturating_sub(self.keep)];
        let mut removed = Vec::new();
        for backup in old.iter().filter(|backup| Some(*backup) != verified) {
            fs::remove_dir_all(backup).with_context(|| format!("{} can't be removed", backup.display()))?;
            removed.push(backup.clone());
        }
        Ok(removed)
    }
}

/// Gives a backup its name.
pub fn finish(unfinished: &Path) -> io::Result<PathBuf> {
    let finished = unfinished.with_extension("");
    fs::rename(unfinished, &finished)?;
    Ok(finished)
}

/// Writes down that a backup was verified.
pub fn mark_verified(backup: &Path, now: DateTime<Utc>) -> io::Result<()> {
    files::write(&backup.join(VERIFIED), now.to_rfc3339().as_bytes())
}

/// Takes that back.
pub fn unmark_verified(backup: &Path) {
    let _ = fs::remove_file(backup.join(VERIFIED));
}

/// When a backup was last verified.
pub fn verified_at(backup: &Path) -> Option<DateTime<Utc>> {
    let text = fs::read_to_string(backup.join(VERIFIED)).ok()?;
    Some(DateTime::parse_from_rfc3339(text.trim()).ok()?.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_ones_go_and_the_newest_that_was_verified_stays() {
        let folder = std::env::temp_dir().join(format!("lobby-shelf-{}", uuid::Uuid::now_v7().simple()));
        let shelf = Shelf { folder: folder.clone(), keep: 2 };
        assert!(shelf.backups().unwrap().is_empty());
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        for hour in 0..5 {
            let unfinished = shelf.begin(now + chrono::Duration::hours(hour)).unwrap();
            let finished = finish(&unfinished).unwrap();
            if hour < 2 {
                mark_verified(&finished, now).unwrap();
            }
        }
        fs::create_dir(folder.join("something else")).unwrap();
        assert!(shelf.begin(now).is_err());
        assert_eq!(shelf.last_verified(), Some(now + chrono::Duration::hours(1)));
        assert_eq!(shelf.clear().unwrap().len(), 2);
        let kept = shelf.backups().unwrap();
        assert_eq!(kept.len(), 3);
        assert!(verified_at(&kept[0]).is_some());
        assert_eq!(shelf.find(None).unwrap(), kept[2]);
        assert!(folder.join("something else").exists());
        fs::remove_dir_all(folder).unwrap();
    }
}
