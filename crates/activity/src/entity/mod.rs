//! The tables, as SeaORM sees them. Private: other crates see views.

pub(crate) mod events;
pub(crate) mod notifications;
