//! How a role's limit and a plan's limit of the same key become one.

use serde::Serialize;

/// Who set the limit that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitSource {
    /// The member's role.
    Role,
    /// The plan that is subscribed to.
    Plan,
}

/// The limit that counts, and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct EffectiveLimit {
    /// The number, in the unit of its key.
    pub value: i64,
    /// Who set it.
    pub source: LimitSource,
}

/// The smaller where both set one; `None` (no bound) where neither does. Equal limits are the role's, since a larger
/// plan alone would not lift them.
pub fn combine_limits(role: Option<i64>, plan: Option<i64>) -> Option<EffectiveLimit> {
    let role = role.map(|value| EffectiveLimit { value, source: LimitSource::Role });
    let plan = plan.map(|value| EffectiveLimit { value, source: LimitSource::Plan });
    [role, plan].into_iter().flatten().min_by_key(|limit| limit.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smaller_wins_and_says_where_it_comes_from() {
        let role = |value| Some(EffectiveLimit { value, source: LimitSource::Role });
        let plan = |value| Some(EffectiveLimit { value, source: LimitSource::Plan });
        assert_eq!(combine_limits(None, None), None);
        assert_eq!(combine_limits(Some(1), None), role(1));
        assert_eq!(combine_limits(None, Some(0)), plan(0));
        assert_eq!(combine_limits(Some(1), Some(5)), role(1));
        assert_eq!(combine_limits(Some(5), Some(1)), plan(1));
        assert_eq!(combine_limits(Some(3), Some(3)), role(3));
    }
}
