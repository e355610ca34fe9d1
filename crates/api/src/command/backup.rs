//! `lobby backup …`

use std::path::Path;

use anyhow::bail;
use clap::{Args, Subcommand};
use kernel::clock::Clock;

use super::say;
use crate::{
    backup::{self, Shelf},
    data_folder,
    database::Servers,
    settings::Settings,
};

#[derive(Debug, Subcommand)]
pub(super) enum Backup {
    /// Back up databases, media and keys while everything goes on, and remove what `backup.keep` has no place for.
    Create(Create),
    /// Restore a backup into a scratch database and compare it with what it should hold; name what is damaged.
    Verify(Which),
    /// Bring a backup back into an empty installation.
    Restore(Which),
    /// List the backups.
    List,
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// Verify it at once.
    #[arg(long)]
    verify: bool,
}

#[derive(Debug, Args)]
pub(super) struct Which {
    /// Its name or path; the newest if left out.
    backup: Option<String>,
}

impl Backup {
    pub(super) async fn run(self, settings: Settings) -> anyhow::Result<()> {
        let data_dir = data_folder::prepare(&settings.data_dir)?;
        let shelf = Shelf::new(&settings, &data_dir);
        match self {
            Self::Create(Create { verify }) => {
                let servers = Servers::start(&settings.database, &data_dir).await?;
                let created = backup::create(&settings, &servers, &data_dir, &shelf, Clock::system().now()).await;
                servers.stop().await;
                let created = created?;
                say(format!("Made {}", created.display()));
                if verify {
                    verified(&settings, &created).await?;
                }
                for removed in shelf.clear()? {
                    say(format!("Removed {}", removed.display()));
                }
                Ok(())
            }
            Self::Verify(Which { backup }) => verified(&settings, &shelf.find(backup.as_deref())?).await,
            Self::Restore(Which { backup }) => {
                let from = shelf.find(backup.as_deref())?;
                let servers = Servers::start(&settings.database, &data_dir).await?;
                let restored = backup::restore(&settings, &servers, &data_dir, &from).await;
                servers.stop().await;
                let restored = restored?;
                say(format!(
                    "Restored {}: {} rows, compared with what they were, and {} objects.",
                    from.display(),
                    restored.rows,
                    restored.objects
                ));
                Ok(())
            }
            Self::List => {
                for (path, verified) in shelf.told()? {
                    say(format!("{}  {verified}", path.display()));
                }
                Ok(())
            }
        }
    }
}

async fn verified(settings: &Settings, from: &Path) -> anyhow::Result<()> {
    let faults = backup::verify(settings, from, Clock::system().now()).await?;
    if !faults.is_empty() {
        bail!("{} is no good:\n  {}", from.display(), faults.join("\n  "));
    }
    say(format!("Verified {}: restored into a scratch database, it is what it was.", from.display()));
    Ok(())
}
