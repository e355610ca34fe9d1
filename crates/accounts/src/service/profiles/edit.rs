//! Editing profiles: one's own, and those of accounts that one's workspace made.

use kernel::{
    guard::{Identified, Permit, Tx},
    http::{Tagged, etag_of},
    outbox::Event,
};
use sea_orm::DbErr;

use super::{Profiles, changes::Changed};
use crate::{
    actions::profiles::EditProfile,
    entity::profile,
    error::AccountsError,
    events,
    permissions::CAN_EDIT_PROFILES,
    profile_dto::{ProfilePatch, ProfileView},
    service::onboarding,
    store,
};

impl Profiles {
    /// Changes a profile.
    pub(crate) async fn edit(
        &self,
        permit: &Permit<EditProfile>,
        patch: ProfilePatch,
    ) -> Result<Tagged<ProfileView>, AccountsError> {
        let tx = permit.begin().await?;
        let before = locked(&tx).await?;
        let changed = self.patched(&before, patch);
        if changed.fields.is_empty() {
            return Ok(self.shown(permit, &before));
        }
        let after = write(&tx, changed).await?;
        tx.commit().await?;
        self.discard_replaced(&before, &after).await;
        Ok(self.shown(permit, &after))
    }

    /// A profile as who may edit it sees it.
    pub(super) fn shown(&self, permit: &Permit<EditProfile>, row: &profile::Model) -> Tagged<ProfileView> {
        let shows_all = row.user_id == permit.caller() || permit.holds(&CAN_EDIT_PROFILES);
        let view = if shows_all { ProfileView::full(row, &self.keyring) } else { ProfileView::seen(row) };
        Tagged::new(row.version, view)
    }
}

/// The profile to edit as it is now, if the caller may: a member edits those of accounts that the workspace made.
pub(super) async fn locked(tx: &Tx<'_, EditProfile>) -> Result<profile::Model, AccountsError> {
    let (permit, user) = (tx.permit(), &tx.permit().target().user);
    let row = store::profiles::lock(tx, user.id).await?.ok_or(AccountsError::Gone)?;
    tx.check_version(&etag_of(row.version))?;
    if user.id != permit.caller() && !permit.is_platform() && user.created_via != permit.place() {
        return Err(AccountsError::NotYours);
    }
    Ok(row)
}

/// Writes what changed, tells of it, and decides whether anything is missing still.
pub(super) async fn write<A: Identified>(tx: &Tx<'_, A>, changed: Changed) -> Result<profile::Model, DbErr> {
    let now = tx.permit().now();
    let row = store::profiles::update(tx, changed.row, now).await?;
    let event = Event::new(events::PROFILE_UPDATED, events::USER, row.user_id.0, now);
    tx.announce(event.fact("fields", changed.fields)).await?;
    onboarding::settle(tx, &row).await?;
    Ok(row)
}
