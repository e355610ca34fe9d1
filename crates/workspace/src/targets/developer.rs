//! A developer as a target: somebody who is listed in a workspace whose directory the caller may see.

use kernel::{
    grant::{Relation, Scope},
    guard::{Found, Lookup, Place, Sight, Target},
    ids::{UserId, WorkspaceId},
    problem::Problem,
};

use crate::{
    permissions::CAN_VIEW_DEVELOPERS,
    store::directory::{self, ListedRow, Wanted},
};

/// The developer `{id}`, with the places that the caller may see.
#[derive(Debug)]
pub struct DeveloperTarget(pub(crate) ListedRow);

impl Target for DeveloperTarget {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let user: UserId = lookup.key("id")?;
        let (standing, now) = (lookup.standing(), lookup.now());
        let seats = standing.seats_at(now).filter(|seat| seat.grants.scope(&CAN_VIEW_DEVELOPERS) == Scope::Any);
        let seen: Vec<WorkspaceId> = seats.map(|seat| seat.workspace).collect();
        let everywhere = standing.platform.as_ref();
        let everywhere = everywhere.is_some_and(|seat| seat.grants.scope(&CAN_VIEW_DEVELOPERS) == Scope::Any);
        let people = [user];
        let wanted = Wanted {
            workspaces: (!everywhere).then_some(seen.as_slice()),
            people: Some(&people),
            verified: None,
            after: None,
            limit: 1,
        };
        let row = directory::list(&lookup.db(), &wanted, now).await?.pop();
        Ok(row.map(|row| {
            let places = row.places.iter().map(|place| (place.workspace_id, Relation::Other)).collect();
            Found::at(Self(row), Place::In(places))
        }))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        sight.holds(&CAN_VIEW_DEVELOPERS)
    }
}
