//! One's own sessions: seen and ended.

use kernel::{
    guard::{Identified, Permit, Public, Tx},
    http::{NoContent, Paging},
    ids::SessionId,
    outbox::Event,
    page::Page,
};
use sea_orm::DbErr;

use super::Accounts;
use crate::{
    Schema,
    actions::{EndOtherSessions, EndSession, ListSessions, NoFilter, SignOut},
    entity::session,
    error::AccountsError,
    events,
    store::{self, sessions::Ending},
};

impl Accounts {
    /// The caller's sessions.
    pub(crate) async fn sessions(
        &self,
        permit: &Permit<ListSessions>,
        paging: &Paging<NoFilter>,
    ) -> Result<Page<session::Model>, AccountsError> {
        let rows = store::sessions::of_caller(permit, paging.after()?, paging.limit() + 1).await?;
        Ok(paging.page(rows, |row| row.id)?)
    }

    /// Ends the session in use.
    pub(crate) async fn sign_out(&self, permit: &Permit<SignOut>) -> Result<NoContent, AccountsError> {
        let caller = permit.session();
        let tx = permit.begin().await?;
        let ended = end_sessions(&tx, Ending::One(caller.user, caller.session), "logout").await?;
        tx.commit_with(&NoContent).await?;
        self.forget(&ended);
        Ok(NoContent)
    }

    /// Ends one session.
    pub(crate) async fn end_session(&self, permit: &Permit<EndSession>) -> Result<(), AccountsError> {
        let tx = permit.begin().await?;
        let ended = end_sessions(&tx, Ending::One(permit.caller(), permit.target().0), "ended").await?;
        tx.commit().await?;
        self.forget(&ended);
        Ok(())
    }

    /// Ends all sessions but the one in use.
    pub(crate) async fn end_other_sessions(&self, permit: &Permit<EndOtherSessions>) -> Result<(), AccountsError> {
        let caller = permit.session();
        let tx = permit.begin().await?;
        let ended = end_sessions(&tx, Ending::OthersThan(caller.user, caller.session), "ended").await?;
        tx.commit().await?;
        self.forget(&ended);
        Ok(())
    }

    /// Refuses the tokens of sessions that were ended, at once on this instance.
    pub(super) fn forget(&self, ended: &[SessionId]) {
        for session in ended {
            self.tokens.end(*session);
        }
    }
}

/// Ends sessions and tells of each; answers which.
pub(super) async fn end_sessions<A: Identified>(
    tx: &Tx<'_, A>,
    ending: Ending,
    reason: &'static str,
) -> Result<Vec<SessionId>, DbErr> {
    let now = tx.permit().now();
    let ended = store::sessions::end(tx, ending, now).await?;
    for session in &ended {
        let event = Event::new(events::SESSION_ENDED, events::SESSION, session.0, now);
        tx.announce(event.fact("reason", reason)).await?;
    }
    Ok(ended)
}

/// The same for who proved by mail that they are the owner.
pub(super) async fn end_sessions_publicly(
    tx: &Tx<'_, Public<Schema>>,
    ending: Ending,
    reason: &'static str,
) -> Result<Vec<SessionId>, DbErr> {
    let now = tx.permit().now();
    let ended = store::sessions::end(tx, ending, now).await?;
    for session in &ended {
        let mut event = Event::new(events::SESSION_ENDED, events::SESSION, session.0, now);
        event.actor_id = Some(ending.owner());
        tx.announce(event.fact("reason", reason)).await?;
    }
    Ok(ended)
}
