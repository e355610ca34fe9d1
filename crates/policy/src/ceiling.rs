//! What a token leaves of what its owner holds: never more than either.

use std::sync::Arc;

use kernel::{
    authority::{Bounds, Grants},
    grant::{Decision, Denial, Limit, Permission, Relation, Scope},
    ids::WorkspaceId,
};

use crate::role::{CompiledRole, needed};

/// The most that is left of whatever its owner holds at the moment, in one workspace or wherever they hold it.
#[derive(Clone, Debug)]
pub struct Ceiling {
    workspace: Option<WorkspaceId>,
    most: Arc<CompiledRole>,
}

impl Ceiling {
    /// The ceiling that `most` is; in `workspace` and nowhere else, if there is one.
    pub fn new(workspace: Option<WorkspaceId>, most: CompiledRole) -> Self {
        Self { workspace, most: Arc::new(most) }
    }
}

impl Bounds for Ceiling {
    fn within(&self, workspace: Option<WorkspaceId>, grants: Arc<dyn Grants>) -> Option<Arc<dyn Grants>> {
        // A platform role holds everywhere, so it is no seat of one workspace.
        if self.workspace.is_some() && self.workspace != workspace {
            return None;
        }
        Some(Arc::new(Restricted { held: grants, most: Arc::clone(&self.most) }))
    }
}

/// What somebody holds, up to a ceiling.
#[derive(Debug)]
struct Restricted {
    held: Arc<dyn Grants>,
    most: Arc<CompiledRole>,
}

impl Grants for Restricted {
    fn role(&self) -> &str {
        self.held.role()
    }

    fn scope(&self, permission: &Permission) -> Scope {
        self.held.scope(permission).min(self.most.scope(permission))
    }

    fn decide(&self, permission: &'static Permission, relation: Relation) -> Decision {
        let scope = self.scope(permission);
        if scope.covers(relation) {
            return Decision::Allowed;
        }
        Decision::Denied(Denial {
            permission: permission.key,
            held: scope,
            needed: needed(permission, relation),
            relation: Some(relation),
            role: Some(self.role().into()),
        })
    }

    fn limit(&self, limit: &Limit) -> Option<i64> {
        [self.held.limit(limit), self.most.limit(limit)].into_iter().flatten().min()
    }

    fn is_open_ended(&self) -> bool {
        self.held.is_open_ended() && self.most.has_wildcard()
    }

    fn names(&self, permission: &Permission) -> bool {
        self.held.names(permission)
    }
}
