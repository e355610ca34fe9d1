//! One's own personal access tokens: made, seen, revoked.

use chrono::{DateTime, Duration, Utc};
use kernel::{
    authority::WorkspaceRef,
    guard::Permit,
    http::{Created, Paging},
    ids::TokenId,
    outbox::Event,
    page::Page,
    problem::Problem,
};
use serde_json::Value;

use super::Accounts;
use crate::{
    actions::{CreateToken, ListTokens, NoFilter, RevokeToken},
    dto::{NewTokenView, TokenView},
    entity::personal_token,
    error::AccountsError,
    events,
    personal::PersonalToken,
    store,
};

/// How long a token lasts unless its owner says.
const LASTS: Duration = Duration::days(90);
/// How long it may last.
const LASTS_AT_MOST: Duration = Duration::days(365);
/// How many somebody may have.
const MOST: u64 = 50;

/// A token to make.
#[derive(Debug)]
pub(crate) struct NewToken {
    pub(crate) name: String,
    pub(crate) expires_at: Option<DateTime<Utc>>,
    pub(crate) workspace: Option<WorkspaceRef>,
    pub(crate) permissions: Value,
}

impl Accounts {
    /// Makes a token that may do no more than the caller may.
    pub(crate) async fn create_token(
        &self,
        permit: &Permit<CreateToken>,
        new: NewToken,
    ) -> Result<Created<NewTokenView>, AccountsError> {
        let (user, now) = (permit.caller(), permit.now());
        let expires_at = new.expires_at.unwrap_or(now + LASTS);
        if expires_at <= now || expires_at > now + LASTS_AT_MOST {
            let detail = "A token expires some time from now, and within a year.";
            return Err(Problem::invalid_field("/expires_at", "expiry", detail).into());
        }
        let delegated = self.delegations.check(user, new.workspace.as_ref(), &new.permissions).await?;
        let token = PersonalToken::random(TokenId::new(now));
        let row = personal_token::Model {
            id: token.id(),
            user_id: user,
            name: new.name.trim().to_owned(),
            token_hash: token.hash(),
            workspace_id: delegated.workspace,
            permissions: delegated.permissions,
            created_at: now,
            expires_at,
            last_used_at: None,
        };

        let tx = permit.begin().await?;
        if !store::personal_tokens::insert(&tx, &row, MOST).await? {
            let detail = "You have as many tokens as anybody may have; revoke one first.";
            return Err(Problem::conflict("too_many_tokens", detail).with_member("limit", MOST).into());
        }
        let event = Event::new(events::TOKEN_CREATED, events::TOKEN, row.id.0, now)
            .fact("name", row.name.as_str())
            .fact("permissions", row.permissions.clone())
            .fact("workspace_id", row.workspace_id.map(|id| id.to_string()))
            .fact("expires_at", row.expires_at.to_rfc3339());
        tx.announce(event).await?;
        // What is kept for a repetition of the request doesn't have the token: it is shown once.
        let path = format!("/users/me/tokens/{}", row.id);
        let kept = Created::at(path, None, NewTokenView { token: None, details: TokenView::from(row) });
        tx.commit_with(&kept).await?;
        let view = NewTokenView { token: Some(token.reveal()), ..kept.view };
        Ok(Created { location: kept.location, etag: None, view })
    }

    /// The caller's tokens.
    pub(crate) async fn tokens(
        &self,
        permit: &Permit<ListTokens>,
        paging: &Paging<NoFilter>,
    ) -> Result<Page<TokenView>, AccountsError> {
        let rows = store::personal_tokens::of_caller(permit, paging.after()?, paging.limit() + 1).await?;
        Ok(paging.page(rows, |row| row.id)?.map(TokenView::from))
    }

    /// Revokes one of them: it stops working at once, and within a second on other instances.
    pub(crate) async fn revoke_token(&self, permit: &Permit<RevokeToken>) -> Result<(), AccountsError> {
        let (id, now) = (permit.target().0, permit.now());
        let tx = permit.begin().await?;
        let name = store::personal_tokens::delete(&tx, id).await?.ok_or(AccountsError::Gone)?;
        tx.announce(Event::new(events::TOKEN_REVOKED, events::TOKEN, id.0, now).fact("name", name)).await?;
        tx.commit().await?;
        self.tokens.forget_personal(id);
        Ok(())
    }
}
