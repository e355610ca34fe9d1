//! `lobby audit verify`

use activity::Verified;
use anyhow::{Context, bail};
use clap::Args;
use kernel::{authority::WorkspaceRef, clock::Clock, ids::WorkspaceId};

use super::say;
use crate::{services::Services, settings::Settings};

/// Every entry holds the one before it by its hash, so what was changed behind the program's back shows. Prints how long each
/// chain is and the hash at its end: kept elsewhere, and given to --expect later, it also shows when a chain was made anew.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Verify this workspace's chain only: its id or slug. An id also finds that of a deleted workspace.
    #[arg(long)]
    workspace: Option<WorkspaceRef>,
    /// What an earlier run printed of the workspace's chain, LENGTH:HASH. May be given more than once.
    #[arg(long, value_name = "LENGTH:HASH", requires = "workspace", value_parser = anchor)]
    expect: Vec<(i64, String)>,
}

fn anchor(text: &str) -> Result<(i64, String), String> {
    let (length, hash) = text.split_once(':').ok_or("it is LENGTH:HASH, as an earlier run printed it")?;
    let length = length.parse().map_err(|_| "LENGTH is a number")?;
    if hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err("HASH is 64 hexadecimal digits".to_owned());
    }
    Ok((length, hash.to_owned()))
}

impl Verify {
    pub(super) async fn run(self, settings: Settings) -> anyhow::Result<()> {
        let (services, servers) = Services::start(&settings, Clock::system()).await?;
        let verified = self.verify(&services).await;
        services.stop().await;
        servers.stop().await;
        let Verified { whole, faults } = verified?;
        for chain in &whole {
            let whose = chain.workspace.map_or("outside of workspaces".to_owned(), |id| format!("workspace {id}"));
            say(format!("{whose}: whole, {}:{}", chain.length, chain.head));
        }
        if faults.is_empty() {
            return Ok(());
        }
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        bail!("the audit trail is not whole:\n  {}", told.join("\n  "))
    }

    async fn verify(&self, services: &Services) -> anyhow::Result<Verified> {
        let only = match &self.workspace {
            None => None,
            Some(reference) => Some(workspace(services, reference).await?),
        };
        let verified = services.verifier().verify(only, &self.expect).await?;
        // What was to be looked at and isn't there was removed whole.
        if let (Some(workspace), true) = (only, verified.whole.is_empty() && verified.faults.is_empty()) {
            bail!("workspace {workspace} has no audit trail");
        }
        Ok(verified)
    }
}

async fn workspace(services: &Services, reference: &WorkspaceRef) -> anyhow::Result<WorkspaceId> {
    match reference {
        WorkspaceRef::Id(id) => Ok(*id),
        WorkspaceRef::Slug(slug) => {
            services.find_workspace(reference).await?.with_context(|| format!("there is no workspace {slug}"))
        }
    }
}
