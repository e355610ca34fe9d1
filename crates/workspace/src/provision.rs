//! Workspaces, members and platform administrators made without a request, for the seeder and the command line. All of
//! it may be repeated: what is there already stays.

use std::sync::Arc;

use kernel::{
    authority::WorkspaceRef,
    clock::Clock,
    db::System,
    ids::{RoleId, UserId, WorkspaceId},
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use crate::{
    Blueprints, Schema, Standings, WorkspaceError, currency,
    dto::MemberStatus,
    entity::{member, role},
    service::{
        Acting, Founding, MemberChange, announce_added, change, check_kept, created, found, hand_over, named,
        role_changed,
    },
    store::{self, Locked},
};

/// The name of the role of those who administer the platform.
const PLATFORM_ADMIN: &str = "platform_admin";

/// Provides what is to be there.
#[derive(Debug)]
pub struct Provision {
    system: System<Schema>,
    blueprints: Blueprints,
    standings: Arc<Standings>,
    clock: Clock,
}

impl Provision {
    /// Acts as `system`.
    pub fn new(system: System<Schema>, blueprints: Blueprints, standings: Arc<Standings>, clock: Clock) -> Self {
        Self { system, blueprints, standings, clock }
    }

    /// Makes a workspace unless there is one with this slug.
    pub async fn ensure_workspace(
        &self,
        slug: &str,
        name: &str,
        blueprint: &str,
        owner: UserId,
    ) -> Result<WorkspaceId, WorkspaceError> {
        let reference = WorkspaceRef::Slug(slug.to_owned());
        if let Some(known) = self.standings.find_workspace(&reference).await? {
            return Ok(known);
        }
        let model = self.blueprints.get(blueprint);
        let model = model.ok_or_else(|| WorkspaceError::UnknownBlueprint { available: self.blueprints.names() })?;
        let (tx, now) = (self.system.begin().await?, self.clock.now());
        let founding = Founding {
            name: name.to_owned(),
            slug: Some(slug.to_owned()),
            description: String::new(),
            currency: currency::DEFAULT.to_owned(),
            registration: model.registration.into(),
            avatar: None,
            owner,
            now,
        };
        let row = match found(&tx, model, founding).await {
            // Somebody was faster.
            Err(WorkspaceError::SlugTaken) => {
                return self.standings.find_workspace(&reference).await?.ok_or(WorkspaceError::SlugTaken);
            }
            row => row?,
        };
        tx.announce(created(&row)).await?;
        tx.announce(announce_added(row.id, owner, &model.owner_role, now)).await?;
        tx.commit().await?;
        self.standings.forget_user(owner);
        Ok(row.id)
    }

    /// Makes `user` an active member with the role of that name. An owner keeps an administrator's.
    pub async fn ensure_member(&self, workspace: WorkspaceId, user: UserId, role: &str) -> Result<(), WorkspaceError> {
        let (tx, now) = (self.system.begin().await?, self.clock.now());
        let locked = Locked::take(&tx, workspace).await?.ok_or(WorkspaceError::NotFound)?;
        let role = named(store::roles::all(&locked).await?, role, "/role")?;
        if let Some(member) = store::members::get(&locked, user).await? {
            if member.role_id == role.id && member.status == MemberStatus::Active {
                return Ok(());
            }
            let change =
                member::ActiveModel { role_id: Set(role.id), status: Set(MemberStatus::Active), ..Default::default() };
            if member.status == MemberStatus::Invited {
                store::invitations::revoke_keeping(&locked, user, now).await?;
            }
            store::members::update(&locked, &member, change, now).await?;
            check_kept(&locked, self.standings.roles().vocabulary()).await?;
            tx.announce(role_changed(workspace, user, member.role_id, role.id, now)).await?;
        } else {
            let row = member::Model::begun(workspace, user, role.id, now);
            store::members::insert(&locked, row).await?;
            tx.announce(announce_added(workspace, user, &role.name, now)).await?;
        }
        tx.commit().await?;
        self.standings.forget_user(user);
        Ok(())
    }

    /// Gives a member another role, by the same rules as everybody: the owner stays an administrator, and one is left.
    pub async fn set_role(
        &self,
        workspace: &WorkspaceRef,
        user: UserId,
        role: &str,
    ) -> Result<WorkspaceId, WorkspaceError> {
        let id = self.standings.find_workspace(workspace).await?.ok_or(WorkspaceError::NotFound)?;
        let (tx, now) = (self.system.begin().await?, self.clock.now());
        let locked = Locked::take(&tx, id).await?.ok_or(WorkspaceError::NotFound)?;
        let member = store::members::get(&locked, user).await?;
        let member = member.ok_or(WorkspaceError::NotAMember { pointer: "--user" })?;
        let wanted = MemberChange { role: Some(role.to_owned()), ..Default::default() };
        let roles = self.standings.roles();
        for event in change(&locked, &member, wanted, &Acting::as_operator(&locked), roles, now).await? {
            tx.announce(event).await?;
        }
        tx.commit().await?;
        self.standings.forget_user(user);
        Ok(id)
    }

    /// Hands a workspace over to an active member, as where its owner's account is gone.
    pub async fn hand_over(&self, workspace: WorkspaceId, heir: UserId) -> Result<(), WorkspaceError> {
        let (tx, now) = (self.system.begin().await?, self.clock.now());
        let locked = Locked::take(&tx, workspace).await?.ok_or(WorkspaceError::NotFound)?;
        if locked.workspace.owner_id == heir {
            return Ok(());
        }
        for event in hand_over(&locked, heir, now).await? {
            tx.announce(event).await?;
        }
        tx.commit().await?;
        self.standings.forget_workspace(workspace);
        Ok(())
    }

    /// Gives `user` every permission in every workspace.
    pub async fn ensure_platform_admin(&self, user: UserId) -> Result<(), WorkspaceError> {
        let (tx, now) = (self.system.begin().await?, self.clock.now());
        let row = role::Model {
            id: RoleId::new(now),
            workspace_id: None,
            name: PLATFORM_ADMIN.to_owned(),
            title: "Platform administrator".to_owned(),
            description: "Administers every workspace; each act is audited as one of the platform.".to_owned(),
            permissions: json!({ "*": true }),
            self_assignable: false,
            promotes_to: None,
            directory: None,
            granted_by_plan: false,
            version: 1,
            created_at: now,
            updated_at: now,
            updated_by: None,
        };
        let role = store::platform::ensure_role(&tx, row).await?.ok_or(WorkspaceError::NotFound)?;
        store::platform::ensure_member(&tx, user, role, now).await?;
        tx.commit().await?;
        self.standings.forget_user(user);
        Ok(())
    }
}
