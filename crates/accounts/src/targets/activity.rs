//! What a person did, by the path's `{id}`. Who may know of the person is decided as for the account itself.

use kernel::{
    grant::Scope,
    guard::{Found, Lookup, Sight, Target},
    ids::{UserId, WorkspaceId},
    problem::Problem,
};

use super::account::{is_seen, load, seen_from};
use crate::permissions::{CAN_VIEW_ACTIVITY, CAN_VIEW_PROFILES, CAN_VIEW_USERS};

/// What a person did.
#[derive(Debug)]
pub struct ActivityOf {
    /// Who.
    pub(crate) user: UserId,
    /// Where it may be looked at; none for anywhere.
    pub(crate) among: Option<Vec<WorkspaceId>>,
}

impl Target for ActivityOf {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let Some((row, standing)) = load(lookup).await? else { return Ok(None) };
        let user = row.id;
        if user == lookup.caller().user {
            return Ok(Some(Found::personal(Self { user, among: None })));
        }
        let place = seen_from(lookup, &standing, &[&CAN_VIEW_ACTIVITY, &CAN_VIEW_PROFILES, &CAN_VIEW_USERS]);
        Ok(Some(Found::at(Self { user, among: among(lookup) }, place)))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        is_seen(sight)
    }
}

/// The workspaces in which the caller may look at what others do: which of them let the caller in is one of these.
fn among(lookup: &Lookup<'_>) -> Option<Vec<WorkspaceId>> {
    let mine = lookup.standing();
    if mine.platform.as_ref().is_some_and(|seat| seat.grants.scope(&CAN_VIEW_ACTIVITY) == Scope::Any) {
        return None;
    }
    let seats = mine.seats_at(lookup.now()).filter(|seat| seat.grants.scope(&CAN_VIEW_ACTIVITY) == Scope::Any);
    Some(seats.map(|seat| seat.workspace).collect())
}
