//! Who acts, and what they may hand out: nobody gives or takes what they don't hold.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use kernel::{
    authority::{Caller, Grants},
    failure::Failure,
    grant::Scope,
    guard::{Identified, Tx},
    ids::{RoleId, UserId, WorkspaceId},
};
use policy::{CompiledRole, Mandate};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;

use crate::{
    entity::{role, workspace},
    error::WorkspaceError,
    permissions::{CAN_INVITE_MEMBERS, CAN_MANAGE_MEMBERS},
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
        let in_person = permit.acting().token().is_none();
        let sovereign = !permit.is_platform() && in_person && is_sovereign(&locked.workspace, permit.caller(), role);
        let owner_role = locked.workspace.owner_role_id;
        Ok(Self { sovereign, platform: permit.is_platform(), owner_role, held: vec![held] })
    }

    /// By whoever runs the program: nothing is beyond them.
    pub(crate) fn as_operator(locked: &Locked<'_, impl ConnectionTrait>) -> Self {
        Self { sovereign: true, platform: true, owner_role: locked.workspace.owner_role_id, held: Vec::new() }
    }

    /// By what `caller` holds at this moment: their membership's role, the platform's, or both.
    pub(crate) async fn by_standing(
        locked: &Locked<'_, impl ConnectionTrait>,
        caller: &Caller,
        roles: &CompiledRoles,
        now: DateTime<Utc>,
    ) -> Result<Self, DbErr> {
        let left = |workspace, role| caller.left_of(workspace, role);
        let place = (locked.tx, &locked.workspace);
        Self::standing(place, caller.user, caller.token().is_none(), left, roles, now).await
    }

    /// By what `user` holds at this moment in person, though they aren't calling.
    pub(crate) async fn by_person(
        locked: &Locked<'_, impl ConnectionTrait>,
        user: UserId,
        roles: &CompiledRoles,
        now: DateTime<Utc>,
    ) -> Result<Self, DbErr> {
        Self::in_person((locked.tx, &locked.workspace), user, roles, now).await
    }

    /// The same of a workspace that isn't locked, for what is only told: it may be another thing in the next instant.
    pub(crate) async fn in_person(
        place: (&impl ConnectionTrait, &workspace::Model),
        user: UserId,
        roles: &CompiledRoles,
        now: DateTime<Utc>,
    ) -> Result<Self, DbErr> {
        Self::standing(place, user, true, |_, role| Some(role), roles, now).await
    }

    async fn standing(
        (db, workspace): (&impl ConnectionTrait, &workspace::Model),
        user: UserId,
        in_person: bool,
        left: impl Fn(Option<WorkspaceId>, Arc<dyn Grants>) -> Option<Arc<dyn Grants>>,
        roles: &CompiledRoles,
        now: DateTime<Utc>,
    ) -> Result<Self, DbErr> {
        let owner_role = workspace.owner_role_id;
        let mut acting = Self { sovereign: false, platform: true, owner_role, held: Vec::new() };
        for held in standing::held_by(db, user).await? {
            let is_here = held.workspace_id.is_none_or(|held| held == workspace.id);
            if !is_here || held.expires_at.is_some_and(|end| end <= now) {
                continue;
            }
            let role = roles.get((held.role_id, held.role_version), &held.role_name, &held.permissions);
            let Some(left) = left(held.workspace_id, role) else { continue };
            if held.workspace_id.is_some() {
                acting.platform = false;
                acting.sovereign = in_person && is_sovereign(workspace, user, held.role_id);
            }
            acting.held.push(left);
        }
        Ok(acting)
    }

    /// Whether they may bring people in, by inviting or by managing members.
    pub(crate) fn brings_in(&self) -> bool {
        let may = |held: &Arc<dyn Grants>| {
            [&CAN_INVITE_MEMBERS, &CAN_MANAGE_MEMBERS].iter().any(|permission| held.scope(permission) == Scope::Any)
        };
        self.held.iter().any(may)
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

/// A member who owns the workspace, or holds its owner's role. That counts in person only: to a token nobody can give
/// what is the owner's.
fn is_sovereign(workspace: &workspace::Model, user: UserId, role: RoleId) -> bool {
    workspace.owner_id == user || role == workspace.owner_role_id
}
