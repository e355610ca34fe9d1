//! Where the domains plug in: their declarations, their routes. A new module is a line in each list here, its services
//! in `services`, and its ports in `adapters`.

use kernel::{
    grant::{Declarations, Permission},
    guard::Kind,
    http::Routes,
};
use policy::{Vocabulary, VocabularyError};

use crate::http;

/// What every domain brings to the vocabulary of role documents.
const DECLARATIONS: [Declarations; 7] = [
    workspace::DECLARATIONS,
    accounts::DECLARATIONS,
    project::DECLARATIONS,
    gallery::DECLARATIONS,
    activity::DECLARATIONS,
    billing::DECLARATIONS,
    AHEAD,
];

/// Keys of modules to come, so that role documents of today can say what their holders may do then. Nothing enforces
/// them yet; each moves into its module with it.
const AHEAD: Declarations = Declarations {
    module: "ahead",
    permissions: &[
        &Permission::ownable("can_view_notifications", "Read notifications"),
        &Permission::ownable("can_mark_notifications", "Mark notifications as read"),
        &Permission::whole("can_view_workshops", "See workshops"),
        &Permission::whole("can_create_workshops", "Create workshops"),
        &Permission::ownable("can_edit_workshops", "Change workshops"),
        &Permission::ownable("can_delete_workshops", "Delete workshops"),
        &Permission::whole("can_attend_workshops", "Register for workshops"),
        &Permission::scoped("can_view_attendees", "See who attends a workshop"),
        &Permission::ownable("can_manage_attendees", "Register others, check attendees in"),
        &Permission::ownable("can_add_workshop_photos", "Add photos to a workshop's description"),
        &Permission::ownable("can_delete_workshop_photos", "Delete photos of a workshop's description"),
        &Permission::whole("can_view_attendee_photos", "See attendees' photos"),
        &Permission::scoped("can_add_attendee_photos", "Add photos on the day of a workshop"),
        &Permission::whole("can_favorite_workshops", "Keep favourite workshops"),
        &Permission::ownable("can_notify_attendees", "Write to everyone who attends"),
        &Permission::ownable("can_view_workshop_stats", "See a workshop's statistics"),
    ],
    limits: &[],
};

/// The vocabulary of this program's role documents. An administrator is whoever holds the wildcard and, everywhere in
/// the workspace, what it takes to give the others back what they need.
pub fn vocabulary() -> Result<Vocabulary, VocabularyError> {
    Vocabulary::new(&DECLARATIONS)?.governed_by(workspace::GOVERNING)
}

/// The kinds of resources about which can be asked who may do what.
pub fn kinds() -> Vec<Kind> {
    vec![
        workspace::WORKSPACES,
        workspace::MEMBERS,
        workspace::ROLES,
        accounts::ACCOUNTS,
        project::PROJECTS,
        project::OPERATIONS,
        gallery::IMAGES,
        billing::SUBSCRIPTIONS,
    ]
}

/// The routes of the API, below `/api/v1`.
pub fn routes() -> Routes {
    accounts::routes()
        .and(workspace::routes())
        .and(project::routes())
        .and(gallery::routes())
        .and(activity::routes())
        .and(billing::routes())
}

/// The routes beside it.
pub fn routes_beside() -> Routes {
    http::routes_beside()
}
