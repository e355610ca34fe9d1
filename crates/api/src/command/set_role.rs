//! `lobby member set-role`

use accounts::Directory;
use anyhow::{Context, bail};
use clap::Args;
use kernel::{authority::WorkspaceRef, clock::Clock};
use workspace::WorkspaceError;

use super::say;
use crate::{services::Services, settings::Settings};

#[derive(Debug, Args)]
pub(super) struct SetRole {
    /// The workspace: its id or its slug.
    #[arg(long)]
    workspace: String,
    /// The member: their e-mail address or username.
    #[arg(long)]
    user: String,
    /// The name of the role.
    #[arg(long)]
    role: String,
}

impl SetRole {
    pub(super) async fn run(self, settings: Settings) -> anyhow::Result<()> {
        let (services, servers) = Services::start(&settings, Clock::system()).await?;
        let changed = self.change(&services).await;
        services.stop().await;
        servers.stop().await;
        changed?;
        say(format!("{} has the role {} in {}.", self.user, self.role, self.workspace));
        Ok(())
    }

    async fn change(&self, services: &Services) -> anyhow::Result<()> {
        let workspace: WorkspaceRef = self.workspace.parse().map_err(anyhow::Error::msg)?;
        let directory = Directory::new(services.databases.system("command-line"));
        let person = if self.user.contains('@') {
            directory.find_by_email(&self.user).await?
        } else {
            directory.find_by_username(&self.user).await?
        };
        let person = person.with_context(|| format!("there is no account {}", self.user))?;
        match services.provision_as("command-line").set_role(&workspace, person.id, &self.role).await {
            Ok(_) => Ok(()),
            Err(WorkspaceError::NotFound) => bail!("there is no workspace {}", self.workspace),
            Err(WorkspaceError::NotAMember { .. }) => bail!("{} is no member of {}", self.user, self.workspace),
            Err(WorkspaceError::UnknownRole { available, .. }) => {
                bail!("{} has no role {}; it has {}", self.workspace, self.role, available.join(", "))
            }
            Err(WorkspaceError::OwnerMustHandOver) => {
                bail!("{} owns the workspace and stays an administrator; hand it over first", self.user)
            }
            Err(WorkspaceError::LastAdministrator) => bail!("{} is the last administrator", self.user),
            Err(WorkspaceError::NotAcceptedYet) => bail!("{} has not accepted the invitation yet", self.user),
            Err(refused) => Err(refused.into()),
        }
    }
}
