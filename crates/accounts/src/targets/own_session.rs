//! One of the caller's own sessions.

use kernel::{
    guard::{Found, Lookup, Sight, Target},
    ids::SessionId,
    problem::Problem,
};

use crate::store;

/// One of the caller's own sessions that still lives, by the path's `{id}`.
#[derive(Debug)]
pub struct OwnSession(pub(crate) SessionId);

impl Target for OwnSession {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let is_own = store::sessions::is_own(lookup, lookup.key("id")?).await?;
        Ok(is_own.map(|session| Found::personal(Self(session))))
    }

    fn visible(&self, _: &Sight<'_>) -> bool {
        true
    }
}
