//! Answering an invitation: whoever accepts becomes a member if, at that moment, it still stands and whoever answers for
//! it may still give what it brings.

use chrono::{DateTime, Utc};
use kernel::{
    guard::{Permit, Public, SignedIn},
    http::{Created, NoContent, Paging, etag_of},
    ids::UserId,
    keyring::Keyring,
    outbox::Event,
    page::Page,
    problem::Problem,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};
use uuid::Uuid;

use super::{
    Acting, Workspaces, announce_added,
    inviting::{about, role_of, settle},
};
use crate::{
    Schema,
    dto::{InvitationId, InvitationStatus, MemberStatus, MemberView, MineFilter, WaitingInvitation},
    entity::{invitation, member, role},
    error::WorkspaceError,
    events,
    ports::Mailbox,
    standings::CompiledRoles,
    store::{self, Locked, invitations::WaitingRow},
};

/// What invitations' tokens are derived for.
const PURPOSE: &str = "invitation";

/// The token of an invitation.
pub(crate) fn token(keyring: &Keyring, row: &WaitingRow) -> String {
    keyring.token(PURPOSE, row.token_id)
}

/// The open invitation to which a token belongs. A token that was never made here is not found; one whose invitation
/// stands no more is told how that ended.
pub(crate) async fn presented(
    db: &impl ConnectionTrait,
    keyring: &Keyring,
    token: &str,
    now: DateTime<Utc>,
) -> Result<WaitingRow, WorkspaceError> {
    let id: Uuid = keyring.id_of_token(PURPOSE, token).ok_or(WorkspaceError::NotFound)?;
    let Some(row) = store::invitations::by_token(db, id).await? else {
        // Sent again since, or its role or workspace is gone.
        let status = store::invitations::status_by_token(db, id).await?;
        let reason = status.filter(|status| *status != InvitationStatus::Open).unwrap_or(InvitationStatus::Revoked);
        return Err(WorkspaceError::InvitationGone { reason: reason.as_str() });
    };
    match row.status.at(row.expires_at, now) {
        InvitationStatus::Open => Ok(row),
        ended => Err(WorkspaceError::InvitationGone { reason: ended.as_str() }),
    }
}

/// Whether somebody with this account and mailbox is whom an invitation is for. By a token, which was mailed there, any
/// mailbox of that address is; without one only a proven one, because anybody can sign up with anybody's address.
pub(crate) fn is_for(row: &WaitingRow, user: UserId, mailbox: Option<&Mailbox>, by_token: bool) -> bool {
    let is_address = mailbox.is_some_and(|mailbox| {
        row.email_key.as_deref() == Some(mailbox.key.as_str()) && (mailbox.is_proven || by_token)
    });
    row.user_id == Some(user) || is_address
}

/// Makes the membership that an invitation brings; answers it with what to announce.
pub(crate) async fn accept(
    locked: &Locked<'_, impl ConnectionTrait>,
    id: InvitationId,
    user: UserId,
    roles: &CompiledRoles,
    now: DateTime<Utc>,
) -> Result<(role::Model, Vec<Event>), WorkspaceError> {
    let row = store::invitations::get(locked, id).await?.ok_or(WorkspaceError::NotFound)?;
    match row.status.at(row.expires_at, now) {
        InvitationStatus::Open => {}
        ended => return Err(WorkspaceError::InvitationGone { reason: ended.as_str() }),
    }
    let role = role_of(locked, &row).await?;
    check_backed(locked, &row, &role, roles, now).await?;
    begin(locked, &row, user, now).await?;
    let row = settle(locked, &row, InvitationStatus::Accepted, Some(user), now).await?;
    let accepted = about(events::INVITATION_ACCEPTED, &row, now).fact("user_id", user.to_string());
    let added = announce_added(locked.id(), user, &role.name, now);
    Ok((role, vec![accepted, added]))
}

/// An invitation is worth what its inviter can give at the moment of acceptance.
pub(crate) async fn check_backed(
    locked: &Locked<'_, impl ConnectionTrait>,
    row: &invitation::Model,
    role: &role::Model,
    roles: &CompiledRoles,
    now: DateTime<Utc>,
) -> Result<(), WorkspaceError> {
    let inviter = Acting::by_person(locked, row.invited_by, roles, now).await?;
    if inviter.brings_in() && inviter.covers_row(role, roles).is_ok() {
        return Ok(());
    }
    Err(WorkspaceError::InvitationGone { reason: "inviter" })
}

/// Begins the membership, or turns the one that waited into one that holds.
async fn begin(
    locked: &Locked<'_, impl ConnectionTrait>,
    row: &invitation::Model,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<(), WorkspaceError> {
    match store::members::get(locked, user).await? {
        Some(waiting) if waiting.status == MemberStatus::Invited => {
            super::require_seat(locked).await?;
            let change = member::ActiveModel {
                status: Set(MemberStatus::Active),
                role_id: Set(row.role_id),
                hour_rate: Set(row.hour_rate),
                joined_at: Set(now),
                ..Default::default()
            };
            store::members::update(locked, &waiting, change, now).await?;
        }
        Some(_) => return Err(WorkspaceError::AlreadyMember),
        None => {
            super::require_seat(locked).await?;
            let begun =
                member::Model { hour_rate: row.hour_rate, ..member::Model::begun(locked.id(), user, row.role_id, now) };
            if !store::members::insert(locked, begun).await? {
                return Err(WorkspaceError::AlreadyMember);
            }
        }
    }
    Ok(())
}

impl Workspaces {
    /// What the holder of a token may know of the invitation.
    pub(crate) async fn preview(
        &self,
        permit: &Permit<Public<Schema>>,
        token: &str,
    ) -> Result<WaitingInvitation, WorkspaceError> {
        let row = presented(&permit.db(), &self.keyring, token, permit.now()).await?;
        let inviter = self.people.names(&[row.invited_by]).await?.remove(&row.invited_by);
        Ok(WaitingInvitation::of(row, inviter))
    }

    /// Turns an invitation down, by its token.
    pub(crate) async fn decline(&self, permit: &Permit<Public<Schema>>, token: &str) -> Result<(), WorkspaceError> {
        let tx = permit.begin().await?;
        let row = presented(&tx, &self.keyring, token, permit.now()).await?;
        let locked = Locked::take(&tx, row.workspace_id).await?.ok_or(WorkspaceError::NotFound)?;
        let event = declined(&locked, row.id, permit.now()).await?;
        tx.announce(event).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The open invitations of the caller's account, and of its address if it is proven.
    pub(crate) async fn my_invitations(
        &self,
        permit: &Permit<SignedIn<Schema>>,
        paging: &Paging<MineFilter>,
    ) -> Result<Page<WaitingInvitation>, Problem> {
        let user = permit.caller();
        let proven = self.people.mailbox(user).await?.filter(|mailbox| mailbox.is_proven);
        let key = proven.as_ref().map(|mailbox| mailbox.key.as_str());
        let (after, limit) = (paging.after::<InvitationId>()?, paging.limit() + 1);
        let rows = store::invitations::waiting_for(&permit.db(), user, key, after, limit, permit.now()).await?;
        let page = paging.page(rows, |row| row.id)?;
        let inviters: Vec<UserId> = page.items.iter().map(|row| row.invited_by).collect();
        let names = self.people.names(&inviters).await?;
        Ok(page.map(|row| {
            let inviter = names.get(&row.invited_by).cloned();
            WaitingInvitation::of(row, inviter)
        }))
    }

    /// Accepts one of those.
    pub(crate) async fn accept_mine(
        &self,
        permit: &Permit<SignedIn<Schema>>,
        id: InvitationId,
    ) -> Result<Created<MemberView>, WorkspaceError> {
        let (user, now) = (permit.caller(), permit.now());
        let row = self.mine_waiting(permit, id).await?;
        let name = self.people.names(&[user]).await?.remove(&user);
        let tx = permit.begin().await?;
        let locked = Locked::take(&tx, row.workspace_id).await?.ok_or(WorkspaceError::NotFound)?;
        let (_, events) = accept(&locked, id, user, self.standings.roles(), now).await?;
        for event in events {
            tx.announce(event).await?;
        }
        let row = store::members::find(&tx, locked.id(), user).await?.ok_or(WorkspaceError::NotFound)?;
        let path = format!("/workspaces/{}/members/{user}", locked.id());
        let reply = Created::at(path, Some(etag_of(row.version)), MemberView::of(row, name, true));
        tx.commit_with(&reply).await?;
        self.standings.forget_user(user);
        Ok(reply)
    }

    /// Turns one of those down.
    pub(crate) async fn decline_mine(
        &self,
        permit: &Permit<SignedIn<Schema>>,
        id: InvitationId,
    ) -> Result<(), WorkspaceError> {
        let row = self.mine_waiting(permit, id).await?;
        let tx = permit.begin().await?;
        let locked = Locked::take(&tx, row.workspace_id).await?.ok_or(WorkspaceError::NotFound)?;
        let event = declined(&locked, id, permit.now()).await?;
        tx.announce(event).await?;
        tx.commit_with(&NoContent).await?;
        Ok(())
    }

    async fn mine_waiting(
        &self,
        permit: &Permit<SignedIn<Schema>>,
        id: InvitationId,
    ) -> Result<WaitingRow, WorkspaceError> {
        let row = store::invitations::waiting(&permit.db(), id, permit.now()).await?;
        let row = row.ok_or(WorkspaceError::NotFound)?;
        let mailbox = self.people.mailbox(permit.caller()).await?;
        if is_for(&row, permit.caller(), mailbox.as_ref(), false) { Ok(row) } else { Err(WorkspaceError::NotFound) }
    }
}

async fn declined(
    locked: &Locked<'_, impl ConnectionTrait>,
    id: InvitationId,
    now: DateTime<Utc>,
) -> Result<Event, WorkspaceError> {
    let row = store::invitations::get(locked, id).await?.ok_or(WorkspaceError::NotFound)?;
    match row.status.at(row.expires_at, now) {
        InvitationStatus::Open => {}
        ended => return Err(WorkspaceError::InvitationGone { reason: ended.as_str() }),
    }
    let row = settle(locked, &row, InvitationStatus::Declined, None, now).await?;
    Ok(about(events::INVITATION_DECLINED, &row, now))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use kernel::ids::WorkspaceId;

    use super::*;

    fn to(email: Option<&str>, user: Option<u128>) -> WaitingRow {
        WaitingRow {
            id: InvitationId(Uuid::from_u128(1)),
            workspace_id: WorkspaceId(Uuid::from_u128(2)),
            workspace: "Acme".to_owned(),
            role_title: "User".to_owned(),
            invited_by: UserId(Uuid::from_u128(4)),
            email: email.map(str::to_owned),
            email_key: email.map(str::to_owned),
            user_id: user.map(|user| UserId(Uuid::from_u128(user))),
            status: InvitationStatus::Open,
            token_id: Uuid::from_u128(5),
            expires_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn an_address_that_is_only_claimed_takes_the_mailed_token() {
        let user = UserId(Uuid::from_u128(7));
        let mailbox = |key: &str, is_proven| Mailbox { key: key.to_owned(), is_proven };
        let row = to(Some("ada@example.org"), None);
        assert!(is_for(&row, user, Some(&mailbox("ada@example.org", true)), false));
        assert!(is_for(&row, user, Some(&mailbox("ada@example.org", false)), true));
        assert!(!is_for(&row, user, Some(&mailbox("ada@example.org", false)), false));
        assert!(!is_for(&row, user, Some(&mailbox("eve@example.org", true)), true));
        assert!(!is_for(&row, user, None, true));
        assert!(is_for(&to(None, Some(7)), user, None, false));
        assert!(!is_for(&to(None, Some(8)), user, Some(&mailbox("ada@example.org", true)), true));
    }
}
