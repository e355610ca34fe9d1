//! What billing needs of workspaces, and of all who keep something that plans bound.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use billing::ports::{Counting, Limits, RoleGrant, Roles, Seats, Usage, Used, Voucher};
use gallery::Storage;
use kernel::{
    authority::{Caller, WorkspaceRef},
    ids::{RoleId, UserId, WorkspaceId},
    outbox::{Event, Subscriber},
    problem::Problem,
};
use project::Portfolio;
use sea_orm::DbErr;
use serde_json::Value;
use workspace::{Enrolling, PlanGrant, PlanRoleRefusal, PlanVoucher, Standings};

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
        let &RoleGrant { workspace, user, subscription, sequence, plan, role } = grant;
        let voucher = role.map(|(_, Voucher { version, by })| PlanVoucher { version, by });
        let (plan, role) = (plan.0, role.map(|(role, _)| role));
        let grant = PlanGrant { workspace, user, subscription, sequence, plan, role, voucher };
        self.enrolling.take_plan_grant(&grant).await
    }

    async fn vouched(&self, workspace: WorkspaceId, asked: &[(RoleId, Option<UserId>)]) -> Result<Vec<bool>, DbErr> {
        self.enrolling.vouched(workspace, asked).await
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

/// Those who count what plans bound: they are told at once, and by the event should that fail.
#[derive(Clone, Debug)]
pub struct PlanLimits {
    pub(crate) portfolio: Portfolio,
    pub(crate) storage: Storage,
}

#[async_trait]
impl Counting for PlanLimits {
    async fn settle(&self, limits: &Limits) -> Result<(), DbErr> {
        self.portfolio.note_bound(limits.workspace, limits.word("max_projects")).await?;
        self.storage.note_bound(limits.workspace, limits.word("storage_bytes")).await
    }
}

#[async_trait]
impl Subscriber for PlanLimits {
    fn name(&self) -> &'static str {
        "plan-limits"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        if !event.action.starts_with("billing.subscription_") {
            return Ok(());
        }
        let fact = |name: &str| event.changes.get(name);
        let (Some(workspace), Some(sequence)) = (event.workspace_id, fact("sequence").and_then(Value::as_i64)) else {
            return Ok(());
        };
        // Not told by a version of the program that nobody was to go by.
        let Some(most) = fact("limits").and_then(|most| serde_json::from_value(most.clone()).ok()) else {
            return Ok(());
        };
        let user = fact("user_id").and_then(|id| id.as_str()?.parse().ok()).map(UserId);
        self.settle(&Limits { workspace, user, subscription: event.resource_id, sequence, most }).await
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
