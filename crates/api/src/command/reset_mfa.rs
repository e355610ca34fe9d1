//! `lobby user reset-mfa`

use anyhow::bail;
use clap::Args;
use kernel::clock::Clock;

use super::say;
use crate::{services::Services, settings::Settings};

#[derive(Debug, Args)]
pub(super) struct ResetMfa {
    /// The e-mail address of the account.
    #[arg(long)]
    email: String,
}

impl ResetMfa {
    pub(super) async fn run(self, settings: Settings) -> anyhow::Result<()> {
        let (services, servers) = Services::start(&settings, Clock::system()).await?;
        let system = services.databases.system("command-line");
        let reset = accounts::provision::reset_second_factor(&system, &self.email, services.clock.now()).await;
        services.stop().await;
        servers.stop().await;
        match reset? {
            Some(true) => say(format!("{} signs in with the password alone now.", self.email)),
            Some(false) => say(format!("{} had no second factor.", self.email)),
            None => bail!("there is no account with the e-mail address {}", self.email),
        }
        Ok(())
    }
}
