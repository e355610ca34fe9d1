//! `lobby secrets reseal`

use kernel::clock::Clock;

use super::say;
use crate::{services::Services, settings::Settings};

pub(super) async fn reseal(settings: Settings) -> anyhow::Result<()> {
    let (services, servers) = Services::start(&settings, Clock::system()).await?;
    let resealed = services.reseal().await;
    services.stop().await;
    servers.stop().await;
    let resealed = resealed?;
    say(format!("Private fields sealed anew: {}.", resealed.resealed));
    if resealed.lost > 0 {
        anyhow::bail!("{} are opened by no secret of the configuration; is a former one missing?", resealed.lost);
    }
    say("server.former_secrets may go once no instance runs with an older configuration.");
    Ok(())
}
