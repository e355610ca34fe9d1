//! `lobby user create-admin`

use std::io::{BufRead, IsTerminal};

use anyhow::Context;
use clap::Args;
use kernel::clock::Clock;
use secrecy::SecretString;

use super::say;
use crate::{seed, services::Services, settings::Settings};

#[derive(Debug, Args)]
#[expect(clippy::doc_markdown, reason = "help texts are shown as they are")]
pub(super) struct CreateAdmin {
    /// The e-mail address to sign in with.
    #[arg(long)]
    email: String,
    /// Read the password from standard input, instead of the variable LOBBY_ADMIN_PASSWORD. Never an argument: those
    /// are seen by every account of the machine.
    #[arg(long)]
    password_stdin: bool,
}

impl CreateAdmin {
    pub(super) async fn run(self, settings: Settings) -> anyhow::Result<()> {
        let password = self.password()?;
        let (services, servers) = Services::start(&settings, Clock::system()).await?;
        let created = seed::platform_administrator(&services, &self.email, &password).await;
        services.stop().await;
        servers.stop().await;
        created?;
        say(format!("{} is a platform administrator.", self.email));
        Ok(())
    }

    fn password(&self) -> anyhow::Result<SecretString> {
        if !self.password_stdin {
            let password = std::env::var("LOBBY_ADMIN_PASSWORD");
            return Ok(password.context("set LOBBY_ADMIN_PASSWORD, or use --password-stdin")?.into());
        }
        if std::io::stdin().is_terminal() {
            say("Password (it is shown as you type):");
        }
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        Ok(line.trim_end_matches(['\r', '\n']).into())
    }
}
