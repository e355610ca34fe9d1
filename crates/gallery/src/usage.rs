//! How much is stored, for those who bound it.

use kernel::{
    bounds::{self, Word},
    db::System,
    ids::{UserId, WorkspaceId},
};
use sea_orm::DbErr;

use crate::{Schema, store::storage};

/// Counts what is stored.
#[derive(Clone, Debug)]
pub struct Storage {
    system: System<Schema>,
}

impl Storage {
    /// A count that reads by this right.
    pub fn new(system: System<Schema>) -> Self {
        Self { system }
    }

    /// The bytes of the originals that somebody uploaded to a workspace, and of all that are there.
    pub async fn used(&self, workspace: WorkspaceId, user: UserId) -> Result<(u64, u64), DbErr> {
        let db = self.system.db();
        Ok((storage::used_by(&db, workspace, user).await?, storage::used(&db, workspace).await?))
    }

    /// Hears what a subscription bounds, and goes by it from now on.
    pub async fn note_bound(&self, workspace: WorkspaceId, word: Word) -> Result<(), DbErr> {
        bounds::note(&self.system, workspace, word).await
    }
}
