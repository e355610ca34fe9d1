//! What workshops ask about memberships when something is told that may have happened long ago.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::ids::{UserId, WorkspaceId};
use sea_orm::DbErr;
use workspace::Enrolling;

/// Memberships, as they are in the database.
#[derive(Debug)]
pub struct Belonging(Arc<Enrolling>);

impl Belonging {
    /// Those that `enrolling` knows.
    pub fn new(enrolling: &Arc<Enrolling>) -> Self {
        Self(Arc::clone(enrolling))
    }
}

#[async_trait]
impl workshop::ports::Memberships for Belonging {
    async fn is_member_now(&self, workspace: WorkspaceId, user: UserId) -> Result<bool, DbErr> {
        Ok(!self.0.members_among(workspace, &[user]).await?.is_empty())
    }
}
