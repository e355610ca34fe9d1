//! `lobby serve`

use clap::Args;
use kernel::clock::Clock;
use tokio::signal::unix::{SignalKind, signal};

use super::say;
use crate::{
    program::Program,
    seed,
    settings::{Listen, Settings},
};

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Fill in the demo workspaces first, and print their sign-ins. Refused in the production profile.
    #[arg(long)]
    seed: bool,
}

impl Serve {
    pub(super) async fn run(self, settings: Settings) -> anyhow::Result<()> {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        if self.seed {
            seed::refuse_in_production(&settings)?;
        }
        let started = tokio::select! {
            program = Program::start(settings, Clock::system()) => program?,
            _ = interrupt.recv() => return Ok(()),
            _ = terminate.recv() => return Ok(()),
        };
        if self.seed {
            say(seed::demo(started.services()).await?);
        }
        say(match started.address() {
            Listen::Tcp(address) => {
                format!("Lobby serves on http://{address}  (API /api/v1, its page http://{address}/api/docs/)")
            }
            socket @ Listen::Unix(_) => format!("Lobby serves on {socket}"),
        });
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
        started.stop().await;
        Ok(())
    }
}
