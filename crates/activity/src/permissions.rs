//! The permission that this domain enforces.

use kernel::{grant::Declarations, trail::CAN_VIEW_AUDIT};

/// What the domain brings to the vocabulary of roles.
pub const DECLARATIONS: Declarations =
    Declarations { module: "activity", permissions: &[&CAN_VIEW_AUDIT], limits: &[] };
