//! The permissions that this domain enforces, and the limit that it counts against.

use kernel::grant::{Declarations, Limit, Permission};

/// See projects, in lists and one by one.
pub const CAN_VIEW_PROJECTS: Permission = Permission::scoped("can_view_projects", "View projects");
/// See the projects of others that are not public, too.
pub const CAN_VIEW_PRIVATE_PROJECTS: Permission =
    Permission::whole("can_view_private_projects", "View private projects of others");
/// Create projects.
pub const CAN_CREATE_PROJECTS: Permission = Permission::whole("can_create_projects", "Create projects");
/// Change projects, switch them on and off, hand them over.
pub const CAN_EDIT_PROJECTS: Permission = Permission::scoped("can_edit_projects", "Edit projects");
/// Delete projects.
pub const CAN_DELETE_PROJECTS: Permission = Permission::scoped("can_delete_projects", "Delete projects");
/// Say who takes part in projects.
pub const CAN_MANAGE_PROJECT_MEMBERS: Permission =
    Permission::scoped("can_manage_project_members", "Manage the members of projects");
/// Say how projects are billed.
pub const CAN_MANAGE_PROJECT_BILLING: Permission =
    Permission::scoped("can_manage_project_billing", "Manage the billing of projects");
/// See the financial operations of projects.
pub const CAN_VIEW_OPERATIONS: Permission =
    Permission::scoped("can_view_operations", "View financial operations of projects");
/// Record financial operations of projects.
pub const CAN_RECORD_OPERATIONS: Permission =
    Permission::scoped("can_record_operations", "Record financial operations of projects");
/// See the financial reports of projects.
pub const CAN_VIEW_REPORTS: Permission = Permission::scoped("can_view_reports", "View reports of projects");

/// How many projects a member may own in a workspace.
pub const MAX_PROJECTS: Limit = Limit { key: "max_projects", sentence: "Projects a member may own" };

/// What the domain brings to the vocabulary of roles.
pub const DECLARATIONS: Declarations = Declarations {
    module: "project",
    permissions: &[
        &CAN_VIEW_PROJECTS,
        &CAN_VIEW_PRIVATE_PROJECTS,
        &CAN_CREATE_PROJECTS,
        &CAN_EDIT_PROJECTS,
        &CAN_DELETE_PROJECTS,
        &CAN_MANAGE_PROJECT_MEMBERS,
        &CAN_MANAGE_PROJECT_BILLING,
        &CAN_VIEW_OPERATIONS,
        &CAN_RECORD_OPERATIONS,
        &CAN_VIEW_REPORTS,
    ],
    limits: &[&MAX_PROJECTS],
};
