//! What can be asked about people's accounts.

use kernel::guard::{Ask, Kind};

use crate::actions::{EditAccount, RemoveAccount, ViewAccount, ViewActivity};

/// Accounts, as questions of authority name them. Of one's own no role decides, and which of a person's workspaces
/// counts differs from act to act: so there is no asking who may.
pub const ACCOUNTS: Kind = Kind::forward(
    "user",
    "id",
    &[Ask::of::<ViewAccount>(), Ask::of::<ViewActivity>(), Ask::of::<EditAccount>(), Ask::of::<RemoveAccount>()],
);
