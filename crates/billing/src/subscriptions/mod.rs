//! Subscriptions: who has which plan, from when to when, and what they paid for it.

pub(crate) mod machine;
