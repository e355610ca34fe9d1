//! What workspaces show of people's projects, where the one who looks may see public projects.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use kernel::{
    authority::Standing,
    clock::Clock,
    grant::Scope,
    ids::{ProjectId, UserId, WorkspaceId},
};
use project::{CAN_VIEW_PROJECTS, Portfolio};
use sea_orm::DbErr;
use workspace::{
    Standings,
    ports::{Portfolios, PublicProject},
};

/// Projects, as the directory shows them.
#[derive(Debug)]
pub struct Showcase {
    portfolio: Portfolio,
    standings: Arc<Standings>,
    clock: Clock,
}

impl Showcase {
    /// Joins the two.
    pub fn new(portfolio: Portfolio, standings: Arc<Standings>, clock: Clock) -> Self {
        Self { portfolio, standings, clock }
    }

    /// Whether somebody with this standing sees the public projects of others there.
    fn sees(&self, standing: &Standing, workspace: WorkspaceId) -> bool {
        let seat = standing.seat(workspace, self.clock.now()).map(|seat| &seat.grants);
        let platform = standing.platform.as_ref().map(|seat| &seat.grants);
        seat.into_iter().chain(platform).any(|grants| grants.scope(&CAN_VIEW_PROJECTS) == Scope::Any)
    }
}

#[async_trait]
impl Portfolios for Showcase {
    async fn projects_of(
        &self,
        viewer: UserId,
        people: &[UserId],
        workspaces: &[WorkspaceId],
    ) -> Result<HashMap<UserId, Vec<PublicProject>>, DbErr> {
        let standing = self.standings.standing(viewer).await?;
        let seen: Vec<WorkspaceId> = workspaces.iter().copied().filter(|place| self.sees(&standing, *place)).collect();
        let portfolios = self.portfolio.of(people, &seen).await?;
        let shown = |project: project::PortfolioProject| PublicProject {
            id: project.id,
            workspace: project.workspace,
            key: project.key,
            name: project.name,
        };
        Ok(portfolios.into_iter().map(|(user, all)| (user, all.into_iter().map(shown).collect())).collect())
    }

    async fn people_of(&self, viewer: UserId, project: ProjectId) -> Result<Vec<UserId>, DbErr> {
        let Some((workspace, people)) = self.portfolio.people_of(project).await? else { return Ok(Vec::new()) };
        let standing = self.standings.standing(viewer).await?;
        Ok(if self.sees(&standing, workspace) { people } else { Vec::new() })
    }
}
