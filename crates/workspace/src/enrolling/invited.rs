//! Invitations where no handler of this domain answers them: by a token with which somebody signs up or is signed in, by
//! the event of such a sign-up, and as letters.

use chrono::{DateTime, Utc};
use kernel::{
    failure::Failure,
    ids::{UserId, WorkspaceId},
    outbox::Event,
};
use sea_orm::DbErr;

use super::{Enrolling, EnrollingError, Place};
use crate::{
    WorkspaceError,
    dto::InvitationId,
    service::{accept, check_backed, is_for, presented, role_of, token},
    store::{self, Locked},
};

/// What a token is worth at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// The invitation.
    pub invitation: InvitationId,
    /// What it brings.
    pub place: Place,
    /// The address that was invited; none where it was an account.
    pub email: Option<String>,
}

/// Whom a letter goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addressee {
    /// An address.
    Email(String),
    /// The address of an account.
    Account(UserId),
}

/// What the mail says that brings an invitation.
#[derive(Clone)]
pub struct Letter {
    /// To whom.
    pub to: Addressee,
    /// Into which workspace, by its name.
    pub workspace: String,
    /// As what.
    pub role: String,
    /// Who invites.
    pub inviter: UserId,
    /// With what it is accepted.
    pub token: String,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter").field("inviter", &self.inviter).finish_non_exhaustive()
    }
}

impl Enrolling {
    /// What the holder of a token would become a member of. That it still is so when they do is asked again then.
    pub async fn invited(&self, token: &str) -> Result<Invited, EnrollingError> {
        let (tx, now) = (self.system.begin().await?, self.clock.now());
        let row = presented(&tx, &self.keyring, token, now).await.map_err(told)?;
        let locked = Locked::take(&tx, row.workspace_id).await?.ok_or(EnrollingError::NotFound)?;
        let stored = store::invitations::get(&locked, row.id).await?.ok_or(EnrollingError::NotFound)?;
        let role = role_of(&locked, &stored).await?;
        check_backed(&locked, &stored, &role, self.standings.roles(), now).await?;
        Ok(Invited { invitation: row.id, place: super::place(locked.id(), role), email: row.email })
    }

    /// Accepts for someone who is signed in and holds the token.
    pub async fn accept(&self, user: UserId, token: &str) -> Result<Place, EnrollingError> {
        // Before the transaction: it holds the workspace, and may not wait for another connection meanwhile.
        let mailbox = self.people.mailbox(user).await?;
        let (tx, now) = (self.system.begin().await?, self.clock.now());
        let row = presented(&tx, &self.keyring, token, now).await.map_err(told)?;
        if !is_for(&row, user, mailbox.as_ref(), true) {
            return Err(WorkspaceError::OtherAddressee.into());
        }
        let locked = Locked::take(&tx, row.workspace_id).await?.ok_or(EnrollingError::NotFound)?;
        let (role, events) = accept(&locked, row.id, user, self.standings.roles(), now).await?;
        for mut event in events {
            event.actor_id = Some(user);
            tx.announce(event).await?;
        }
        let place = super::place(locked.id(), role);
        tx.commit().await?;
        self.standings.forget_user(user);
        Ok(place)
    }

    /// Accepts for someone whose account was made with the token, because of the event that tells of it. What stands no
    /// more, because it was taken back in between, is not accepted; the account stays.
    pub async fn accept_heard(
        &self,
        event: &Event,
        user: UserId,
        workspace: WorkspaceId,
        invitation: InvitationId,
    ) -> Result<(), DbErr> {
        let (tx, now) = (self.system.begin().await?, self.clock.now());
        let Some(locked) = Locked::take(&tx, workspace).await? else {
            tracing::warn!(%user, %workspace, "not enrolled: the workspace is gone");
            return Ok(());
        };
        if !store::heard::first_time(&locked, event.id, now).await? {
            return Ok(());
        }
        match accept(&locked, invitation, user, self.standings.roles(), now).await {
            Ok((_, events)) => {
                for mut event in events {
                    event.actor_id = Some(user);
                    tx.announce(event).await?;
                }
            }
            Err(WorkspaceError::Failure(Failure::Db(error))) => return Err(error),
            Err(refused) => tracing::warn!(%user, %workspace, %refused, "not enrolled: the invitation stands no more"),
        }
        tx.commit().await?;
        self.standings.forget_user(user);
        Ok(())
    }

    /// The letter of an invitation, while it is open.
    pub async fn letter(&self, invitation: InvitationId) -> Result<Option<Letter>, DbErr> {
        let row = store::invitations::waiting(&self.system.db(), invitation, self.clock.now()).await?;
        Ok(row.and_then(|row| {
            let account = row.user_id.map(Addressee::Account);
            Some(Letter {
                token: token(&self.keyring, &row),
                to: account.or(row.email.map(Addressee::Email))?,
                workspace: row.workspace,
                role: row.role_title,
                inviter: row.invited_by,
                expires_at: row.expires_at,
            })
        }))
    }
}

fn told(error: WorkspaceError) -> EnrollingError {
    match error {
        WorkspaceError::NotFound => EnrollingError::NotFound,
        refused => EnrollingError::Refused(refused),
    }
}
