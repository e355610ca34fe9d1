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

    fn source(&self, permission: &Permission) -> Option<&'static str> {
        self.grant(permission).map(|grant| grant.key())
    }

    fn limit(&self, limit: &Limit) -> Option<i64> {
        Self::limit(self, limit)
    }
}
