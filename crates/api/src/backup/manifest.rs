//! What a backup says of itself.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::files;

/// The shape of backups that this version writes and reads.
const FORMAT: u32 = 1;
const FILE: &str = "manifest.json";

/// `manifest.json`
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The shape of the backup.
    pub format: u32,
    /// The version that made it.
    pub lobby: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// The databases.
    pub databases: Vec<Dump>,
    /// The media.
    pub media: Stored,
    /// Names and hashes of the files in `keys/`.
    pub keys: BTreeMap<String, String>,
}

/// One database.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dump {
    /// The file's name.
    pub file: String,
    /// The file's SHA-256.
    pub sha256: String,
    /// The modules in it.
    pub modules: Vec<String>,
    /// What each table held.
    pub tables: BTreeMap<String, Table>,
}

/// What a table holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// How many rows.
    pub rows: i64,
    /// A hash of all of them, in whatever order.
    pub hash: String,
}

/// The media.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// How many objects.
    pub objects: usize,
    /// Of how many bytes.
    pub bytes: u64,
    /// The SHA-256 of `media.list`.
    pub list_sha256: String,
}

impl Manifest {
    /// An empty one of now.
    pub fn new(made_at: DateTime<Utc>) -> Self {
        Self {
            format: FORMAT,
            lobby: env!("CARGO_PKG_VERSION").to_owned(),
            made_at,
            databases: Vec::new(),
            media: Stored { objects: 0, bytes: 0, list_sha256: String::new() },
            keys: BTreeMap::new(),
        }
    }

    /// Reads the one of a backup.
    pub fn read(backup: &Path) -> anyhow::Result<Self> {
        let path = backup.join(FILE);
        let text = fs::read(&path).with_context(|| format!("{} is no whole backup: {FILE}", backup.display()))?;
        let manifest: Self = serde_json::from_slice(&text).with_context(|| format!("{} is damaged", path.display()))?;
        if manifest.format != FORMAT {
            bail!("{} has format {}; this version reads {FORMAT}", path.display(), manifest.format);
        }
        Ok(manifest)
    }

    /// Writes it into a backup.
    pub fn write(&self, backup: &Path) -> anyhow::Result<()> {
        Ok(files::write(&backup.join(FILE), &serde_json::to_vec_pretty(self)?)?)
    }
}
