//! Every permission of this domain.

use kernel::grant::{Declarations, Permission};

/// Name, description and settings of the workspace.
pub const CAN_VIEW_WORKSPACE: Permission = Permission::whole("can_view_workspace", "View the workspace");
/// Change them.
pub const CAN_EDIT_WORKSPACE: Permission = Permission::whole("can_edit_workspace", "Edit the workspace's settings");
/// Only ever the owner's.
pub const CAN_DELETE_WORKSPACE: Permission =
    Permission::owner_only("can_delete_workspace", "Delete the workspace, as its owner");
/// Only ever the owner's.
pub const CAN_TRANSFER_WORKSPACE: Permission =
    Permission::owner_only("can_transfer_workspace", "Hand the workspace over, as its owner");
/// Who is in it, with which role.
pub const CAN_VIEW_MEMBERS: Permission = Permission::whole("can_view_members", "View the members");
/// Add, suspend and remove members, and change their roles.
pub const CAN_MANAGE_MEMBERS: Permission =
    Permission::whole("can_manage_members", "Add, suspend and remove members and assign their roles");
/// Bring in people who are not members yet.
pub const CAN_INVITE_MEMBERS: Permission = Permission::whole("can_invite_members", "Invite people to the workspace");
/// What each role grants.
pub const CAN_VIEW_ROLES: Permission = Permission::whole("can_view_roles", "View the roles");
/// Create, change and delete roles.
pub const CAN_MANAGE_ROLES: Permission = Permission::whole("can_manage_roles", "Create, edit and delete roles");
/// The directory of members whose role is listed in it.
pub const CAN_VIEW_DEVELOPERS: Permission = Permission::whole("can_view_developers", "View the developer directory");

/// What this domain brings to the vocabulary.
pub const DECLARATIONS: Declarations = Declarations {
    module: "workspace",
    permissions: &[
        &CAN_VIEW_WORKSPACE,
        &CAN_EDIT_WORKSPACE,
        &CAN_DELETE_WORKSPACE,
        &CAN_TRANSFER_WORKSPACE,
        &CAN_VIEW_MEMBERS,
        &CAN_MANAGE_MEMBERS,
        &CAN_INVITE_MEMBERS,
        &CAN_VIEW_ROLES,
        &CAN_MANAGE_ROLES,
        &CAN_VIEW_DEVELOPERS,
    ],
    limits: &[],
};

/// The permissions that say who may do what in a workspace: whoever lacks one of them is no administrator.
pub const GOVERNING: &[&Permission] = &[&CAN_MANAGE_MEMBERS, &CAN_MANAGE_ROLES];
