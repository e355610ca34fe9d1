//! What the gallery needs of others.

use async_trait::async_trait;
use kernel::{
    bounds::Word,
    ids::{UserId, WorkspaceId},
};
use sea_orm::DbErr;

/// What the gallery asks about workspaces.
#[async_trait]
pub trait Premises: Send + Sync + 'static {
    /// Whether the workspace is there and not closed, now.
    async fn is_open(&self, workspace: WorkspaceId) -> Result<bool, DbErr>;

    /// How many bytes the uploads may have that somebody adds to. Asked before the transaction that adds, which must not wait
    /// for a second connection.
    async fn allowed_bytes(&self, workspace: WorkspaceId, uploader: UserId) -> Result<AllowedBytes, DbErr>;
}

/// How many bytes uploads may have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedBytes {
    /// All that are in a workspace, by whoever runs the program; none for as many as there are.
    pub of_all: Option<u64>,
    /// What plans say, as of a moment ago.
    pub by_plans: Vec<Word>,
}
