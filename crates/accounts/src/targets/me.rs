//! The caller's own account.

use kernel::{
    guard::{Found, Lookup, Sight, Target},
    http::etag_of,
    problem::Problem,
};

use crate::{entity::user, store};

/// The caller's own account.
#[derive(Debug)]
pub struct Me(pub(crate) user::Model);

impl Target for Me {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        // An account that was erased takes its tokens with it, also where the end of its sessions is still to be heard of.
        let gone = || Problem::unauthorized("invalid_token", "The account of the access token is gone.");
        let row = store::users::find(lookup, lookup.caller().user).await?.ok_or_else(gone)?;
        Ok(Some(Found::personal(Self(row))))
    }

    fn visible(&self, _: &Sight<'_>) -> bool {
        true
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.0.version))
    }
}
