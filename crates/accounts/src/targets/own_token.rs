//! One of the caller's own personal access tokens.

use kernel::{
    guard::{Found, Lookup, Sight, Target},
    ids::TokenId,
    problem::Problem,
};

use crate::store;

/// One of the caller's own personal access tokens, by the path's `{id}`.
#[derive(Debug)]
pub struct OwnToken(pub(crate) TokenId);

impl Target for OwnToken {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let id = lookup.key("id")?;
        let is_own = store::personal_tokens::is_own(lookup, id).await?;
        Ok(is_own.then(|| Found::personal(Self(id))))
    }

    fn visible(&self, _: &Sight<'_>) -> bool {
        true
    }
}
