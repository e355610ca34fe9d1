//! `lobby migrate`

use super::say;
use crate::{data_folder, database::Servers, settings::Settings};

pub(super) async fn run(settings: Settings) -> anyhow::Result<()> {
    let data_dir = data_folder::prepare(&settings.data_dir)?;
    let servers = Servers::start(&settings.database, &data_dir).await?;
    let applied = servers.migrate().await;
    servers.stop().await;
    match applied?.as_slice() {
        [] => say("The schema is up to date."),
        steps => say(format!("Applied:\n  {}", steps.join("\n  "))),
    }
    Ok(())
}
