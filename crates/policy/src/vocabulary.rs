//! The vocabulary: every permission and limit that the domains declare, and nothing else can be granted.

use std::{collections::HashMap, sync::Arc};

use foldhash::fast::FixedState;
use kernel::grant::{Declarations, Limit, Permission, Scope};
use thiserror::Error;

use crate::suggest::nearest;

/// The sum of the domains' declarations, fixed at start. Cloning it is cheap: all clones share one.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    words: Arc<Words>,
}

#[derive(Clone, Debug, Default)]
struct Words {
    /// With the module that declares each. The index is the permission's position in the masks of compiled roles.
    permissions: Vec<(&'static str, &'static Permission)>,
    limits: Vec<(&'static str, &'static Limit)>,
    /// By the key's content, not by address: a constant may have several addresses. A decision is mostly this lookup:
    /// with foldhash it takes some 10 ns, with the default hasher 40, whose defence is needless where all keys are ours.
    positions: HashMap<&'static str, usize, FixedState>,
    governing: Vec<&'static Permission>,
}

/// Why declarations don't make a vocabulary. A mistake in code, found when the program starts.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum VocabularyError {
    /// Two declarations have one key.
    #[error("{module} declares {key}, which {first} has declared already")]
    Duplicate {
        /// The key.
        key: &'static str,
        /// The module that declares it again.
        module: &'static str,
        /// The module that declared it first.
        first: &'static str,
    },
    /// A key isn't its prefix and lower-case letters, digits and `_`.
    #[error("{module} declares {key:?}, which isn't {prefix} and a lower-case word")]
    MalformedKey {
        /// The key.
        key: &'static str,
        /// The module that declares it.
        module: &'static str,
        /// How it should begin.
        prefix: &'static str,
    },
    /// A permission admits no scope, or they aren't in ascending order without `none`.
    #[error("{module} declares {key}, whose scopes aren't one or more in ascending order")]
    MalformedScopes {
        /// The key.
        key: &'static str,
        /// The module that declares it.
        module: &'static str,
    },
    /// A governing permission isn't declared, or can't be granted for a whole workspace.
    #[error("{key} can't govern: it isn't declared, or doesn't reach the whole workspace")]
    CannotGovern {
        /// The key.
        key: &'static str,
    },
}

impl Vocabulary {
    /// The vocabulary of these declarations, in their order.
    ///
    /// # Errors
    ///
    /// The first declaration that is malformed or repeats a key.
    pub fn new(declarations: &[Declarations]) -> Result<Self, VocabularyError> {
        let mut words = Words::default();
        for Declarations { module, permissions, limits } in declarations {
            permissions.iter().try_for_each(|permission| words.add_permission(module, permission))?;
            limits.iter().try_for_each(|limit| words.add_limit(module, limit))?;
        }
        Ok(Self { words: Arc::new(words) })
    }

    /// The same vocabulary, knowing the permissions that govern a workspace: those that say who may do what in it.
    /// They decide who counts as its administrator ([`CompiledRole::is_administrator`](crate::CompiledRole::is_administrator)).
    ///
    /// They are part of the vocabulary, not a parameter of that question, so that it has one answer everywhere.
    ///
    /// # Errors
    ///
    /// The first that isn't declared, or that can't be granted at [`Scope::Any`].
    pub fn governed_by(self, permissions: &[&'static Permission]) -> Result<Self, VocabularyError> {
        let mut words = Arc::unwrap_or_clone(self.words);
        words.governing = permissions
            .iter()
            .map(|permission| {
                words
                    .permission(permission.key)
                    .filter(|declared| declared.widest() == Scope::Any)
                    .ok_or(VocabularyError::CannotGovern { key: permission.key })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { words: Arc::new(words) })
    }

    /// Every permission with the module that enforces it, in declared order.
    pub fn permissions(&self) -> impl ExactSizeIterator<Item = (&'static str, &'static Permission)> {
        self.words.permissions.iter().copied()
    }

    /// Every limit with the module that enforces it, in declared order.
    pub fn limits(&self) -> impl ExactSizeIterator<Item = (&'static str, &'static Limit)> {
        self.words.limits.iter().copied()
    }

    /// The permissions that govern a workspace, as given to [`Vocabulary::governed_by`].
    pub fn governing(&self) -> &[&'static Permission] {
        &self.words.governing
    }

    /// The permission with this key.
    pub fn permission(&self, key: &str) -> Option<&'static Permission> {
        self.words.permission(key)
    }

    /// The limit with this key.
    pub fn limit(&self, key: &str) -> Option<&'static Limit> {
        self.words.limits.iter().map(|(_, limit)| *limit).find(|limit| limit.key == key)
    }

    /// The key of the permission that was probably meant by a mistyped one.
    pub fn nearest_permission(&self, key: &str) -> Option<&'static str> {
        nearest(key, self.permissions().map(|(_, permission)| permission.key))
    }

    /// The key of the limit that was probably meant by a mistyped one.
    pub fn nearest_limit(&self, key: &str) -> Option<&'static str> {
        nearest(key, self.limits().map(|(_, limit)| limit.key))
    }

    /// Where a permission's bit stands in the masks of roles compiled with this vocabulary. For this process only.
    pub(crate) fn position(&self, permission: &Permission) -> Option<usize> {
        self.words.positions.get(permission.key).copied()
    }
}

impl Words {
    fn permission(&self, key: &str) -> Option<&'static Permission> {
        let position = self.positions.get(key)?;
        self.permissions.get(*position).map(|(_, permission)| *permission)
    }

    fn add_permission(&mut self, module: &'static str, permission: &'static Permission) -> Result<(), VocabularyError> {
        let Permission { key, scopes, .. } = *permission;
        check_key(module, key, "can_")?;
        if scopes.is_empty() || scopes.contains(&Scope::None) || !scopes.is_sorted_by(|narrow, wide| narrow < wide) {
            return Err(VocabularyError::MalformedScopes { key, module });
        }
        if let Some(position) = self.positions.insert(key, self.permissions.len()) {
            return Err(VocabularyError::Duplicate { key, module, first: self.permissions[position].0 });
        }
        self.permissions.push((module, permission));
        Ok(())
    }

    fn add_limit(&mut self, module: &'static str, limit: &'static Limit) -> Result<(), VocabularyError> {
        check_key(module, limit.key, "max_")?;
        if let Some((first, _)) = self.limits.iter().find(|(_, known)| known.key == limit.key) {
            return Err(VocabularyError::Duplicate { key: limit.key, module, first });
        }
        self.limits.push((module, limit));
        Ok(())
    }
}

fn check_key(module: &'static str, key: &'static str, prefix: &'static str) -> Result<(), VocabularyError> {
    let word = key.strip_prefix(prefix).unwrap_or_default();
    let sound = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if word.is_empty() || !word.bytes().all(sound) {
        return Err(VocabularyError::MalformedKey { key, module, prefix });
    }
    Ok(())
}
