//! The event log and what reads it: what happened, to what, by whom and on whose behalf; and who is told of it.
//!
//! Every module's events are recorded here once, in a chain per workspace whose rows hold each other fast by their
//! hashes. Kept are ids, and never who somebody is: what was recorded can't be taken back when a person is erased.
//!
//! What concerns somebody becomes a notification, once, in the application and by mail as they want it, and goes to their
//! open streams.

mod actions;
mod content;
mod dto;
mod entity;
mod error;
pub mod notifications;
mod permissions;
pub mod ports;
mod recorder;
mod routes;
mod service;
mod store;
pub mod streams;
mod targets;
mod verify;

use kernel::{db::Module, http::Routes};

pub use actions::{FEEDS, NOTIFICATIONS, ViewAudit};
pub use dto::{AuditFilter, ResourceRef};
pub use error::ActivityError;
pub use permissions::DECLARATIONS;
pub use recorder::Recorder;
pub use service::Trails;
pub use verify::{Chain, Fault, FaultKind, Verified, Verifier};

/// The module: its schema is `activity`.
#[derive(Debug)]
pub struct Schema;

impl Module for Schema {
    const NAME: &'static str = "activity";
}

/// Everything the module answers to.
pub fn routes() -> Routes {
    routes::all()
}
