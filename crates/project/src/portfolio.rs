//! What people work on, for other domains: public, active projects and nothing else.

use std::collections::HashMap;

use kernel::{
    bounds::{self, Word},
    db::System,
    ids::{ProjectId, UserId, WorkspaceId},
};
use sea_orm::DbErr;

use crate::{
    Schema,
    store::{self, PortfolioRow},
};

/// A public project of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortfolioProject {
    /// Its identity.
    pub id: ProjectId,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
}

/// Looks projects up on behalf of other domains. Whether the one who asks may see public projects is theirs to know.
#[derive(Clone, Debug)]
pub struct Portfolio {
    system: System<Schema>,
}

impl Portfolio {
    /// A portfolio that reads by this right.
    pub fn new(system: System<Schema>) -> Self {
        Self { system }
    }

    /// The public projects in `workspaces` that these people own or take part in, of each the newest.
    pub async fn of(
        &self,
        people: &[UserId],
        workspaces: &[WorkspaceId],
    ) -> Result<HashMap<UserId, Vec<PortfolioProject>>, DbErr> {
        if people.is_empty() || workspaces.is_empty() {
            return Ok(HashMap::new());
        }
        let mut portfolios: HashMap<UserId, Vec<PortfolioProject>> = HashMap::new();
        for row in store::portfolio::of(&self.system.db(), people, workspaces).await? {
            let PortfolioRow { user_id, id, workspace_id, key, name } = row;
            portfolios.entry(user_id).or_default().push(PortfolioProject { id, workspace: workspace_id, key, name });
        }
        Ok(portfolios)
    }

    /// How many projects somebody owns in a workspace, and how many there are.
    pub async fn counted(&self, workspace: WorkspaceId, user: UserId) -> Result<(i64, i64), DbErr> {
        store::portfolio::counted(&self.system.db(), workspace, user).await
    }

    /// Hears what a subscription bounds, and goes by it from now on.
    pub async fn note_bound(&self, workspace: WorkspaceId, word: Word) -> Result<(), DbErr> {
        bounds::note(&self.system, workspace, word).await
    }

    /// Where a public project lies, and who owns it or takes part in it.
    pub async fn people_of(&self, project: ProjectId) -> Result<Option<(WorkspaceId, Vec<UserId>)>, DbErr> {
        let rows = store::portfolio::people_of(&self.system.db(), project).await?;
        let Some((workspace, _)) = rows.first() else { return Ok(None) };
        Ok(Some((*workspace, rows.iter().map(|(_, user)| *user).collect())))
    }
}
