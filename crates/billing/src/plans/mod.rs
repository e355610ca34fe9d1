//! Plans: what can be subscribed to. A published version is never changed: a change is a new version, and who has an
//! older one keeps it.

mod actions;
mod dto;
pub mod provision;
pub(crate) mod routes;
mod service;
pub(crate) mod store;

pub use actions::{CreatePlan, EditPlan, PlanTarget, PublishPlan, RetirePlan, ThePlatform};
pub use dto::{Features, NewPlan, NewPlatformPlan, PlanContent, PlanFilter, PlanView};
pub(crate) use dto::{MAX_PRICE, is_currency};
pub use service::Plans;

kernel::id_types! {
    /// A plan, with all of its versions.
    PlanId,
}

/// The limits that a plan may set.
pub const LIMITS: [&str; 3] = ["max_members", "max_projects", "storage_bytes"];
