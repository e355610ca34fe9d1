//! A workspace's log as a table, read in stretches while it is sent.

use kernel::{
    guard::Watched,
    http::{Paging, Stretches, TableRow},
    problem::Problem,
    trail::{AuditEntry, FieldChange, Mark, Stretch},
};
use serde::Serialize;
use serde_json::Value;

use super::{Trails, entries};
use crate::{actions::ViewAudit, dto::AuditFilter, error::ActivityError, store};

/// Rows that are read at once.
const BATCH: u64 = 500;

/// What is left to be read of an export.
pub(crate) struct AuditExport {
    guard: Watched<ViewAudit>,
    asked: Option<store::Asked>,
    stretch: Stretch,
}

impl Trails {
    /// Everything of a workspace's log that matches.
    pub(crate) async fn export(
        &self,
        guard: Watched<ViewAudit>,
        paging: &Paging<AuditFilter>,
    ) -> Result<AuditExport, ActivityError> {
        let filter = paging.filter();
        let stretch = Stretch { span: filter.span(), after: paging.after::<Mark>()?, limit: BATCH };
        Ok(AuditExport { guard, asked: self.asked(filter).await?, stretch })
    }
}

/// An entry as a row.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct AuditRow(AuditEntry);

impl Stretches<AuditRow, Mark> for AuditExport {
    async fn next(&mut self, after: Option<Mark>) -> Result<(Vec<AuditRow>, Option<Mark>), Problem> {
        if after.is_some() {
            self.guard.again().await?;
        }
        let Some(asked) = &self.asked else { return Ok((Vec::new(), None)) };
        let stretch = Stretch { after: after.or(self.stretch.after), ..self.stretch.clone() };
        let entries = entries::of(store::of_workspace(self.guard.permit(), asked, &stretch).await?);
        let is_full = u64::try_from(entries.len()).unwrap_or(u64::MAX) >= BATCH;
        let end = entries.last().filter(|_| is_full).map(Mark::of);
        Ok((entries.into_iter().map(AuditRow).collect(), end))
    }
}

impl TableRow for AuditRow {
    const HEADINGS: &'static [&'static str] = &[
        "seq",
        "id",
        "at",
        "action",
        "actor_id",
        "token_id",
        "system_actor",
        "as_platform",
        "resource_kind",
        "resource_id",
        "changes",
        "facts",
        "hash",
    ];

    fn cells(&self) -> Vec<String> {
        let entry = &self.0;
        let or_empty = |id: Option<String>| id.unwrap_or_default();
        vec![
            entry.seq.to_string(),
            entry.id.to_string(),
            entry.at.to_rfc3339(),
            entry.action.clone(),
            or_empty(entry.actor_id.map(|id| id.to_string())),
            or_empty(entry.token_id.map(|id| id.to_string())),
            or_empty(entry.system_actor.clone()),
            entry.as_platform.to_string(),
            entry.resource_kind.clone(),
            entry.resource_id.to_string(),
            entry.changes.iter().map(told).collect::<Vec<_>>().join("; "),
            if entry.facts.is_empty() { String::new() } else { Value::Object(entry.facts.clone()).to_string() },
            entry.hash.clone(),
        ]
    }
}

/// A change in a cell: `name: "Old" → "New"`, with the values in JSON.
fn told(change: &FieldChange) -> String {
    if change.withheld {
        return format!("{}: withheld", change.field);
    }
    format!("{}: {} → {}", change.field, change.from, change.to)
}
