//! What is done with the log, as types.

use kernel::{guard::InWorkspace, trail::CAN_VIEW_AUDIT};

use crate::Schema;

kernel::actions! {
    module Schema;
    /// Read what happened in a workspace.
    ViewAudit: CAN_VIEW_AUDIT, on InWorkspace;
}
