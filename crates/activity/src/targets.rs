//! Whose notifications something is done with: somebody's, one's own, a single one.

use kernel::{
    authority::Standing,
    grant::{Permission, Relation, Scope},
    guard::{Found, Lookup, Place, Sight, Target},
    ids::{UserId, WorkspaceId},
    problem::Problem,
};

use crate::{
    entity::notifications::Model,
    notifications::store,
    permissions::{CAN_MARK_NOTIFICATIONS, CAN_VIEW_NOTIFICATIONS},
};

/// From which workspaces somebody's notifications are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Within {
    /// From any: a platform role reads them.
    Anywhere,
    /// From these.
    These(Vec<WorkspaceId>),
}

/// A person, by the notifications that they got.
#[derive(Debug)]
pub struct Recipient {
    pub(crate) user: UserId,
    pub(crate) within: Within,
}

/// One's own notifications. Whoever belongs nowhere has none, and is told so.
#[derive(Debug)]
pub struct Mine {
    /// From where one's role lets one read them.
    pub(crate) viewed: Vec<WorkspaceId>,
    /// From where one's role lets one mark them.
    pub(crate) marked: Vec<WorkspaceId>,
}

/// One notification.
#[derive(Debug)]
pub struct NotificationRow(pub(crate) Model);

/// The workspaces in which the caller's role grants `permission` at least so far.
fn granted(lookup: &Lookup<'_>, permission: &Permission, least: Scope) -> Vec<WorkspaceId> {
    let seats = lookup.standing().seats_at(lookup.now());
    seats.filter(|seat| seat.grants.scope(permission) >= least).map(|seat| seat.workspace).collect()
}

fn places(lookup: &Lookup<'_>, standing: &Standing, relation: Relation) -> Vec<(WorkspaceId, Relation)> {
    standing.seats_at(lookup.now()).map(|seat| (seat.workspace, relation)).collect()
}

/// One's own lie wherever one is a member; and nowhere but with oneself for who is none.
fn own<T>(lookup: &Lookup<'_>, target: T) -> Found<T> {
    let places = places(lookup, lookup.standing(), Relation::Own);
    if places.is_empty() { Found::personal(target) } else { Found::at(target, Place::In(places)) }
}

impl Target for Recipient {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let user: UserId = lookup.key("user_id")?;
        if user == lookup.caller().user {
            let within = Within::These(granted(lookup, &CAN_VIEW_NOTIFICATIONS, Scope::Own));
            return Ok(Some(own(lookup, Self { user, within })));
        }
        // Others' are read from the workspaces that they are in, by who may read everybody's there.
        let standing = lookup.standing_of(user).await?;
        let mut places = places(lookup, &standing, Relation::Other);
        let read = granted(lookup, &CAN_VIEW_NOTIFICATIONS, Scope::Any);
        places.sort_by_key(|(workspace, _)| !read.contains(workspace));
        let platform = lookup.standing().platform.as_ref();
        let within = match platform.map(|seat| seat.grants.scope(&CAN_VIEW_NOTIFICATIONS)) {
            Some(Scope::Any) => Within::Anywhere,
            _ => Within::These(read.into_iter().filter(|one| places.iter().any(|(place, _)| place == one)).collect()),
        };
        let place = if places.is_empty() { Place::Nowhere(Relation::Other) } else { Place::In(places) };
        Ok(Some(Found::at(Self { user, within }, place)))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        sight.relation() == Relation::Own || sight.holds(&CAN_VIEW_NOTIFICATIONS)
    }
}

impl Target for Mine {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let viewed = granted(lookup, &CAN_VIEW_NOTIFICATIONS, Scope::Own);
        let marked = granted(lookup, &CAN_MARK_NOTIFICATIONS, Scope::Own);
        Ok(Some(own(lookup, Self { viewed, marked })))
    }

    fn visible(&self, _: &Sight<'_>) -> bool {
        // One knows of oneself.
        true
    }
}

impl Target for NotificationRow {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let Some(row) = store::find(lookup, lookup.key("id")?).await? else { return Ok(None) };
        let (workspace, relation) = (row.workspace_id, Relation::of(row.user_id == lookup.caller().user, false));
        Ok(Some(Found::in_workspace(Self(row), workspace, relation)))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        sight.holds(&CAN_VIEW_NOTIFICATIONS)
    }
}
