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

    /// The operator's bound, and what the plans of the workspace and of the uploader say.
    async fn allowed_bytes(&self, workspace: WorkspaceId, uploader: UserId) -> Result<AllowedBytes, DbErr> {
        let by_plans = self.entitlements.told(workspace, uploader, "storage_bytes").await?;
        Ok(AllowedBytes { of_all: self.allowed_bytes, by_plans })
    }
}
