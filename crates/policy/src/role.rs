//! A role, compiled: the answers to what its holders may do.

use std::sync::Arc;

use kernel::grant::{Decision, Denial, Limit, Permission, Relation, Scope};
use serde::Serialize;

use crate::{
    document::{RoleDocument, WILDCARD},
    list::ListScope,
    mask::{Masks, Set},
    vocabulary::Vocabulary,
};

/// A role ready to decide: for each relation, the set of permissions that reach a resource so related.
///
/// Made once per version of a role and shared. It says what a role grants, not whether somebody still holds it.
#[derive(Clone, Debug)]
pub struct CompiledRole {
    name: Arc<str>,
    vocabulary: Vocabulary,
    /// Beside what reaches each relation, what the document names; what else is granted, the wildcard grants.
    masks: Masks,
    limits: Box<[(&'static Limit, i64)]>,
    wildcard: bool,
    administrator: bool,
}

/// One permission that a role grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The permission.
    pub permission: &'static Permission,
    /// How far it reaches; never [`Scope::None`].
    pub scope: Scope,
    /// What in the document grants it.
    pub source: GrantSource,
}

impl Grant {
    /// The key in the document that grants it.
    pub fn key(&self) -> &'static str {
        match self.source {
            GrantSource::Named => self.permission.key,
            GrantSource::Wildcard => WILDCARD,
        }
    }
}

/// What in a document a grant comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantSource {
    /// The permission's own key.
    Named,
    /// The wildcard.
    Wildcard,
}

impl CompiledRole {
    /// Compiles a document. The name is only for explanations.
    pub fn compile(name: impl Into<Arc<str>>, document: &RoleDocument, vocabulary: &Vocabulary) -> Self {
        let mut masks = Masks::empty(vocabulary.permissions().len());
        for (position, (_, permission)) in vocabulary.permissions().enumerate() {
            let scope = document.scope(permission);
            for relation in [Relation::Own, Relation::Assigned, Relation::Other] {
                if scope.covers(relation) {
                    masks.insert(reaching(relation), position);
                }
            }
            if document.named(permission).is_some() {
                masks.insert(Set::Named, position);
            }
        }
        Self {
            name: name.into(),
            vocabulary: vocabulary.clone(),
            masks,
            limits: document.limits().filter_map(|(key, value)| Some((vocabulary.limit(key)?, value))).collect(),
            wildcard: document.has_wildcard(),
            administrator: document.is_administrator(vocabulary),
        }
    }

    /// The role's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The words that it was compiled with.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Whether the role grants this permission on a resource to which its holder stands in this relation.
    ///
    /// Doesn't allocate. What the vocabulary doesn't know is never allowed. An act on no resource in particular stands
    /// in the relation [`Relation::Other`], an act on one's own account in [`Relation::Own`].
    pub fn allows(&self, permission: &Permission, relation: Relation) -> bool {
        self.vocabulary.position(permission).is_some_and(|position| self.masks.contains(reaching(relation), position))
    }

    /// The same answer, with its reason when it is no. Doesn't allocate either.
    pub fn decide(&self, permission: &Permission, relation: Relation) -> Decision {
        // Finding the position is most of the work, so a refusal doesn't do it again.
        let position = self.vocabulary.position(permission);
        if position.is_some_and(|position| self.masks.contains(reaching(relation), position)) {
            return Decision::Allowed;
        }
        Decision::Denied(Denial {
            permission: permission.key,
            held: position.map_or(Scope::None, |position| self.scope_at(position)),
            needed: needed(permission, relation),
            relation: Some(relation),
            role: Some(Arc::clone(&self.name)),
        })
    }

    /// How far the role's grant of this permission reaches.
    pub fn scope(&self, permission: &Permission) -> Scope {
        self.vocabulary.position(permission).map_or(Scope::None, |position| self.scope_at(position))
    }

    fn scope_at(&self, position: usize) -> Scope {
        if self.masks.contains(Set::Other, position) {
            Scope::Any
        } else if self.masks.contains(Set::Assigned, position) {
            Scope::Assigned
        } else if self.masks.contains(Set::Own, position) {
            Scope::Own
        } else {
            Scope::None
        }
    }

    /// What a list of the resources that this permission opens may show.
    pub fn list_scope(&self, permission: &Permission) -> ListScope {
        self.scope(permission).into()
    }

    /// The bound that the role sets; `None` where it sets none.
    pub fn limit(&self, limit: &Limit) -> Option<i64> {
        self.limits().find(|(known, _)| known.key == limit.key).map(|(_, value)| value)
    }

    /// The grant of one permission, to explain an answer with; `None` where there is none.
    pub fn grant(&self, permission: &Permission) -> Option<Grant> {
        let position = self.vocabulary.position(permission)?;
        self.grant_at(position, self.vocabulary.permission(permission.key)?)
    }

    /// Every permission that the role grants, in declared order.
    pub fn grants(&self) -> impl Iterator<Item = Grant> {
        let declared = self.vocabulary.permissions().enumerate();
        declared.filter_map(|(position, (_, permission))| self.grant_at(position, permission))
    }

    fn grant_at(&self, position: usize, permission: &'static Permission) -> Option<Grant> {
        let scope = self.scope_at(position);
        let source = if self.masks.contains(Set::Named, position) { GrantSource::Named } else { GrantSource::Wildcard };
        (scope > Scope::None).then_some(Grant { permission, scope, source })
    }

    /// Whether the document names the permission, so that no wildcard decides about it.
    pub fn is_named(&self, permission: &Permission) -> bool {
        self.vocabulary.position(permission).is_some_and(|position| self.masks.contains(Set::Named, position))
    }

    /// Every limit that there is, whether the role sets it or not.
    pub(crate) fn known_limits(&self) -> impl ExactSizeIterator<Item = &'static Limit> {
        self.vocabulary.limits().map(|(_, limit)| limit)
    }

    /// Every limit that the role sets, by key, in alphabetical order.
    pub fn limits(&self) -> impl ExactSizeIterator<Item = (&'static Limit, i64)> {
        self.limits.iter().copied()
    }

    /// Whether the role also grants what is declared later.
    pub fn has_wildcard(&self) -> bool {
        self.wildcard
    }

    /// Whether the role counts as an administrator's, of which a workspace always keeps at least one.
    ///
    /// It does if it has the wildcard *and* grants each of the permissions that
    /// [govern](Vocabulary::governed_by) the workspace at [`Scope::Any`]. Both are needed: without the governing
    /// permissions (`"*": true, "can_manage_members": false`) nobody could appoint another; without the wildcard
    /// nobody could hand out a role that has it, and what later versions declare would be in nobody's hands.
    /// An exception elsewhere (`"can_like_images": false`) takes nothing away from it.
    pub fn is_administrator(&self) -> bool {
        self.administrator
    }
}

/// The set of what reaches a resource so related.
fn reaching(relation: Relation) -> Set {
    match relation {
        Relation::Own => Set::Own,
        Relation::Assigned => Set::Assigned,
        Relation::Other => Set::Other,
    }
}

/// The narrowest grant of a permission that reaches a resource so related. Where the permission admits none that does,
/// the widest that it admits: nobody could hold more.
pub fn needed(permission: &Permission, relation: Relation) -> Scope {
    let admitted = permission.scopes.iter().copied();
    admitted.filter(|scope| scope.covers(relation)).min().unwrap_or_else(|| permission.widest())
}
