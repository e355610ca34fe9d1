//! The schema of module `workspace`, step by step.

use crate::Step;

pub(crate) const STEPS: &[Step] = &[
    ("m0001_workspaces", include_str!("0001_workspaces.sql")),
    ("m0002_invitations", include_str!("0002_invitations.sql")),
    ("m0003_plan_roles", include_str!("0003_plan_roles.sql")),
    ("m0004_expired_members", include_str!("0004_expired_members.sql")),
    ("m0005_letters", include_str!("0005_letters.sql")),
    ("m0006_plan_vouchers", include_str!("0006_plan_vouchers.sql")),
];
