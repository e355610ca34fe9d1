//! A role's limit and a plan's: the smaller counts, and says whose it is.

use policy::{LimitSource, combine_limits};
use proptest::prelude::*;

fn bound() -> impl Strategy<Value = Option<i64>> {
    proptest::option::of(prop_oneof![0..4_i64, 0..=i64::MAX])
}

proptest! {
    #[test]
    fn the_smaller_counts_and_is_one_of_the_two(role in bound(), plan in bound()) {
        let counts = combine_limits(role, plan);
        prop_assert_eq!(counts.is_none(), role.is_none() && plan.is_none());
        if let Some(limit) = counts {
            prop_assert!(role.is_none_or(|role| limit.value <= role) && plan.is_none_or(|plan| limit.value <= plan));
            let whose = match limit.source { LimitSource::Role => role, LimitSource::Plan => plan };
            prop_assert_eq!(whose, Some(limit.value));
        }
    }

    #[test]
    fn whose_is_whose_makes_no_difference_to_the_number(role in bound(), plan in bound()) {
        let value = |limit: Option<policy::EffectiveLimit>| limit.map(|limit| limit.value);
        prop_assert_eq!(value(combine_limits(role, plan)), value(combine_limits(plan, role)));
    }

    #[test]
    fn a_larger_limit_never_leaves_less(role in bound(), plan in bound(), more in 0..1000_i64) {
        let value = |role, plan| combine_limits(role, plan).map_or(i64::MAX, |limit| limit.value);
        let raised = |limit: Option<i64>| limit.map(|limit| limit.saturating_add(more));
        prop_assert!(value(raised(role), plan) >= value(role, plan));
        prop_assert!(value(role, raised(plan)) >= value(role, plan));
        prop_assert!(value(None, plan) >= value(role, plan) && value(role, None) >= value(role, plan));
    }
}
