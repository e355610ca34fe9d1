//! What the guard asks of a role, answered by the compiled one.

use kernel::{
    authority::Grants,
    grant::{Decision, Limit, Permission, Relation, Scope},
};

use crate::role::CompiledRole;

impl Grants for CompiledRole {
    fn role(&self) -> &str {
        self.name()
    }

    fn scope(&self, permission: &Permission) -> Scope {
        Self::scope(self, permission)
    }

    fn decide(&self, permission: &'static Permission, relation: Relation) -> Decision {
        Self::decide(self, permission, relation)
    }

    fn limit(&self, limit: &Limit) -> Option<i64> {
        Self::limit(self, limit)
    }

    fn is_open_ended(&self) -> bool {
        self.has_wildcard()
    }

    fn names(&self, permission: &Permission) -> bool {
        self.is_named(permission)
    }
}
