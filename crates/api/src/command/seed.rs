//! `lobby seed`

use kernel::clock::Clock;

use super::say;
use crate::{seed, services::Services, settings::Settings};

pub(super) async fn run(settings: Settings) -> anyhow::Result<()> {
    seed::refuse_in_production(&settings)?;
    let (services, servers) = Services::start(&settings, Clock::system()).await?;
    let summary = seed::demo(&services).await;
    services.stop().await;
    servers.stop().await;
    say(summary?);
    Ok(())
}
