//! The rules of projects and their transactions, one file per use.

mod create;
mod delete;
mod edit;
mod export;
mod finances;
mod handover;
mod list;
mod members;
mod switch;

pub(crate) use create::created;
pub use finances::Finances;
pub(crate) use finances::Proof;

use std::{collections::HashMap, fmt, sync::Arc};

use billing::Entitlements;
use kernel::{
    guard::Permit,
    http::Tagged,
    ids::{UserId, WorkspaceId},
};

use crate::{
    actions::{OfProject, ViewProject},
    dto::ProjectView,
    entity::projects,
    error::ProjectError,
    ports::{Members, PersonName},
};

/// Projects and who takes part in them.
#[derive(Clone)]
pub struct Projects {
    members: Arc<dyn Members>,
    entitlements: Entitlements,
}

impl fmt::Debug for Projects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Projects")
    }
}

impl Projects {
    /// The service, with what it asks about people and about their plans.
    pub fn new(members: Arc<dyn Members>, entitlements: Entitlements) -> Self {
        Self { members, entitlements }
    }

    /// One project, as the guard loaded it.
    pub fn read(&self, permit: &Permit<ViewProject>) -> Tagged<ProjectView> {
        tagged(permit.target().project().clone())
    }

    /// Refuses whoever is not an active member of the workspace now. Asked before the transaction, which must not wait
    /// for a second connection; someone who leaves in that instant keeps a part that no role lets them use.
    async fn require_member(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        pointer: &'static str,
    ) -> Result<(), ProjectError> {
        if self.members.is_active_member(workspace, user).await? {
            return Ok(());
        }
        Err(ProjectError::Outsider { pointer })
    }

    async fn names(&self, users: &[UserId]) -> Result<HashMap<UserId, PersonName>, ProjectError> {
        if users.is_empty() {
            return Ok(HashMap::new());
        }
        Ok(self.members.names(users).await?)
    }
}

fn tagged(row: projects::Model) -> Tagged<ProjectView> {
    Tagged::new(row.version, row.into())
}

/// An inactive project takes no changes.
fn require_active(row: &projects::Model) -> Result<(), ProjectError> {
    if row.is_active { Ok(()) } else { Err(ProjectError::Inactive) }
}
