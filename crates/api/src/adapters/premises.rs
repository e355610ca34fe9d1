//! What the gallery asks about workspaces.

use std::sync::Arc;

use async_trait::async_trait;
use billing::Entitlements;
use gallery::ports::{AllowedBytes, Premises};
use kernel::{
    authority::WorkspaceRef,
    ids::{UserId, WorkspaceId},
};
use sea_orm::DbErr;
use workspace::Standings;

/// Workspaces, as the gallery sees them.
#[derive(Debug)]
pub struct Grounds {
    standings: Arc<Standings>,
    entitlements: Entitlements,
    allowed_bytes: Option<u64>,
}

impl Grounds {
    /// With the operator's bound for every workspace; 0 for none.
    pub fn new(standings: Arc<Standings>, entitlements: Entitlements, allowed_bytes: u64) -> Self {
        Self { standings, entitlements, allowed_bytes: (allowed_bytes > 0).then_some(allowed_bytes) }
    }
}

#[async_trait]
impl Premises for Grounds {
    async fn is_open(&self, workspace: WorkspaceId) -> Result<bool, DbErr> {
        Ok(self.standings.find_workspace(&WorkspaceRef::Id(workspace)).await?.is_some())
    }

    /// Of the operator's bound and that of the workspace's plan the smaller; and what the uploader's plan allows.
    async fn allowed_bytes(&self, workspace: WorkspaceId, uploader: UserId) -> Result<AllowedBytes, DbErr> {
        let bounds = self.entitlements.bounds(workspace, uploader, "storage_bytes").await?;
        let bytes = |bound: i64| u64::try_from(bound).unwrap_or_default();
        let by_all = [self.allowed_bytes, bounds.workspace.map(bytes)].into_iter().flatten().min();
        Ok(AllowedBytes { by_all, by_uploader: bounds.plan.map(bytes) })
    }
}
