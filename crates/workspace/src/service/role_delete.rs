//! Deleting a role, and who holds it then.

use kernel::{guard::Permit, http::etag_of, ids::RoleId, outbox::Event};
use sea_orm::ActiveValue::Set;

use super::{Acting, Workspaces, check_kept, inviting::revoke_all, member_changes::role_changed, roles::named};
use crate::{
    actions::DeleteRole,
    entity::{role, workspace},
    error::WorkspaceError,
    events,
    store::{self, Locked, invitations::Revoked},
};

impl Workspaces {
    /// Deletes a role. While somebody holds it or people who join get it, that takes another role for them.
    pub(crate) async fn delete_role(
        &self,
        permit: &Permit<DeleteRole>,
        reassign_to: Option<&str>,
    ) -> Result<(), WorkspaceError> {
        let (tx, now, id) = (permit.begin().await?, permit.now(), permit.target().id);
        let locked = Locked::take(&tx, permit.workspace()).await?.ok_or(WorkspaceError::NotFound)?;
        let all = store::roles::all(&locked).await?;
        let role = all.iter().find(|role| role.id == id).cloned().ok_or(WorkspaceError::NotFound)?;
        tx.check_version(&etag_of(role.version))?;
        let roles = self.standings.roles();
        let acting = Acting::by_permit(&locked)?;
        acting.covers_row(&role, roles)?;
        if id == locked.workspace.owner_role_id {
            return Err(WorkspaceError::OwnerRole);
        }
        for event in revoke_all(&locked, Revoked::OfRole(id), now).await? {
            tx.announce(event).await?;
        }
        let is_default = id == locked.workspace.default_role_id;
        let mut event = Event::new(events::ROLE_DELETED, events::ROLE, id.0, now).fact("name", role.name.as_str());
        if let Some(reference) = reassign_to {
            let heir = referred(all, reference, id)?;
            acting.covers_row(&heir, roles)?;
            if is_default {
                self.refuse_unattended(&heir.permissions, "?reassign_to")?;
                let change = workspace::ActiveModel { default_role_id: Set(heir.id), ..Default::default() };
                store::workspaces::update(&locked, change, now).await?;
            }
            for user in store::members::reassign(&locked, id, heir.id, now).await? {
                tx.announce(role_changed(locked.id(), user, id, heir.id, now)).await?;
            }
            event = event.fact("reassigned_to", heir.id.to_string());
        } else {
            let members = store::members::count_holders(&locked, id).await?;
            if members > 0 || is_default {
                return Err(WorkspaceError::RoleInUse { members, default: is_default });
            }
        }
        store::roles::delete(&locked, role, now).await?;
        check_kept(&locked, self.vocabulary()).await?;
        tx.announce(event).await?;
        tx.commit().await?;
        self.standings.forget_workspace(permit.workspace());
        Ok(())
    }
}

/// Another role of the workspace, by its id or its name.
fn referred(mut all: Vec<role::Model>, reference: &str, gone: RoleId) -> Result<role::Model, WorkspaceError> {
    all.retain(|role| role.id != gone);
    match reference.parse::<RoleId>() {
        Ok(id) => {
            let available = all.iter().map(|role| role.name.clone()).collect();
            let unknown = WorkspaceError::UnknownRole { pointer: "?reassign_to", available };
            all.into_iter().find(|role| role.id == id).ok_or(unknown)
        }
        Err(_) => named(all, reference, "?reassign_to"),
    }
}
