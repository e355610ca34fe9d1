//! What a list may show: the same scope that decides about one resource, as an answer that SQL can carry.

use kernel::grant::{Relation, Scope};

/// Which resources of a workspace a list shows to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListScope {
    /// None: the statement needn't be sent.
    Nothing,
    /// Those that meet the condition.
    Condition(Condition),
    /// All.
    Everything,
}

/// What a resource must meet to be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// The caller owns it.
    Owner,
    /// The caller owns it or takes part in it. In SQL `owner OR EXISTS (…)`: a join would lose the owner's rows.
    OwnerOrParticipant,
}

impl ListScope {
    /// Whether a resource to which the caller stands in `relation` is listed: by construction the decision about it.
    pub fn admits(self, relation: Relation) -> bool {
        match self {
            Self::Nothing => false,
            Self::Condition(Condition::Owner) => relation == Relation::Own,
            Self::Condition(Condition::OwnerOrParticipant) => relation >= Relation::Assigned,
            Self::Everything => true,
        }
    }
}

impl From<Scope> for ListScope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::None => Self::Nothing,
            Scope::Own => Self::Condition(Condition::Owner),
            Scope::Assigned => Self::Condition(Condition::OwnerOrParticipant),
            Scope::Any => Self::Everything,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_shows_exactly_what_may_be_opened() {
        for scope in Scope::ALL {
            for relation in [Relation::Other, Relation::Assigned, Relation::Own] {
                assert_eq!(ListScope::from(scope).admits(relation), scope.covers(relation), "{scope:?} {relation:?}");
            }
        }
    }
}
