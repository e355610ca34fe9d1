//! What the gallery needs of others.

use async_trait::async_trait;
use kernel::ids::WorkspaceId;
use sea_orm::DbErr;

/// What the gallery asks about workspaces.
#[async_trait]
pub trait Premises: Send + Sync + 'static {
    /// Whether the workspace is there and not closed, now.
    async fn is_open(&self, workspace: WorkspaceId) -> Result<bool, DbErr>;

    /// How many bytes its uploads may have; none for as many as there are.
    async fn allowed_bytes(&self, workspace: WorkspaceId) -> Result<Option<u64>, DbErr>;
}
