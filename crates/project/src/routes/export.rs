//! `GET /projects/export`.

use actix_web::{HttpResponse, web::Data};
use kernel::{guard::Scoped, problem::Problem};

use crate::{
    actions::ProjectExport,
    dto::{ProjectFilter, ProjectView},
    service::Projects,
};

/// Sends the list of projects as one file.
///
/// With the same parameters it has the same projects in the same order as the list, all of them: as a JSON array, or as CSV
/// with a line of headings, where cells that a spreadsheet would take for formulas begin with an apostrophe. It is
/// streamed; one that breaks off has no closing bracket.
#[utoipa::path(
    get,
    path = "/projects/export",
    tag = "projects",
    operation_id = "export_projects",
    params(
        ProjectFilter,
        ("format" = Option<String>, Query, description = "`json` (the default) or `csv`."),
        ("workspace" = Option<String>, Query, description = "Of this workspace only: its id or slug."),
        ("sort" = Option<String>, Query, description = "As in the list."),
    ),
    responses((
        status = 200,
        description = "The projects.",
        content((Vec<ProjectView> = "application/json"), (String = "text/csv"))
    ))
)]
pub async fn export_projects(scoped: Scoped<ProjectExport>, projects: Data<Projects>) -> Result<HttpResponse, Problem> {
    projects.export(scoped).await
}
