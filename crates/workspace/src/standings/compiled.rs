//! Compiled roles, kept by the immutable key of a role and its version.

use std::sync::Arc;

use kernel::{
    cache::{CacheCounts, CacheState},
    ids::RoleId,
};
use moka::{notification::RemovalCause, sync::Cache};
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
    counts: Arc<CacheCounts>,
}

impl CompiledRoles {
    pub(super) fn new(vocabulary: Vocabulary) -> Self {
        let counts = Arc::<CacheCounts>::default();
        let counting = Arc::clone(&counts);
        let gone = move |_: Arc<(RoleId, i32)>, _: Arc<CompiledRole>, cause: RemovalCause| {
            if cause.was_evicted() {
                counting.evicted();
            }
        };
        Self { vocabulary, kept: Cache::builder().max_capacity(CAPACITY).eviction_listener(gone).build(), counts }
    }

    /// The words that documents are read with.
    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The version of a role, compiled from its stored document unless it was before.
    pub(crate) fn get(&self, key: (RoleId, i32), name: &str, permissions: &Value) -> Arc<CompiledRole> {
        let entry = self.kept.entry(key).or_insert_with(|| {
            let Restored { document, ignored } = self.vocabulary.restore(permissions);
            for fault in ignored {
                tracing::warn!(role = %key.0, name, pointer = fault.pointer, code = fault.code, "passed over in a role");
            }
            Arc::new(self.compile(name, &document))
        });
        self.counts.looked(!entry.is_fresh());
        entry.into_value()
    }

    /// What it has done.
    pub(super) fn state(&self) -> CacheState {
        self.kept.run_pending_tasks();
        self.counts.state("roles", self.kept.entry_count())
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
