//! Changing a workspace's settings, and deleting it.

use kernel::{
    failure::Failure,
    grant::Relation,
    guard::{Permit, Tx},
    http::{Tagged, etag_of},
    ids::RoleId,
    outbox::Event,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait,
};

use super::{Acting, Workspaces, inviting::revoke_all, join::is_joinable, roles::named};
use crate::{
    actions::{DeleteWorkspace, EditWorkspace},
    dto::{Avatar, Registration, WorkspacePatch, WorkspaceView},
    entity::workspace::{self, ActiveModel},
    error::WorkspaceError,
    events,
    store::{self, Locked, invitations::Revoked},
};

impl Workspaces {
    /// Changes what `patch` gives.
    pub(crate) async fn edit(
        &self,
        permit: &Permit<EditWorkspace>,
        patch: WorkspacePatch,
    ) -> Result<Tagged<WorkspaceView>, WorkspaceError> {
        let tx = permit.begin().await?;
        let locked = Locked::take(&tx, permit.workspace()).await?.ok_or(WorkspaceError::NotFound)?;
        tx.check_version(&etag_of(locked.workspace.version))?;
        let change = self.change(&locked, patch).await?;
        let before = &locked.workspace;
        if change_is_nothing(&change, before) {
            return self.settings(permit, &tx).await;
        }
        let after = store::workspaces::update(&locked, change, permit.now()).await?;
        tx.announce(updated(before, &after)).await?;
        let reply = self.settings(permit, &tx).await?;
        let slug_changed = before.slug != after.slug;
        tx.commit().await?;
        if slug_changed {
            self.standings.forget_workspace(permit.workspace());
        }
        Ok(reply)
    }

    async fn settings(
        &self,
        permit: &Permit<EditWorkspace>,
        tx: &impl ConnectionTrait,
    ) -> Result<Tagged<WorkspaceView>, WorkspaceError> {
        let reference = kernel::authority::WorkspaceRef::Id(permit.workspace());
        let row = store::workspaces::find(tx, &reference, permit.caller(), permit.now()).await?;
        let row = row.ok_or(WorkspaceError::NotFound)?;
        Ok(Tagged::new(row.version, row.into()))
    }

    async fn change(
        &self,
        locked: &Locked<'_, Tx<'_, EditWorkspace>>,
        patch: WorkspacePatch,
    ) -> Result<ActiveModel, WorkspaceError> {
        let mut change = ActiveModel {
            name: set(patch.name),
            slug: set(patch.slug),
            description: set(patch.description),
            registration: set(patch.registration),
            ..Default::default()
        };
        if let Some(currency) = patch.currency {
            if currency != locked.workspace.currency && store::members::any_hour_rate(locked).await? {
                return Err(WorkspaceError::CurrencyInUse);
            }
            change.currency = Set(currency);
        }
        if let Some(avatar) = patch.avatar {
            let (emoji, color) = avatar.map(Avatar::stored).unzip();
            change.avatar_emoji = Set(emoji);
            change.avatar_color = Set(color);
        }
        let mut default = locked.workspace.default_role_id;
        if let Some(name) = patch.default_role {
            default = self.new_default(locked, &name).await?.id;
            change.default_role_id = Set(default);
        }
        if patch.registration == Some(Registration::Open) && locked.workspace.registration != Registration::Open {
            self.check_opening(locked, default).await?;
        }
        Ok(change)
    }

    /// Whoever opens the doors hands out what people get who come in.
    async fn check_opening(
        &self,
        locked: &Locked<'_, Tx<'_, EditWorkspace>>,
        default: RoleId,
    ) -> Result<(), WorkspaceError> {
        let roles = self.standings.roles();
        let acting = Acting::by_permit(locked)?;
        let all = store::roles::all(locked).await?;
        all.iter().filter(|role| is_joinable(role, default)).try_for_each(|role| acting.covers_row(role, roles))
    }

    /// The role of that name as the one that people get who join: whoever chooses it hands it out.
    async fn new_default(
        &self,
        locked: &Locked<'_, Tx<'_, EditWorkspace>>,
        name: &str,
    ) -> Result<crate::entity::role::Model, WorkspaceError> {
        let role = named(store::roles::all(locked).await?, name, "/default_role")?;
        if role.id == locked.workspace.default_role_id {
            return Ok(role);
        }
        self.refuse_unattended(&role.permissions, "/default_role")?;
        let roles = self.standings.roles();
        Acting::by_permit(locked)?.covers_row(&role, roles)?;
        Ok(role)
    }

    /// Deletes a workspace: it is gone for everybody at once, and can be brought back for a while.
    pub(crate) async fn delete(
        &self,
        permit: &Permit<DeleteWorkspace>,
        confirm: Option<&str>,
    ) -> Result<(), WorkspaceError> {
        let tx = permit.begin().await?;
        let locked = Locked::take(&tx, permit.workspace()).await?.ok_or(WorkspaceError::NotFound)?;
        tx.check_version(&etag_of(locked.workspace.version))?;
        if permit.relation() == Relation::Own && locked.workspace.owner_id != permit.caller() {
            return Err(Failure::Stale.into());
        }
        if confirm != Some(locked.workspace.name.as_str()) {
            return Err(WorkspaceError::NotConfirmed);
        }
        for event in revoke_all(&locked, Revoked::All, permit.now()).await? {
            tx.announce(event).await?;
        }
        let change = ActiveModel { deleted_at: Set(Some(permit.now())), ..Default::default() };
        let row = store::workspaces::update(&locked, change, permit.now()).await?;
        tx.announce(
            Event::new(events::DELETED, events::WORKSPACE, row.id.0, permit.now()).fact("name", row.name.as_str()),
        )
        .await?;
        tx.commit().await?;
        self.standings.forget_workspace(permit.workspace());
        Ok(())
    }
}

fn set<T: Into<sea_orm::Value>>(given: Option<T>) -> sea_orm::ActiveValue<T> {
    given.map_or(NotSet, Set)
}

/// Whether a change sets only what is there already.
fn change_is_nothing(change: &ActiveModel, row: &workspace::Model) -> bool {
    fn same<T: Into<sea_orm::Value> + PartialEq>(value: &sea_orm::ActiveValue<T>, is: &T) -> bool {
        value.try_as_ref().is_none_or(|value| value == is)
    }
    same(&change.name, &row.name)
        && same(&change.slug, &row.slug)
        && same(&change.description, &row.description)
        && same(&change.currency, &row.currency)
        && same(&change.registration, &row.registration)
        && same(&change.default_role_id, &row.default_role_id)
        && same(&change.avatar_emoji, &row.avatar_emoji)
        && same(&change.avatar_color, &row.avatar_color)
}

fn updated(before: &workspace::Model, after: &workspace::Model) -> Event {
    Event::new(events::UPDATED, events::WORKSPACE, after.id.0, after.updated_at)
        .field("name", before.name.as_str(), after.name.as_str())
        .field("slug", before.slug.as_str(), after.slug.as_str())
        .field("description", before.description.as_str(), after.description.as_str())
        .field("currency", before.currency.as_str(), after.currency.as_str())
        .field("registration", before.registration.as_str(), after.registration.as_str())
        .field("default_role_id", before.default_role_id.to_string(), after.default_role_id.to_string())
        .field("avatar_emoji", before.avatar_emoji.clone(), after.avatar_emoji.clone())
        .field("avatar_color", before.avatar_color.clone(), after.avatar_color.clone())
}
