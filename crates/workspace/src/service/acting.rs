//! Who acts, and what they may hand out: nobody gives or takes what they don't hold.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use kernel::{
    failure::Failure,
    guard::{Identified, Tx},
    ids::{RoleId, UserId},
};
use policy::{CompiledRole, Mandate};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;

use crate::{
    entity::role,
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
    held: Vec<Arc<CompiledRole>>,
}

impl Acting {
    /// By the right of a permit: its role, which the transaction has confirmed.
    pub(crate) async fn by_permit<A: Identified>(
        locked: &Locked<'_, Tx<'_, A>>,
        roles: &CompiledRoles,
    ) -> Result<Self, WorkspaceError> {
        let permit = locked.tx.permit();
        let key = permit.role().ok_or(Failure::Stale)?;
        let role = roles.find(locked.tx, key).await?.ok_or(Failure::Stale)?;
        let is_owner = locked.workspace.owner_id == permit.caller();
        let sovereign = !permit.is_platform() && (is_owner || key.0 == locked.workspace.owner_role_id);
        let owner_role = locked.workspace.owner_role_id;
        Ok(Self { sovereign, platform: permit.is_platform(), owner_role, held: vec![role] })
    }

    /// By what `user` holds at this moment: their membership's role, the platform's, or both.
    pub(crate) async fn by_standing(
        locked: &Locked<'_, impl ConnectionTrait>,
        user: UserId,
        roles: &CompiledRoles,
        now: DateTime<Utc>,
    ) -> Result<Self, DbErr> {
        let owner_role = locked.workspace.owner_role_id;
        let mut acting = Self { sovereign: false, platform: true, owner_role, held: Vec::new() };
        for held in standing::held_by(locked.tx, user).await? {
            let is_here = held.workspace_id.is_none_or(|workspace| workspace == locked.id());
            if !is_here || held.expires_at.is_some_and(|end| end <= now) {
                continue;
            }
            if held.workspace_id.is_some() {
                acting.platform = false;
                acting.sovereign = held.is_owner || held.role_id == locked.workspace.owner_role_id;
            }
            acting.held.push(roles.get((held.role_id, held.role_version), &held.role_name, &held.permissions));
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
            match Mandate::Role(held).covers(role) {
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
