//! How the bounds of a role, of a member's plan and of a workspace's plan become one.

use kernel::bounds::InForce;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who set a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BoundSource {
    /// The member's role: it bounds what they have.
    Role,
    /// The member's plan: it bounds what they have.
    Plan,
    /// The workspace's plan: it bounds what all have together.
    WorkspacePlan,
}

impl BoundSource {
    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Plan => "plan",
            Self::WorkspacePlan => "workspace_plan",
        }
    }
}

/// A bound, and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The number, in the unit of its key.
    pub value: i64,
    /// Who set it.
    pub source: BoundSource,
}

/// What plans bound of one thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// What the member may have, by their plan.
    pub plan: Option<i64>,
    /// What all members together may have, by the workspace's plan.
    pub workspace: Option<i64>,
}

impl From<InForce> for Bounds {
    fn from(now: InForce) -> Self {
        Self { plan: now.of_member, workspace: now.of_all }
    }
}

impl Bounds {
    /// The bound on what the member has: the smaller of the role's and the plan's. Equal bounds are the role's, since a larger
    /// plan alone would not lift them.
    pub fn of_member(&self, role: Option<i64>) -> Option<Bound> {
        let role = role.map(|value| Bound { value, source: BoundSource::Role });
        let plan = self.plan.map(|value| Bound { value, source: BoundSource::Plan });
        [role, plan].into_iter().flatten().min_by_key(|bound| bound.value)
    }

    /// The bound on what all have.
    pub fn of_workspace(&self) -> Option<Bound> {
        self.workspace.map(|value| Bound { value, source: BoundSource::WorkspacePlan })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smaller_wins_and_says_where_it_comes_from() {
        let bounds = |plan| Bounds { plan, workspace: None };
        let bound = |value, source| Some(Bound { value, source });
        assert_eq!(bounds(None).of_member(None), None);
        assert_eq!(bounds(Some(3)).of_member(None), bound(3, BoundSource::Plan));
        assert_eq!(bounds(Some(3)).of_member(Some(1)), bound(1, BoundSource::Role));
        assert_eq!(bounds(Some(1)).of_member(Some(3)), bound(1, BoundSource::Plan));
        assert_eq!(bounds(Some(2)).of_member(Some(2)), bound(2, BoundSource::Role));
    }
}
