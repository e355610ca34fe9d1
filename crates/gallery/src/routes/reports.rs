//! `GET /reports`, `GET` and `PUT /reports/{id}`.

use actix_web::web::Data;
use kernel::{
    guard::{Guarded, Scoped},
    http::{Body, Tagged},
    page::Page,
    problem::Problem,
};

use crate::{
    actions::{HandleReport, ListReports, ReadReport},
    dto::{ReportFilter, ReportVerdict, ReportView},
    ids::ReportId,
    service::Images,
};

/// Lists reports of images, the oldest first. Of whose image it is does not see who reported it.
#[utoipa::path(
    get, path = "/reports", tag = "reports", operation_id = "list_reports",
    params(
        ("workspace" = Option<String>, Query, description = "One workspace, by id or slug; otherwise all of the caller's."),
        ("limit" = Option<u64>, Query, description = "Rows on a page, 1 to 200; 50 if left out."),
        ("cursor" = Option<String>, Query, description = "`next` of the page before."),
        ("count" = Option<bool>, Query, description = "Whether to count the rows, up to 10,000."),
        ReportFilter,
    ),
    responses((status = 200, description = "A page of reports.", body = Page<ReportView>)),
)]
pub async fn list_reports(scoped: Scoped<ListReports>, images: Data<Images>) -> Result<Page<ReportView>, Problem> {
    images.reports(&scoped).await
}

/// Reads a report.
#[utoipa::path(
    get, path = "/reports/{id}", tag = "reports", operation_id = "read_report",
    params(("id" = ReportId, Path, description = "The report.")),
    responses((status = 200, description = "The report.", body = ReportView)),
)]
pub async fn read_report(guard: Guarded<ReadReport>) -> Result<Tagged<ReportView>, Problem> {
    let row = guard.permit().target().clone();
    Ok(Tagged::new(row.report.version, ReportView::of(row.report, row.is_against_caller)))
}

/// Upholds or dismisses a report. That does nothing to the image: whoever upholds one decides what becomes of it.
#[utoipa::path(
    put, path = "/reports/{id}", tag = "reports", operation_id = "handle_report",
    params(("id" = ReportId, Path, description = "The report.")),
    request_body = ReportVerdict,
    responses((status = 200, description = "The report as it is now.", body = ReportView)),
)]
pub async fn handle_report(
    guard: Guarded<HandleReport>,
    body: Body<ReportVerdict>,
    images: Data<Images>,
) -> Result<Tagged<ReportView>, Problem> {
    Ok(images.handle_report(guard.permit(), body.valid()?).await?)
}
