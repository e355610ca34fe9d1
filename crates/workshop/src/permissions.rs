//! The permissions that this domain enforces.

use kernel::grant::{Declarations, Permission};

/// See workshops, in lists and one by one.
pub const CAN_VIEW_WORKSHOPS: Permission = Permission::whole("can_view_workshops", "See workshops");
/// Create workshops.
pub const CAN_CREATE_WORKSHOPS: Permission = Permission::whole("can_create_workshops", "Create workshops");
/// Change workshops, publish and cancel them. Who may change all of them sees the drafts of others.
pub const CAN_EDIT_WORKSHOPS: Permission = Permission::ownable("can_edit_workshops", "Change workshops");
/// Delete workshops.
pub const CAN_DELETE_WORKSHOPS: Permission = Permission::ownable("can_delete_workshops", "Delete workshops");
/// Register for workshops, and withdraw.
pub const CAN_ATTEND_WORKSHOPS: Permission = Permission::whole("can_attend_workshops", "Register for workshops");
/// See who is registered for a workshop.
pub const CAN_VIEW_ATTENDEES: Permission = Permission::scoped("can_view_attendees", "See who attends a workshop");
/// Register others, remove them, check them in; and see their addresses.
pub const CAN_MANAGE_ATTENDEES: Permission =
    Permission::ownable("can_manage_attendees", "Register others, check attendees in");
/// Add photos to a workshop's description.
pub const CAN_ADD_WORKSHOP_PHOTOS: Permission =
    Permission::ownable("can_add_workshop_photos", "Add photos to a workshop's description");
/// Delete photos of a workshop's description.
pub const CAN_DELETE_WORKSHOP_PHOTOS: Permission =
    Permission::ownable("can_delete_workshop_photos", "Delete photos of a workshop's description");
/// See the photos of those who attended.
pub const CAN_VIEW_ATTENDEE_PHOTOS: Permission = Permission::whole("can_view_attendee_photos", "See attendees' photos");
/// Add photos on the days of a workshop.
pub const CAN_ADD_ATTENDEE_PHOTOS: Permission =
    Permission::scoped("can_add_attendee_photos", "Add photos on the day of a workshop");
/// Keep favourite workshops.
pub const CAN_FAVORITE_WORKSHOPS: Permission = Permission::whole("can_favorite_workshops", "Keep favourite workshops");
/// Write to everyone who attends a workshop.
pub const CAN_NOTIFY_ATTENDEES: Permission =
    Permission::ownable("can_notify_attendees", "Write to everyone who attends");
/// See the statistics of workshops.
pub const CAN_VIEW_WORKSHOP_STATS: Permission =
    Permission::ownable("can_view_workshop_stats", "See a workshop's statistics");

/// What the domain brings to the vocabulary of roles.
pub const DECLARATIONS: Declarations = Declarations {
    module: "workshop",
    permissions: &[
        &CAN_VIEW_WORKSHOPS,
        &CAN_CREATE_WORKSHOPS,
        &CAN_EDIT_WORKSHOPS,
        &CAN_DELETE_WORKSHOPS,
        &CAN_ATTEND_WORKSHOPS,
        &CAN_VIEW_ATTENDEES,
        &CAN_MANAGE_ATTENDEES,
        &CAN_ADD_WORKSHOP_PHOTOS,
        &CAN_DELETE_WORKSHOP_PHOTOS,
        &CAN_VIEW_ATTENDEE_PHOTOS,
        &CAN_ADD_ATTENDEE_PHOTOS,
        &CAN_FAVORITE_WORKSHOPS,
        &CAN_NOTIFY_ATTENDEES,
        &CAN_VIEW_WORKSHOP_STATS,
    ],
    limits: &[],
};
