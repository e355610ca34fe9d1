//! Subscriptions: who has which plan, from when to when, and what they paid for it.
//!
//! What becomes of one is decided by the pure [`machine`]; everything here reads its state under the row's lock, lets the
//! machine decide, and does in the same transaction what follows: invoices, the ledger, events, the state. Money is asked
//! for outside of it, with a key that is the same when it is asked for again.

mod actions;
mod asking;
mod books;
mod dto;
mod giving;
pub(crate) mod machine;
mod repeating;
pub(crate) mod routes;
mod running;
mod service;
pub(crate) mod store;

pub use actions::{
    CancelSubscription, ChangeSubscription, MoveTestClock, QuoteSubscription, Subscribe, SubscriptionList,
    SubscriptionTarget, ViewSubscription,
};
pub(crate) use books::{Books, Done, Means, after_payment, after_waiver};
pub use dto::{
    CancelFilter, ChosenPlan, ClockMove, ClockView, LineView, NewSubscription, PlanChange, PlanRef, QuoteView,
    SubscriptionFilter, SubscriptionView,
};
pub use service::{BillingSettings, Subscriptions};

kernel::id_types! {
    /// A subscription.
    SubscriptionId,
}
