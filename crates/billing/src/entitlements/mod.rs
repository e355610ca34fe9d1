//! Entitlements: what somebody may use in a workspace, by their role, by their plan and by the workspace's, and how much of it is
//! used.

mod bounds;
mod dto;
mod read;
mod service;
mod store;

pub use bounds::{Bound, BoundSource, Bounds};
pub use dto::{EntitledLimit, EntitlementsView};
pub use service::{Entitlements, EntitlementsOf};

use kernel::http::Routes;

pub(crate) fn routes() -> Routes {
    kernel::routes![read::read_entitlements]
}
