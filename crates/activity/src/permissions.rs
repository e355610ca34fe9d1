//! The permissions that this domain enforces.

use kernel::{
    grant::{Declarations, Permission},
    trail::CAN_VIEW_AUDIT,
};

/// Read notifications: one's own, or those of every member.
pub const CAN_VIEW_NOTIFICATIONS: Permission = Permission::ownable("can_view_notifications", "Read notifications");

/// Mark notifications as read.
pub const CAN_MARK_NOTIFICATIONS: Permission =
    Permission::ownable("can_mark_notifications", "Mark notifications as read");

/// What the domain brings to the vocabulary of roles.
pub const DECLARATIONS: Declarations = Declarations {
    module: "activity",
    permissions: &[&CAN_VIEW_AUDIT, &CAN_VIEW_NOTIFICATIONS, &CAN_MARK_NOTIFICATIONS],
    limits: &[],
};
