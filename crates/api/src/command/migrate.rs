//! `lobby migrate`

use clap::Args;

use super::say;
use crate::{data_folder, database::Servers, settings::Settings};

#[derive(Debug, Args)]
pub(super) struct Migrate {
    /// Print the statements that were not applied yet, and apply none.
    #[arg(long)]
    plan: bool,
}

impl Migrate {
    pub(super) async fn run(self, settings: Settings) -> anyhow::Result<()> {
        let data_dir = data_folder::prepare(&settings.data_dir)?;
        let servers = Servers::start(&settings.database, &data_dir).await?;
        let outcome = if self.plan { planned(&servers).await } else { applied(&servers).await };
        servers.stop().await;
        say(outcome?);
        Ok(())
    }
}

async fn applied(servers: &Servers) -> anyhow::Result<String> {
    Ok(match servers.migrate().await?.as_slice() {
        [] => "The schema is up to date.".to_owned(),
        steps => format!("Applied:\n  {}", steps.join("\n  ")),
    })
}

async fn planned(servers: &Servers) -> anyhow::Result<String> {
    let steps = servers.plan().await?;
    if steps.is_empty() {
        return Ok("-- The schema is up to date.".to_owned());
    }
    let told = steps.iter().map(|step| format!("-- {}\n{}", step.name, step.sql.trim_end()));
    Ok(told.collect::<Vec<_>>().join("\n\n"))
}
