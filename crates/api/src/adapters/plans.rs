//! What billing needs of workspaces, and of all who keep something that plans bound.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use billing::ports::{RoleGrant, Roles, Seats, Usage, Used};
use gallery::Storage;
use kernel::{
    authority::{Caller, WorkspaceRef},
    ids::{RoleId, UserId, WorkspaceId},
    problem::Problem,
};
use project::Portfolio;
use sea_orm::DbErr;
use workspace::{Enrolling, PlanGrant, PlanRoleRefusal, Standings};

/// Roles that plans give, by the rules of workspaces.
#[derive(Debug)]
pub struct PlanRoles {
    enrolling: Arc<Enrolling>,
    standings: Arc<Standings>,
}

impl PlanRoles {
    /// Joins the two.
    pub fn new(enrolling: Arc<Enrolling>, standings: Arc<Standings>) -> Self {
        Self { enrolling, standings }
    }
}

#[async_trait]
impl Roles for PlanRoles {
    async fn for_plans(&self, by: &Caller, workspace: WorkspaceId, name: &str) -> Result<RoleId, Problem> {
        self.enrolling.role_for_plans(by, workspace, name).await.map_err(|refusal| match refusal {
            PlanRoleRefusal::NotForPlans { available } => {
                let detail =
                    "The workspace has no such role that is marked `granted_by_plan`; `available` lists those.";
                Problem::invalid_field("/grants_role", "role_not_for_plans", detail).with_member("available", available)
            }
            PlanRoleRefusal::Refused(refused) => refused.into(),
        })
    }

    async fn settle(&self, grant: &RoleGrant) -> Result<(), DbErr> {
        let &RoleGrant { workspace, user, subscription, sequence, role } = grant;
        self.enrolling.take_plan_grant(&PlanGrant { workspace, user, subscription, sequence, role }).await
    }

    async fn settle_seats(&self, seats: &Seats) -> Result<(), DbErr> {
        let &Seats { workspace, subscription, sequence, most } = seats;
        self.enrolling.take_seats(workspace, subscription, sequence, most).await
    }

    async fn is_member(&self, workspace: WorkspaceId, user: UserId) -> Result<bool, DbErr> {
        self.standings.is_active_member(workspace, user).await
    }

    async fn workspace(&self, reference: &WorkspaceRef) -> Result<Option<WorkspaceId>, DbErr> {
        self.standings.find_workspace(reference).await
    }
}

/// What is used of what plans bound, as those who keep it count it.
#[derive(Debug)]
pub struct PlanUsage {
    pub(crate) portfolio: Portfolio,
    pub(crate) storage: Storage,
    pub(crate) enrolling: Arc<Enrolling>,
}

#[async_trait]
impl Usage for PlanUsage {
    async fn used(&self, workspace: WorkspaceId, user: UserId) -> Result<BTreeMap<&'static str, Used>, DbErr> {
        let (owned, projects) = self.portfolio.counted(workspace, user).await?;
        let (uploaded, stored) = self.storage.used(workspace, user).await?;
        let bytes = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let members = self.enrolling.count_members(workspace).await?;
        Ok(BTreeMap::from([
            ("max_projects", Used { by_member: owned, by_workspace: projects }),
            ("storage_bytes", Used { by_member: bytes(uploaded), by_workspace: bytes(stored) }),
            ("max_members", Used { by_member: members, by_workspace: members }),
        ]))
    }
}
