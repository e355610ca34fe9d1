//! Plans: what can be subscribed to.

kernel::id_types! {
    /// A plan, with all of its versions.
    PlanId,
}
