//! The permissions that this domain enforces.

use kernel::grant::{Declarations, Permission};

/// See subscriptions and their invoices.
pub const CAN_VIEW_SUBSCRIPTIONS: Permission = Permission::ownable("can_view_subscriptions", "See subscriptions");
/// Subscribe, change and cancel; for all of the workspace also what its invoices become.
pub const CAN_MANAGE_SUBSCRIPTIONS: Permission =
    Permission::ownable("can_manage_subscriptions", "Subscribe, change and cancel subscriptions");
/// Make plans, publish other versions of them, take them off sale.
pub const CAN_MANAGE_PLANS: Permission = Permission::whole("can_manage_plans", "Make and change plans");

/// What the domain brings to the vocabulary of roles.
pub const DECLARATIONS: Declarations = Declarations {
    module: "billing",
    permissions: &[&CAN_VIEW_SUBSCRIPTIONS, &CAN_MANAGE_SUBSCRIPTIONS, &CAN_MANAGE_PLANS],
    limits: &[],
};
