//! `GET /projects/{id}/report`.

use actix_web::{HttpResponse, web::Data};
use kernel::{guard::Guarded, http::Query, ids::ProjectId, problem::Problem};

use super::csv;
use crate::{
    actions::ViewReport,
    dto::{Report, ReportFilter},
    service::Finances,
};

/// Reports what a project's operations add up to.
///
/// Figures are minor units. Without `from` they are the balances at the end of `to`; with it, what happened between the
/// two. `as_of` answers what the report would have said then.
#[utoipa::path(
    get,
    path = "/projects/{id}/report",
    tag = "money",
    operation_id = "read_project_report",
    params(("id" = ProjectId, Path, description = "The project."), ReportFilter),
    responses((status = 200, description = "The report.",
        content((Report = "application/json"), (String = "text/csv"))))
)]
pub async fn read_project_report(
    guard: Guarded<ViewReport>,
    query: Query<ReportFilter>,
    finances: Data<Finances>,
) -> Result<HttpResponse, Problem> {
    let filter = csv::sound(query.0)?;
    let format = filter.format;
    Ok(csv::answer(format, &finances.report(guard.permit(), filter).await?))
}
