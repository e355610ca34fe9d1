//! The permissions that this domain enforces.

use kernel::grant::{Declarations, Permission};

/// See the people of the workspace in a list, with their e-mail addresses.
pub const CAN_VIEW_USERS: Permission = Permission::whole("can_view_users", "List the people and see their e-mails");
/// Make accounts for people of the workspace.
pub const CAN_CREATE_USERS: Permission = Permission::whole("can_create_users", "Create accounts for people");
/// Remove people, and their accounts where the workspace made them.
pub const CAN_DELETE_USERS: Permission = Permission::whole("can_delete_users", "Remove people and their accounts");
/// Look at people's accounts and profiles; one's own may always be looked at.
pub const CAN_VIEW_PROFILES: Permission = Permission::ownable("can_view_profiles", "View profiles");
/// Edit people's accounts and profiles; one's own may always be edited.
pub const CAN_EDIT_PROFILES: Permission = Permission::ownable("can_edit_profiles", "Edit profiles");
/// See what people did; what one did oneself may always be seen.
pub const CAN_VIEW_ACTIVITY: Permission = Permission::ownable("can_view_activity", "See what somebody did");

/// What this domain brings to the vocabulary.
pub const DECLARATIONS: Declarations = Declarations {
    module: "accounts",
    permissions: &[
        &CAN_VIEW_USERS,
        &CAN_CREATE_USERS,
        &CAN_DELETE_USERS,
        &CAN_VIEW_PROFILES,
        &CAN_EDIT_PROFILES,
        &CAN_VIEW_ACTIVITY,
    ],
    limits: &[],
};
