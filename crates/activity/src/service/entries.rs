//! Rows of the log, as they are shown.

use kernel::{
    ids::WorkspaceId,
    trail::{AuditEntry, FieldChange},
};
use serde_json::{Map, Value};

use crate::{entity::events::Model, store::NOWHERE};

/// The rows, as they are shown.
pub(super) fn of(rows: Vec<Model>) -> Vec<AuditEntry> {
    rows.into_iter().map(entry).collect()
}

fn entry(row: Model) -> AuditEntry {
    AuditEntry {
        id: row.id,
        seq: row.seq,
        at: row.at,
        workspace_id: (row.workspace_id != NOWHERE).then_some(WorkspaceId(row.workspace_id)),
        action: row.action,
        actor_id: row.actor_id,
        token_id: row.token_id,
        system_actor: row.system_actor,
        as_platform: row.as_platform,
        resource_kind: row.resource_kind,
        resource_id: row.resource_id,
        changes: members(row.changes).into_iter().map(change).collect(),
        facts: members(row.facts),
        hash: hex::encode(row.hash),
    }
}

fn members(json: Value) -> Map<String, Value> {
    match json {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn change((field, value): (String, Value)) -> FieldChange {
    let part = |name: &str| value.get(name).cloned().unwrap_or_default();
    FieldChange { field, from: part("from"), to: part("to"), withheld: part("withheld") == true }
}
