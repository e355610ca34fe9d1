//! Compiled roles, kept by the immutable key of a role and its version.

use std::sync::Arc;

use kernel::ids::RoleId;
use moka::sync::Cache;
use policy::{CompiledRole, Restored, RoleDocument, Vocabulary};
use serde_json::Value;

use crate::entity::role;

/// Roles that this instance keeps compiled, at most.
const CAPACITY: u64 = 20_000;

/// The compiled roles of this instance. Only what is committed may be asked for by key: a version that is rolled back
/// would leave its meaning behind.
#[derive(Debug)]
pub(crate) struct CompiledRoles {
    vocabulary: Vocabulary,
    kept: Cache<(RoleId, i32), Arc<CompiledRole>>,
}

impl CompiledRoles {
    pub(super) fn new(vocabulary: Vocabulary) -> Self {
        Self { vocabulary, kept: Cache::new(CAPACITY) }
    }

    /// The words that documents are read with.
    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The version of a role, compiled from its stored document unless it was before.
    pub(crate) fn get(&self, key: (RoleId, i32), name: &str, permissions: &Value) -> Arc<CompiledRole> {
        self.kept.get_with(key, || {
            let Restored { document, ignored } = self.vocabulary.restore(permissions);
            for fault in ignored {
                tracing::warn!(role = %key.0, name, pointer = fault.pointer, code = fault.code, "passed over in a role");
            }
            Arc::new(self.compile(name, &document))
        })
    }

    /// A committed row, compiled.
    pub(crate) fn of(&self, row: &role::Model) -> Arc<CompiledRole> {
        self.get((row.id, row.version), &row.name, &row.permissions)
    }

    /// A document that is not stored yet, compiled.
    pub(crate) fn compile(&self, name: &str, document: &RoleDocument) -> CompiledRole {
        CompiledRole::compile(name, document, &self.vocabulary)
    }
}
