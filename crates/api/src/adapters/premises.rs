//! What the gallery asks about workspaces.

use std::sync::Arc;

use async_trait::async_trait;
use gallery::ports::Premises;
use kernel::{authority::WorkspaceRef, ids::WorkspaceId};
use sea_orm::DbErr;
use workspace::Standings;

/// Workspaces, as the gallery sees them.
#[derive(Debug)]
pub struct Grounds {
    standings: Arc<Standings>,
    allowed_bytes: Option<u64>,
}

impl Grounds {
    /// With the operator's bound for every workspace; 0 for none.
    pub fn new(standings: Arc<Standings>, allowed_bytes: u64) -> Self {
        Self { standings, allowed_bytes: (allowed_bytes > 0).then_some(allowed_bytes) }
    }
}

#[async_trait]
impl Premises for Grounds {
    async fn is_open(&self, workspace: WorkspaceId) -> Result<bool, DbErr> {
        Ok(self.standings.find_workspace(&WorkspaceRef::Id(workspace)).await?.is_some())
    }

    async fn allowed_bytes(&self, _: WorkspaceId) -> Result<Option<u64>, DbErr> {
        Ok(self.allowed_bytes)
    }
}
