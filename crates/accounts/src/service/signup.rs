//! Signing up: account, profile, session and the wish for a membership come into being together or not at all.

use kernel::{
    authority::WorkspaceRef,
    guard::{Permit, Public},
    http::{Created, etag_of},
    outbox::Event,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Accounts, NewAccount};
use crate::{
    Schema,
    dto::{TokensView, UserView},
    error::AccountsError,
    events,
    proof::Purpose,
    store,
};

/// Who wants in, and where to.
#[derive(Debug)]
pub(crate) struct SignUp {
    pub(crate) account: NewAccount,
    pub(crate) workspace: Option<WorkspaceRef>,
    pub(crate) role: Option<String>,
}

/// What comes of it.
pub(crate) enum Welcome {
    /// The account is there, and its owner signed in.
    In(Box<Created<SignedUp>>),
    /// The address has to be proven first.
    AskedForProof,
}

/// Someone new, signed in.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SignedUp {
    /// The account.
    pub user: UserView,
    /// The first pair of tokens.
    pub tokens: TokensView,
}

impl Accounts {
    /// Makes an account and signs its owner in; or, where the address has to be proven first, asks for that.
    pub(crate) async fn sign_up(&self, permit: &Permit<Public<Schema>>, new: SignUp) -> Result<Welcome, AccountsError> {
        let enrolled = match (&new.workspace, new.role.as_deref()) {
            (Some(workspace), role) => Some(self.enrolment.check(workspace, role).await?),
            (None, Some(_)) => return Err(AccountsError::RoleWithoutWorkspace),
            (None, None) => None,
        };
        if self.require_verified_email {
            self.ask_to_sign_up(permit, new.account, enrolled).await?;
            return Ok(Welcome::AskedForProof);
        }
        let now = permit.now();
        let row = new.account.prepare(&self.passwords, now).await?;

        let tx = permit.begin().await?;
        store::users::insert(&tx, &row).await?;
        let proof = Self::ask_for_proof(&tx, &row, Purpose::EmailVerification).await?;
        let mut event = Event::new(events::SIGNED_UP, events::USER, row.id.0, now).fact("proof_id", proof);
        event.actor_id = Some(row.id);
        if let Some(enrolled) = enrolled {
            event = event
                .in_workspace(enrolled.workspace)
                .fact("workspace_id", enrolled.workspace.to_string())
                .fact("role_id", enrolled.role.to_string());
        }
        tx.announce(event).await.map_err(AccountsError::from)?;
        let tokens = self.enter_as_new(tx, &row, permit.facts()).await?;

        if enrolled.is_some() {
            self.enrolment.settle().await;
        }
        let (location, etag) = (format!("/users/{}", row.id), etag_of(row.version));
        let created = Created::at(location, Some(etag), SignedUp { user: UserView::full(row), tokens });
        Ok(Welcome::In(Box::new(created)))
    }
}
