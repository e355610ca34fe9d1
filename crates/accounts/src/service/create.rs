//! An administrator makes an account for someone of the workspace.

use kernel::{
    guard::Permit,
    http::{Created, etag_of},
    outbox::Event,
};

use super::{Accounts, NewAccount};
use crate::{actions::CreateAccount, dto::UserView, error::AccountsError, events, proof::Purpose, store};

impl Accounts {
    /// Makes an account that belongs to the permit's workspace, and the wish for its membership.
    pub(crate) async fn create(
        &self,
        permit: &Permit<CreateAccount>,
        account: NewAccount,
        role: Option<&str>,
    ) -> Result<Created<UserView>, AccountsError> {
        let (workspace, now) = (permit.workspace(), permit.now());
        let enrolled = self.enrolment.check_by(permit.acting(), workspace, role).await?;
        let has_password = account.password.is_some();
        let row = NewAccount { created_via: Some(workspace), ..account }.prepare(&self.passwords, now).await?;

        let tx = permit.begin().await?;
        store::users::insert(&tx, &row).await?;
        let mut event = Event::new(events::USER_CREATED, events::USER, row.id.0, now)
            .fact("workspace_id", enrolled.workspace.to_string())
            .fact("role_id", enrolled.role.to_string());
        // Who chooses their password by mail proves the address with it.
        if !has_password || self.require_verified_email {
            let purpose = if has_password { Purpose::EmailVerification } else { Purpose::PasswordSetup };
            event = event.fact("proof_id", Self::ask_for_proof(&tx, &row, purpose).await?);
        }
        tx.announce(event).await?;
        let (location, etag) = (format!("/users/{}", row.id), etag_of(row.version));
        let created = Created::at(location, Some(etag), UserView::full(row));
        tx.commit_with(&created).await?;

        self.enrolment.settle().await;
        Ok(created)
    }
}
