//! Who acts, and what they may hand out: nobody gives or takes what they don't hold.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use kernel::{
    authority::{Caller, Grants},
    failure::Failure,
    guard::{Identified, Tx},
    ids::RoleId,
};
use policy::{CompiledRole, Mandate};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;

use crate::{
    entity::{role, workspace},
    error::WorkspaceError,
    standings::CompiledRoles,
    store::{Locked, standing},
};

/// The authority of someone who acts in a locked workspace, as it was before they change anything.
#[derive(Debug)]
pub(crate) struct Acting {
    /// Whether they own the workspace or hold the role that it keeps for its owner: from there all authority comes.
    sovereign: bool,
    platform: bool,
    /// The role that the workspace keeps for its owner.
    owner_role: RoleId,
    /// What they hold; enough is what one of them covers.
    held: Vec<Arc<dyn Grants>>,
}

impl Acting {
    /// By the right of a permit: what it grants, which the transaction has confirmed. The stored role is not asked: a
    /// token may leave less of it.
    pub(crate) fn by_permit<A: Identified>(locked: &Locked<'_, Tx<'_, A>>) -> Result<Self, WorkspaceError> {
        let permit = locked.tx.permit();
        let (role, held) = permit.role().zip(permit.grants()).ok_or(Failure::Stale)?;
        let sovereign = !permit.is_platform() && is_sovereign(&locked.workspace, permit.acting(), role);
        let owner_role = locked.workspace.owner_role_id;
        Ok(Self { sovereign, platform: permit.is_platform(), owner_role, held: vec![held] })
    }

    /// By what `caller` holds at this moment: their membership's role, the platform's, or both.
    pub(crate) async fn by_standing(
        locked: &Locked<'_, impl ConnectionTrait>,
        caller: &Caller,
        roles: &CompiledRoles,
        now: DateTime<Utc>,
    ) -> Result<Self, DbErr> {
        let owner_role = locked.workspace.owner_role_id;
        let mut acting = Self { sovereign: false, platform: true, owner_role, held: Vec::new() };
        for held in standing::held_by(locked.tx, caller.user).await? {
            let is_here = held.workspace_id.is_none_or(|workspace| workspace == locked.id());
            if !is_here || held.expires_at.is_some_and(|end| end <= now) {
                continue;
            }
            let role = roles.get((held.role_id, held.role_version), &held.role_name, &held.permissions);
            let Some(left) = caller.left_of(held.workspace_id, role) else { continue };
            if held.workspace_id.is_some() {
                acting.platform = false;
                acting.sovereign = is_sovereign(&locked.workspace, caller, held.role_id);
            }
            acting.held.push(left);
        }
        Ok(acting)
    }

    /// Whether they act by a platform role and nothing else.
    pub(crate) fn is_platform(&self) -> bool {
        self.platform
    }

    /// Refuses unless they hold all that `role` grants.
    pub(crate) fn covers(&self, role: &CompiledRole) -> Result<(), WorkspaceError> {
        if self.sovereign {
            return Ok(());
        }
        let mut missing = None;
        for held in &self.held {
            match Mandate::Role(held.as_ref()).covers(role) {
                Ok(()) => return Ok(()),
                Err(uncovered) => missing = missing.or(Some(uncovered)),
            }
        }
        Err(WorkspaceError::BeyondYourOwn(missing.unwrap_or_default()))
    }

    /// The same for a stored role. Whoever holds the owner's hands out everything, also what it lacks itself, so to hand
    /// it out takes everything.
    pub(crate) fn covers_row(&self, row: &role::Model, roles: &CompiledRoles) -> Result<(), WorkspaceError> {
        self.covers(&roles.of(row))?;
        if row.id != self.owner_role {
            return Ok(());
        }
        let everything = roles.vocabulary().restore(&json!({ policy::WILDCARD: true })).document;
        self.covers(&roles.compile(&row.name, &everything))
    }
}

/// A member who owns the workspace, or holds its owner's role, in person: to a token nobody can give what is the owner's.
fn is_sovereign(workspace: &workspace::Model, caller: &Caller, role: RoleId) -> bool {
    caller.token().is_none() && (workspace.owner_id == caller.user || role == workspace.owner_role_id)
}
