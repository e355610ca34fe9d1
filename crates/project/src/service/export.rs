//! The list of projects as a file: what the list shows, in its order, read in stretches while it is sent.

use actix_web::HttpResponse;
use kernel::{
    guard::Scoped,
    http::{Stretches, TableRow, send_table},
    listing::{Position, Ranked},
    problem::Problem,
};
use serde::Serialize;

use super::Projects;
use crate::{
    actions::ProjectExport,
    dto::ProjectView,
    error::ProjectError,
    store::{self, Wanted},
};

/// Rows that are read at once.
const BATCH: u64 = 500;

impl Projects {
    /// Everything that the caller may see and asked for.
    pub async fn export(&self, scoped: Scoped<ProjectExport>) -> Result<HttpResponse, Problem> {
        // An export has no pages, so whatever is given as a position of one is none.
        scoped.paging().after::<Position>()?;
        let format = scoped.filter().format;
        let wanted = self.wanted(&scoped).await.map_err(Problem::from)?;
        send_table("projects", format, Export { scoped, wanted }).await
    }
}

/// What is left to be read of an export.
struct Export {
    scoped: Scoped<ProjectExport>,
    wanted: Option<Wanted>,
}

impl Stretches<ProjectRow, Position> for Export {
    async fn next(&mut self, after: Option<Position>) -> Result<(Vec<ProjectRow>, Option<Position>), Problem> {
        if after.is_some() {
            self.scoped.again().await?;
        }
        let Some(wanted) = &self.wanted else { return Ok((Vec::new(), None)) };
        let rows = store::page(&self.scoped, wanted, after, BATCH).await.map_err(ProjectError::from)?;
        let is_full = u64::try_from(rows.len()).unwrap_or(u64::MAX) >= BATCH;
        let end = rows.last().filter(|_| is_full).map(|row| Position::of(row, self.scoped.paging().sort()));
        Ok((rows.into_iter().map(|Ranked { row, .. }| ProjectRow(row.into())).collect(), end))
    }
}

/// A project as a row.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct ProjectRow(ProjectView);

impl TableRow for ProjectRow {
    const HEADINGS: &'static [&'static str] = &[
        "id",
        "workspace_id",
        "key",
        "name",
        "description",
        "owner_id",
        "is_public",
        "is_billable",
        "is_active",
        "avatar_emoji",
        "avatar_color",
        "version",
        "created_at",
        "updated_at",
    ];

    fn cells(&self) -> Vec<String> {
        let project = &self.0;
        let (emoji, color) = project.avatar.clone().map(|avatar| (avatar.emoji, avatar.color)).unwrap_or_default();
        vec![
            project.id.to_string(),
            project.workspace_id.to_string(),
            project.key.clone(),
            project.name.clone(),
            project.description.clone(),
            project.owner_id.to_string(),
            project.is_public.to_string(),
            project.is_billable.to_string(),
            project.is_active.to_string(),
            emoji,
            color,
            project.version.to_string(),
            project.created_at.to_rfc3339(),
            project.updated_at.to_rfc3339(),
        ]
    }
}
