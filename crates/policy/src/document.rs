//! A role document: what a role grants, as it is written, stored and sent.

mod reading;

use std::collections::BTreeMap;

use kernel::grant::{Permission, Scope};
use serde::{Serialize, Serializer};
use serde_json::Value;

pub use reading::{MAX_KEYS, Restored};

use crate::vocabulary::Vocabulary;

/// The key that grants every permission that is declared, now and later, as widely as each admits.
pub const WILDCARD: &str = "*";

/// A sound permissions document, made by [`Vocabulary::parse`]. The default one grants nothing.
///
/// The wildcard stays a wildcard, so that it also grants what later versions declare, and a key that is named `false`
/// stays named, so that it also holds when the wildcard is added later. Otherwise the form is canonical: keys in
/// alphabetical order, `true` for a grant at [`Scope::Any`], no `"*": false`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RoleDocument {
    wildcard: bool,
    named: BTreeMap<&'static str, Scope>,
    limits: BTreeMap<&'static str, i64>,
}

impl RoleDocument {
    /// Whether it has the wildcard.
    pub fn has_wildcard(&self) -> bool {
        self.wildcard
    }

    /// The scope that it names for a permission; `None` where it doesn't, and the wildcard decides.
    pub fn named(&self, permission: &Permission) -> Option<Scope> {
        self.named.get(permission.key).copied()
    }

    /// The scope that it grants of a declared permission: the one named, else the widest by the wildcard, else none.
    pub fn scope(&self, permission: &Permission) -> Scope {
        let by_wildcard = if self.wildcard { permission.widest() } else { Scope::None };
        self.named(permission).unwrap_or(by_wildcard)
    }

    /// The limits that it sets, by key, in alphabetical order.
    pub fn limits(&self) -> impl ExactSizeIterator<Item = (&'static str, i64)> {
        self.limits.iter().map(|(key, value)| (*key, *value))
    }

    /// Whether it makes an administrator: see [`CompiledRole::is_administrator`](crate::CompiledRole::is_administrator).
    pub fn is_administrator(&self, vocabulary: &Vocabulary) -> bool {
        self.wildcard && vocabulary.governing().iter().all(|permission| self.scope(permission) == Scope::Any)
    }

    /// Whether it gives any say in who may do what: the wildcard, or one of the governing permissions however narrow.
    pub fn governs(&self, vocabulary: &Vocabulary) -> bool {
        self.wildcard || vocabulary.governing().iter().any(|permission| self.scope(permission) > Scope::None)
    }

    /// The document as JSON, in canonical form.
    pub fn to_value(&self) -> Value {
        self.entries().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    fn entries(&self) -> impl Iterator<Item = (&'static str, Value)> {
        let wildcard = self.wildcard.then_some((WILDCARD, Value::Bool(true)));
        let named = self.named.iter().map(|(key, scope)| (*key, scope_as_json(*scope)));
        let limits = self.limits().map(|(key, value)| (key, Value::from(value)));
        wildcard.into_iter().chain(named).chain(limits)
    }
}

impl Serialize for RoleDocument {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.entries())
    }
}

/// How documents write a scope.
pub(crate) fn scope_as_json(scope: Scope) -> Value {
    match scope {
        Scope::None => Value::Bool(false),
        Scope::Own | Scope::Assigned => Value::from(scope.as_str()),
        Scope::Any => Value::Bool(true),
    }
}
