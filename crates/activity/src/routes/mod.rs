//! What the module answers to, one operation per file.

mod audit;
mod events;
mod notifications;

use kernel::http::Routes;

pub(crate) fn all() -> Routes {
    kernel::routes![audit::workspace_audit, events::events].and(notifications::all())
}
