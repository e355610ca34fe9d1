//! The guard: the only place where authority is decided, and the only mint of permits.
//!
//! A handler names what it does as an [`Action`]. The extractor [`Guarded`] answers 401, 404 and 403 itself and hands on
//! a [`Permit`] that carries the caller, the workspace and the loaded row. Stores take permits, so data can't be
//! reached without one.

mod action;
mod creating;
mod decide;
mod each;
mod gate;
mod inquiry;
mod lookup;
mod permit;
mod scoped;
mod transaction;
mod watched;

pub use action::{
    Access, Action, Found, Identified, InPerson, InWorkspace, Nothing, Place, Public, Sight, SignedIn, Target, Tenant,
};
pub use creating::Creating;
pub use decide::Guarded;
pub use each::{Batch, Each, Several};
pub use gate::Gate;
pub use inquiry::{Ask, Audience, Finding, Kind, Span, Subject};
pub use lookup::Lookup;
pub use permit::Permit;
pub use scoped::{Listing, Reach, Right, Scoped};
pub use transaction::{Reply, Tx};
pub use watched::Watched;
