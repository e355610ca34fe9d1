//! What is done to workshops, as types, and how the guard loads what it is done to.

use chrono::{DateTime, Utc};
use kernel::{
    authority::Grants,
    grant::{Permission, Relation, Scope},
    guard::{Found, Identified, InWorkspace, Listing, Lookup, Sight, Target, Tenant},
    ids::WorkspaceId,
    listing::RELEVANCE,
    problem::Problem,
};

use crate::{
    Schema, WorkshopId,
    dto::{Part, WorkshopFilter},
    entity::workshops::{Model, Stage},
    error::not_registered,
    permissions::{self, CAN_EDIT_WORKSHOPS, CAN_VIEW_WORKSHOPS},
    store,
};

kernel::actions! {
    module Schema;
    /// Create a workshop in a workspace.
    CreateWorkshop: permissions::CAN_CREATE_WORKSHOPS, on InWorkspace;
    /// See one workshop.
    ViewWorkshop: CAN_VIEW_WORKSHOPS, on WorkshopTarget;
    /// Change a workshop's fields.
    EditWorkshop: CAN_EDIT_WORKSHOPS, on WorkshopTarget;
    /// Say that a workshop won't take place.
    CancelWorkshop: CAN_EDIT_WORKSHOPS, on WorkshopTarget;
    /// Delete a workshop.
    DeleteWorkshop: permissions::CAN_DELETE_WORKSHOPS, on WorkshopTarget;
    /// See how many seats are free.
    ViewAvailability: CAN_VIEW_WORKSHOPS, on Attendance;
    /// Register for a workshop.
    Register: permissions::CAN_ATTEND_WORKSHOPS, on Attendance;
    /// See one's own registration.
    ViewRegistration: permissions::CAN_ATTEND_WORKSHOPS, on Attendance;
    /// Give one's own seat or place in line back.
    Withdraw: permissions::CAN_ATTEND_WORKSHOPS, on Attendance;
    /// See who is registered.
    ViewAttendees: permissions::CAN_VIEW_ATTENDEES, on Attendance;
    /// Take somebody's registration back.
    RemoveAttendee: permissions::CAN_MANAGE_ATTENDEES, on Attendance;
    /// Say that somebody came.
    CheckIn: permissions::CAN_MANAGE_ATTENDEES, on Attendance;
    /// Keep a workshop among one's favourites.
    Favor: permissions::CAN_FAVORITE_WORKSHOPS, on Attendance;
    /// Keep it there no longer.
    Unfavor: permissions::CAN_FAVORITE_WORKSHOPS, on Attendance;
    /// See a workshop's statistics.
    ViewStats: permissions::CAN_VIEW_WORKSHOP_STATS, on Attendance;
    /// Add a photo to what describes a workshop.
    AddPhoto: permissions::CAN_ADD_WORKSHOP_PHOTOS, on Attendance;
    /// Delete photos of those that describe a workshop.
    DeletePhotos: permissions::CAN_DELETE_WORKSHOP_PHOTOS, on Attendance;
    /// See the photos that describe a workshop: they are shown with it.
    ViewPhotos: CAN_VIEW_WORKSHOPS, on Attendance;
    /// Add a photo of somebody who attends.
    AddAttendeePhoto: permissions::CAN_ADD_ATTENDEE_PHOTOS, on Contribution;
    /// See the photos of those who attend.
    ViewAttendeePhotos: permissions::CAN_VIEW_ATTENDEE_PHOTOS, on Attendance;
    /// Write to everyone who has a seat.
    Notify: permissions::CAN_NOTIFY_ATTENDEES, on Addressed;
}

/// The list of workshops.
#[derive(Debug)]
pub struct WorkshopList;

impl Listing for WorkshopList {
    type Module = Schema;
    type Filter = WorkshopFilter;
    const PERMISSION: &'static Permission = &CAN_VIEW_WORKSHOPS;
    const SORTS: &'static [&'static str] =
        &["-created_at", "created_at", "starts_at", "-starts_at", "title", "-title", RELEVANCE];

    fn default_sort(filter: &WorkshopFilter) -> &'static str {
        match (filter.searched(), filter.upcoming) {
            (Some(_), _) => RELEVANCE,
            (None, Some(true)) => "starts_at",
            _ => "-created_at",
        }
    }
}

/// A workshop as the guard loaded it.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) row: Model,
    at: DateTime<Utc>,
}

/// The workshop that the path names by `{id}`.
#[derive(Debug)]
pub struct WorkshopTarget(Loaded);

/// Those who are registered for the workshop that the path names by `{id}`. Its entity tag is not theirs.
#[derive(Debug)]
pub struct Attendance(Loaded);

/// The same, where the path names the workshop by `{workshop_id}`.
#[derive(Debug)]
pub struct Addressed(Loaded);

/// The workshop that the path names by `{id}`, for whoever brings it a photo.
#[derive(Debug)]
pub struct Contribution(Loaded);

impl Target for Contribution {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let id: WorkshopId = lookup.key("id")?;
        let Some(located) = store::find(lookup, id).await? else { return Ok(None) };
        let (relation, workspace) = (located.relation(lookup.caller().user), located.row.workspace_id);
        let (seat, takes_part) = (lookup.standing().seat(workspace, lookup.now()), located.takes_part());
        if let Some(seat) = seat
            && !takes_part
            && is_for_attendees(seat.grants.as_ref())
            && (located.row.status != Stage::Draft || relation == Relation::Own)
        {
            // Said by the guard, that would be a grant that doesn't reach; but what is missing is the registration.
            return Err(not_registered());
        }
        Ok(Some(Found::in_workspace(Self(Loaded { row: located.row, at: lookup.now() }), workspace, relation)))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        is_visible(&self.0.row, sight)
    }
}

impl Tenant for Contribution {
    fn workspace(&self) -> WorkspaceId {
        self.0.row.workspace_id
    }
}

impl OfWorkshop for Contribution {
    fn workshop(&self) -> &Model {
        &self.0.row
    }
}

/// Whether a role's holders see workshops, and add photos to those that they attend.
fn is_for_attendees(grants: &dyn Grants) -> bool {
    grants.scope(&CAN_VIEW_WORKSHOPS) == Scope::Any
        && grants.scope(&permissions::CAN_ADD_ATTENDEE_PHOTOS) == Scope::Assigned
}

/// A target that was loaded as a workshop.
pub(crate) trait OfWorkshop: Tenant {
    /// The workshop as the guard loaded it.
    fn workshop(&self) -> &Model;
}

macro_rules! workshop_targets {
    ($($name:ident by $key:literal, tag $tag:expr;)+) => {$(
        impl Target for $name {
            async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
                find(lookup, $key, Self).await
            }

            fn visible(&self, sight: &Sight<'_>) -> bool {
                is_visible(&self.0.row, sight)
            }

            fn etag(&self) -> Option<String> {
                let tag: fn(&Loaded) -> Option<String> = $tag;
                tag(&self.0)
            }
        }

        impl Tenant for $name {
            fn workspace(&self) -> WorkspaceId {
                self.0.row.workspace_id
            }
        }

        impl OfWorkshop for $name {
            fn workshop(&self) -> &Model {
                &self.0.row
            }
        }
    )+};
}
workshop_targets! {
    WorkshopTarget by "id", tag |loaded| Some(loaded.row.etag(loaded.at));
    Attendance by "id", tag |_| None;
    Addressed by "workshop_id", tag |_| None;
}

/// Loads the workshop with the caller's relation to it, in one statement.
async fn find<T>(lookup: &Lookup<'_>, key: &str, target: fn(Loaded) -> T) -> Result<Option<Found<T>>, Problem> {
    // A question about it names it by `id`, whatever the path calls it.
    let id: WorkshopId = lookup.key(key).or_else(|_| lookup.key("id"))?;
    let located = store::find(lookup, id).await?;
    Ok(located.map(|located| {
        let relation = located.relation(lookup.caller().user);
        let workspace = located.row.workspace_id;
        Found::in_workspace(target(Loaded { row: located.row, at: lookup.now() }), workspace, relation)
    }))
}

/// A draft is for whoever made it, and for whom all workshops are open to change.
fn is_visible(row: &Model, sight: &Sight<'_>) -> bool {
    let is_open = row.status != Stage::Draft || sight.relation() == Relation::Own;
    sight.holds(&CAN_VIEW_WORKSHOPS) && (is_open || sight.holds(&CAN_EDIT_WORKSHOPS))
}

/// Actions that change a workshop, and so lock its row and its seats first.
pub(crate) trait Locks: Identified<Target: OfWorkshop> {}

impl Locks for EditWorkshop {}
impl Locks for CancelWorkshop {}
impl Locks for DeleteWorkshop {}

/// Actions that change who is registered.
pub(crate) trait Seats: Identified<Target: OfWorkshop> {}

impl Seats for EditWorkshop {}
impl Seats for Register {}
impl Seats for Withdraw {}
impl Seats for RemoveAttendee {}
impl Seats for CheckIn {}

/// Actions that add a photo.
pub(crate) trait AddsPhotos: Identified<Target: OfWorkshop> {}

impl AddsPhotos for AddPhoto {}
impl AddsPhotos for AddAttendeePhoto {}

/// Actions that list photos.
pub(crate) trait ListsPhotos: Identified<Target: OfWorkshop> {
    /// Which.
    const PART: Part;
}

impl ListsPhotos for ViewPhotos {
    const PART: Part = Part::Description;
}

impl ListsPhotos for ViewAttendeePhotos {
    const PART: Part = Part::Attendee;
}
