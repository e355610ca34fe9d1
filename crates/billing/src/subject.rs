//! What can be asked about subscriptions: who may do what with one. Of invoices nothing can be asked by their relation: who is to pay
//! one is the last to say that it is paid.

use kernel::guard::{Ask, Kind};

use crate::subscriptions::{CancelSubscription, ChangeSubscription, ViewSubscription};

/// Subscriptions, as questions of authority name them.
pub const SUBSCRIPTIONS: Kind = Kind::forward(
    "subscription",
    "id",
    &[Ask::of::<ViewSubscription>(), Ask::of::<ChangeSubscription>(), Ask::of::<CancelSubscription>()],
);
