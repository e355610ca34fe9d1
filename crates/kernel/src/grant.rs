//! The words of authority that every domain shares: scopes, relations, permission declarations, decisions.
//!
//! What they mean together is the business of the role engine (crate `policy`).

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How far a grant reaches. A total order: each scope includes those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Nothing.
    #[default]
    None,
    /// What the member created or owns.
    Own,
    /// What the member takes part in, and their own.
    Assigned,
    /// Everything in the workspace.
    Any,
}

impl Scope {
    /// All scopes, weakest first.
    pub const ALL: [Self; 4] = [Self::None, Self::Own, Self::Assigned, Self::Any];

    /// Whether a grant of this scope reaches a resource to which the caller stands in `relation`.
    pub fn covers(self, relation: Relation) -> bool {
        self >= relation.needs()
    }

    /// The word for it in JSON and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Own => "own",
            Self::Assigned => "assigned",
            Self::Any => "any",
        }
    }
}

/// How a caller stands to a resource: the strongest that holds. An owner counts as a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Neither owns it nor takes part.
    Other,
    /// Takes part in it.
    Assigned,
    /// Created or owns it.
    Own,
}

impl Relation {
    /// The relation that follows from the two facts a store can tell.
    pub fn of(owns: bool, takes_part: bool) -> Self {
        match (owns, takes_part) {
            (true, _) => Self::Own,
            (false, true) => Self::Assigned,
            (false, false) => Self::Other,
        }
    }

    /// The word for it in JSON and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Assigned => "assigned",
            Self::Own => "own",
        }
    }

    /// The weakest scope that reaches a resource so related.
    pub fn needs(self) -> Scope {
        match self {
            Self::Other => Scope::Any,
            Self::Assigned => Scope::Assigned,
            Self::Own => Scope::Own,
        }
    }
}

/// A permission, declared by the domain that enforces it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Permission {
    /// The key in role documents, `can_…`.
    pub key: &'static str,
    /// What it allows, for people: "Edit projects".
    pub sentence: &'static str,
    /// The scopes a grant of it may have, weakest first, [`Scope::None`] left out. A wildcard grants the last.
    pub scopes: &'static [Scope],
}

impl Permission {
    /// A permission that reaches everything in the workspace or nothing.
    pub const fn whole(key: &'static str, sentence: &'static str) -> Self {
        Self { key, sentence, scopes: &[Scope::Any] }
    }

    /// A permission whose grants may be limited to what is the member's own.
    pub const fn ownable(key: &'static str, sentence: &'static str) -> Self {
        Self { key, sentence, scopes: &[Scope::Own, Scope::Any] }
    }

    /// A permission whose grants may have every scope.
    pub const fn scoped(key: &'static str, sentence: &'static str) -> Self {
        Self { key, sentence, scopes: &[Scope::Own, Scope::Assigned, Scope::Any] }
    }

    /// A permission that never reaches beyond what is the member's own, even through the wildcard.
    pub const fn owner_only(key: &'static str, sentence: &'static str) -> Self {
        Self { key, sentence, scopes: &[Scope::Own] }
    }

    /// The widest scope that a grant of it may have.
    pub fn widest(&self) -> Scope {
        self.scopes.last().copied().unwrap_or(Scope::None)
    }
}

/// A number in role documents that bounds how much a member may have.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Limit {
    /// The key in role documents, `max_…`.
    pub key: &'static str,
    /// What it bounds, for people: "Projects a member may own".
    pub sentence: &'static str,
}

/// What a domain brings to the vocabulary.
#[derive(Clone, Copy, Debug)]
pub struct Declarations {
    /// The module that enforces them.
    pub module: &'static str,
    /// Its permissions.
    pub permissions: &'static [&'static Permission],
    /// Its limits.
    pub limits: &'static [&'static Limit],
}

/// Why the engine refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The permission that was asked for.
    pub permission: &'static str,
    /// The scope that the caller's role grants.
    pub held: Scope,
    /// The scope that would have been enough.
    pub needed: Scope,
    /// How the caller stands to what it was asked for; none where that is a whole list.
    pub relation: Option<Relation>,
    /// The name of the caller's role, when they have one there. Shared with the role: a refusal allocates nothing.
    pub role: Option<Arc<str>>,
}

/// The engine's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go ahead.
    Allowed,
    /// No, for this reason.
    Denied(Denial),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_covers_exactly_the_relations_at_or_above_it() {
        use Relation::{Assigned, Other, Own};
        let covered = |scope: Scope| [Other, Assigned, Own].map(|relation| scope.covers(relation));
        assert_eq!(covered(Scope::None), [false, false, false]);
        assert_eq!(covered(Scope::Own), [false, false, true]);
        assert_eq!(covered(Scope::Assigned), [false, true, true]);
        assert_eq!(covered(Scope::Any), [true, true, true]);
    }

    #[test]
    fn an_owner_counts_as_a_participant() {
        assert_eq!(Relation::of(true, false), Relation::Own);
        assert_eq!(Relation::of(false, true), Relation::Assigned);
        assert_eq!(Relation::of(false, false), Relation::Other);
    }
}
