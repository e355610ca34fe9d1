//! Editing accounts: one's own, and those that one's workspace made.

use kernel::{
    guard::{Permit, Tx},
    http::{Tagged, etag_of},
    ids::UserId,
    outbox::Event,
};
use serde_json::Value;

use super::{Accounts, onboarding, sessions::end_sessions};
use crate::{
    actions::{EditAccount, EditMe},
    dto::{AccountPatch, AccountStatus, DisabledBy, UserView},
    entity::user,
    error::AccountsError,
    events,
    permissions::CAN_VIEW_USERS,
    rules::{trimmed, username_key},
    store::{self, sessions::Ending, users::ChangesAccount},
};

impl Accounts {
    /// Changes the caller's own account.
    pub(crate) async fn edit_me(
        &self,
        permit: &Permit<EditMe>,
        patch: AccountPatch,
    ) -> Result<Tagged<UserView>, AccountsError> {
        let tx = permit.begin().await?;
        let row = locked(&tx, permit.target().0.id).await?;
        refuse_own_status(&row, &patch)?;
        let row = self.apply(tx, row, patch).await?;
        Ok(Tagged::new(row.version, UserView::full(row)))
    }

    /// Changes an account by its id.
    pub(crate) async fn edit(
        &self,
        permit: &Permit<EditAccount>,
        patch: AccountPatch,
    ) -> Result<Tagged<UserView>, AccountsError> {
        // Whom one may not remove one may not lock out either. Asked before the transaction: it is another module's.
        let changes_status = patch.status.is_some_and(|status| status != permit.target().0.status);
        if let (true, false, Some(place)) = (changes_status, permit.is_platform(), permit.place()) {
            self.memberships.may_remove(permit.acting(), place, permit.target().0.id).await?;
        }
        let tx = permit.begin().await?;
        let row = locked(&tx, permit.target().0.id).await?;
        let is_own = row.id == permit.caller();
        if is_own {
            refuse_own_status(&row, &patch)?;
        } else if !permit.is_platform() && row.created_via != permit.place() {
            return Err(AccountsError::NotYours);
        }
        let enables = patch.status == Some(AccountStatus::Active) && row.status == AccountStatus::Disabled;
        if enables && row.disabled_by == Some(DisabledBy::Platform) && !permit.is_platform() {
            return Err(AccountsError::DisabledByPlatform);
        }
        let row = self.apply(tx, row, patch).await?;
        let with_email = permit.holds(&CAN_VIEW_USERS);
        // A platform role sees everything; a token may leave less of it.
        if is_own || (permit.is_platform() && with_email) {
            return Ok(Tagged::new(row.version, UserView::full(row)));
        }
        Ok(Tagged::new(row.version, UserView::seen(row, with_email, permit.place())))
    }

    /// Writes what changes, tells of it, and ends the sessions of who may sign in no more.
    async fn apply<A: ChangesAccount>(
        &self,
        tx: Tx<'_, A>,
        before: user::Model,
        patch: AccountPatch,
    ) -> Result<user::Model, AccountsError> {
        let now = tx.permit().now();
        let by = if tx.permit().is_platform() { DisabledBy::Platform } else { DisabledBy::Workspace };
        let after = patched(&before, patch, by);
        if after == before {
            return Ok(before);
        }
        let after = store::users::update(&tx, after, now).await?;
        let ended = match after.status {
            AccountStatus::Disabled => end_sessions(&tx, Ending::AllOf(after.id), "disabled").await?,
            AccountStatus::Active => Vec::new(),
        };
        let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::String);
        let event = Event::new(events::USER_UPDATED, events::USER, after.id.0, now)
            .field("username", text(&before.username), text(&after.username))
            .field("first_name", text(&before.first_name), text(&after.first_name))
            .field("last_name", text(&before.last_name), text(&after.last_name))
            .field("status", before.status.as_str(), after.status.as_str());
        tx.announce(event).await?;
        onboarding::settle_of(&tx, after.id).await?;
        tx.commit().await?;
        self.forget(&ended);
        if after.status == AccountStatus::Disabled {
            self.tokens.forget_all_personal();
        }
        Ok(after)
    }
}

async fn locked<A: ChangesAccount>(tx: &Tx<'_, A>, id: UserId) -> Result<user::Model, AccountsError> {
    let row = store::users::lock(tx, id).await?.ok_or(AccountsError::Gone)?;
    tx.check_version(&etag_of(row.version))?;
    Ok(row)
}

/// To name the status that it has is no change, and no offence.
fn refuse_own_status(row: &user::Model, patch: &AccountPatch) -> Result<(), AccountsError> {
    if patch.status.is_some_and(|status| status != row.status) { Err(AccountsError::OwnStatus) } else { Ok(()) }
}

/// The row with what was given, by whom. What a workspace disabled the platform may make its own, not the other way.
fn patched(row: &user::Model, patch: AccountPatch, by: DisabledBy) -> user::Model {
    let merge = |given: Option<Option<String>>, held: &Option<String>, form: fn(&str) -> String| match given {
        Some(value) => value.as_deref().map(form),
        None => held.clone(),
    };
    let disabled_by = match patch.status {
        Some(AccountStatus::Active) => None,
        Some(AccountStatus::Disabled) if by == DisabledBy::Platform => Some(by),
        Some(AccountStatus::Disabled) => row.disabled_by.or(Some(by)),
        None => row.disabled_by,
    };
    user::Model {
        disabled_by,
        username: merge(patch.username, &row.username, username_key),
        first_name: merge(patch.first_name, &row.first_name, trimmed),
        last_name: merge(patch.last_name, &row.last_name, trimmed),
        status: patch.status.unwrap_or(row.status),
        ..row.clone()
    }
}
