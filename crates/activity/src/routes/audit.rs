//! `GET /workspaces/{id}/audit`.

use actix_web::{Either, HttpResponse, web::Data};
use kernel::{
    guard::Watched,
    http::{Paging, TableFormat, send_table},
    page::Page,
    problem::Problem,
    trail::AuditEntry,
};

use crate::{actions::ViewAudit, dto::AuditFilter, service::Trails};

/// Reads what happened in a workspace, newest first.
///
/// Whoever may read it sees everything that happened, also to things that they may not open. Of people it has their ids:
/// values that say who somebody is are withheld. With `format=csv` everything that matches is sent as one file, streamed;
/// cells that a spreadsheet would take for formulas begin with an apostrophe. The entries hold each other by their
/// hashes: `lobby audit verify` tells whether any was altered, removed or slipped in.
#[utoipa::path(
    get,
    path = "/workspaces/{id}/audit",
    tag = "activity",
    operation_id = "workspace_audit",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug."),
        AuditFilter,
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Entries on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
    ),
    responses((
        status = 200,
        description = "A page of entries, or all of them as a file.",
        content((Page<AuditEntry> = "application/json"), (String = "text/csv"))
    ))
)]
pub async fn workspace_audit(
    guard: Watched<ViewAudit>,
    paging: Paging<AuditFilter>,
    trails: Data<Trails>,
) -> Result<Either<Page<AuditEntry>, HttpResponse>, Problem> {
    if paging.filter().format == TableFormat::Json {
        return Ok(Either::Left(trails.audit(guard.permit(), &paging).await?));
    }
    let export = trails.export(guard, &paging).await?;
    Ok(Either::Right(send_table("audit", TableFormat::Csv, export).await?))
}
