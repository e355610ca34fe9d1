//! `lobby seed`

use kernel::clock::Clock;

use super::say;
use crate::{program::Services, seed, settings::Settings};

pub(super) async fn run(settings: Settings) -> anyhow::Result<()> {
    seed::refuse_in_production(&settings)?;
    let (services, servers) = Services::start(&settings, Clock::system()).await?;
    let summary = seed::demo(&services).await;
    services.stop().await;
    servers.stop().await;
    say(summary?);
    Ok(())
}
