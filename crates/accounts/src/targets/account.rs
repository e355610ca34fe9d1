//! An account by its id, as it is looked at, edited and removed. The three differ in what one's own account means, and
//! in which of several common workspaces counts first.

use std::{cmp::Reverse, sync::Arc};

use kernel::{
    authority::Standing,
    grant::{Denial, Permission, Relation, Scope},
    guard::{Found, Lookup, Place, Sight, Target},
    http::etag_of,
    ids::{UserId, WorkspaceId},
    problem::Problem,
};

use crate::{
    entity::user,
    permissions::{CAN_DELETE_USERS, CAN_EDIT_PROFILES, CAN_VIEW_PROFILES, CAN_VIEW_USERS},
    store,
};

/// An account to look at. One's own may always be looked at.
#[derive(Debug)]
pub struct AccountSeen(pub(crate) user::Model);

/// An account to edit. One's own may always be edited.
#[derive(Debug)]
pub struct AccountEdited(pub(crate) user::Model);

/// An account to remove: here the role decides about one's own, too.
#[derive(Debug)]
pub struct AccountRemoved {
    pub(crate) id: UserId,
    pub(crate) created_via: Option<WorkspaceId>,
    version: i32,
}

/// The account that the path's `{id}` names, and what that person holds.
pub(super) async fn load(lookup: &Lookup<'_>) -> Result<Option<(user::Model, Arc<Standing>)>, Problem> {
    let Some(row) = store::users::find(lookup, lookup.key("id")?).await? else { return Ok(None) };
    let standing = lookup.standing_of(row.id).await?;
    Ok(Some((row, standing)))
}

/// The person's workspaces, the one with the least `rank` first; nowhere if they have none.
fn places<K: Ord>(lookup: &Lookup<'_>, standing: &Standing, rank: impl Fn(WorkspaceId) -> K) -> Place {
    let mut workspaces = workspaces_of(lookup, standing);
    workspaces.sort_by_key(|workspace| (rank(*workspace), *workspace));
    if workspaces.is_empty() {
        return Place::Nowhere(Relation::Other);
    }
    Place::In(workspaces.into_iter().map(|workspace| (workspace, Relation::Other)).collect())
}

fn workspaces_of(lookup: &Lookup<'_>, standing: &Standing) -> Vec<WorkspaceId> {
    standing.seats_at(lookup.now()).map(|seat| seat.workspace).collect()
}

/// How far the caller's role in `workspace` grants `permission`.
fn held(lookup: &Lookup<'_>, workspace: WorkspaceId, permission: &Permission) -> Scope {
    lookup.standing().seat(workspace, lookup.now()).map_or(Scope::None, |seat| seat.grants.scope(permission))
}

/// Where someone is looked at from: the workspace that shows the most, by what `shows`, comes first.
pub(super) fn seen_from(lookup: &Lookup<'_>, standing: &Standing, shows: &[&Permission]) -> Place {
    let shown = |workspace| shows.iter().map(|permission| held(lookup, workspace, permission)).collect::<Vec<_>>();
    places(lookup, standing, |workspace| Reverse(shown(workspace)))
}

/// Where someone is edited from. Where the account was made is the only place by which a member may edit it. Elsewhere
/// a platform administrator's own seats must not stand in the way of the platform role.
pub(super) fn edited_from(lookup: &Lookup<'_>, row: &user::Model, standing: &Standing) -> Place {
    let made_here = |workspace| row.created_via == Some(workspace);
    let by_seat = row.created_via.is_some_and(|home| lookup.standing().seat(home, lookup.now()).is_some());
    if lookup.standing().platform.is_some() && !by_seat {
        return Place::Nowhere(Relation::Other);
    }
    places(lookup, standing, |workspace| (!made_here(workspace), Reverse(held(lookup, workspace, &CAN_EDIT_PROFILES))))
}

/// Others exist for those who may look at them or list them.
pub(super) fn is_seen(sight: &Sight<'_>) -> bool {
    sight.holds(&CAN_VIEW_PROFILES) || sight.holds(&CAN_VIEW_USERS)
}

impl Target for AccountSeen {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let Some((row, standing)) = load(lookup).await? else { return Ok(None) };
        if row.id == lookup.caller().user {
            return Ok(Some(Found::personal(Self(row))));
        }
        let place = seen_from(lookup, &standing, &[&CAN_VIEW_PROFILES, &CAN_VIEW_USERS]);
        Ok(Some(Found::at(Self(row), place)))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        is_seen(sight)
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.0.version))
    }
}

impl Target for AccountEdited {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let Some((row, standing)) = load(lookup).await? else { return Ok(None) };
        if row.id == lookup.caller().user {
            return Ok(Some(Found::personal(Self(row))));
        }
        let place = edited_from(lookup, &row, &standing);
        Ok(Some(Found::at(Self(row), place)))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        is_seen(sight)
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.0.version))
    }
}

impl Target for AccountRemoved {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let Some((row, standing)) = load(lookup).await? else { return Ok(None) };
        let is_self = row.id == lookup.caller().user;
        if is_self && lookup.caller().token().is_some() {
            return Err(Problem::token_not_allowed());
        }
        let workspaces = workspaces_of(lookup, &standing);
        if is_self && workspaces.is_empty() && standing.platform.is_none() {
            let (held, needed, relation) = (Scope::None, Scope::Any, Some(Relation::Own));
            let permission = CAN_DELETE_USERS.key;
            return Err(Problem::denied(&Denial { permission, held, needed, relation, role: None }));
        }
        // The caller's own workspaces come before those that only a platform role reaches.
        let place = places(lookup, &standing, |workspace| {
            (Reverse(held(lookup, workspace, &CAN_DELETE_USERS)), row.created_via != Some(workspace))
        });
        let place = match place {
            Place::In(places) if is_self => {
                Place::In(places.into_iter().map(|(workspace, _)| (workspace, Relation::Own)).collect())
            }
            other => other,
        };
        let (id, created_via, version) = (row.id, row.created_via, row.version);
        Ok(Some(Found::at(Self { id, created_via, version }, place)))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        sight.relation() == Relation::Own || is_seen(sight)
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.version))
    }
}
