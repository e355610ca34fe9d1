//! Accepting an invitation by its token: with an account, by being signed in; without one, by signing up with the address
//! that the token was mailed to, which it thereby proves.

use kernel::{
    guard::{Permit, Public},
    http::{Created, etag_of},
    ids::{RoleId, UserId, WorkspaceId},
    outbox::Event,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Accounts, NewAccount};
use crate::{
    Schema,
    dto::{TokensView, UserView},
    error::AccountsError,
    events,
    ports::Enrolled,
    store,
};

/// Who accepts, if they are new.
#[derive(Debug)]
pub(crate) struct Acceptance {
    pub(crate) token: SecretString,
    pub(crate) password: Option<SecretString>,
    pub(crate) username: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
}

/// What came of an acceptance.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct AcceptedInvitation {
    /// The membership; null when the invitation was taken back in the moment in which the account was made.
    pub(crate) membership: Option<AcceptedMembership>,
    /// The account, if it is new.
    pub(crate) user: Option<UserView>,
    /// The first pair of tokens of a new account.
    pub(crate) tokens: Option<TokensView>,
}

/// A membership that has begun.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct AcceptedMembership {
    /// The workspace.
    pub(crate) workspace_id: WorkspaceId,
    /// The id of the role.
    pub(crate) role_id: RoleId,
}

impl From<Enrolled> for AcceptedMembership {
    fn from(enrolled: Enrolled) -> Self {
        Self { workspace_id: enrolled.workspace, role_id: enrolled.role }
    }
}

impl Accounts {
    /// Accepts for someone who is signed in.
    pub(crate) async fn accept_as(
        &self,
        user: UserId,
        acceptance: Acceptance,
    ) -> Result<Created<AcceptedInvitation>, AccountsError> {
        if acceptance.password.is_some() {
            return Err(AccountsError::SignedInAlready);
        }
        let enrolled = self.enrolment.accept(user, acceptance.token.expose_secret()).await?;
        let location = format!("/workspaces/{}/members/{user}", enrolled.workspace);
        let view = AcceptedInvitation { membership: Some(enrolled.into()), user: None, tokens: None };
        Ok(Created::at(location, None, view))
    }

    /// Makes an account for who is invited, and the wish for the membership: together, so that the membership comes even
    /// if the program dies in between.
    pub(crate) async fn accept_as_new(
        &self,
        permit: &Permit<Public<Schema>>,
        acceptance: Acceptance,
    ) -> Result<Created<AcceptedInvitation>, AccountsError> {
        let Acceptance { token, password, username, first_name, last_name } = acceptance;
        let invited = self.enrolment.invited(token.expose_secret()).await?;
        let (enrolled, now) = (invited.enrolled, permit.now());
        let email = invited.email.ok_or(AccountsError::AccountInvited)?;
        if password.is_none() {
            return Err(AccountsError::NoPassword);
        }
        let account = NewAccount { email, password, username, first_name, last_name, created_via: None };
        let mut row = account.prepare(&self.passwords, now).await?;
        row.email_verified_at = Some(now);

        let tx = permit.begin().await?;
        store::users::insert(&tx, &row).await?;
        let mut event = Event::new(events::SIGNED_UP, events::USER, row.id.0, now)
            .in_workspace(enrolled.workspace)
            .fact("workspace_id", enrolled.workspace.to_string())
            .fact("role_id", enrolled.role.to_string())
            .fact("invitation_id", invited.invitation.to_string());
        event.actor_id = Some(row.id);
        tx.announce(event).await?;
        let tokens = self.enter_as_new(tx, &row, permit.facts()).await?;

        self.enrolment.settle().await;
        let is_member = self.enrolment.is_member(row.id, enrolled.workspace).await?;
        let (location, etag) = (format!("/users/{}", row.id), etag_of(row.version));
        let membership = is_member.then(|| enrolled.into());
        let view = AcceptedInvitation { membership, user: Some(UserView::full(row)), tokens: Some(tokens) };
        Ok(Created::at(location, Some(etag), view))
    }
}
