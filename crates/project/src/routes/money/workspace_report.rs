//! `GET /workspaces/{id}/report`.

use actix_web::{HttpResponse, web::Data};
use kernel::{guard::Guarded, http::Query, problem::Problem};

use super::csv;
use crate::{
    actions::ViewWorkspaceReport,
    dto::{Report, ReportFilter},
    service::Finances,
};

/// Reports what the operations of all projects of a workspace add up to.
///
/// Figures are minor units, each currency by itself. Without `from` they are the balances at the end of `to`; with it, what
/// happened between the two. `as_of` answers what the report would have said then.
#[utoipa::path(
    get,
    path = "/workspaces/{id}/report",
    tag = "money",
    operation_id = "read_workspace_report",
    params(("id" = String, Path, description = "The workspace, by its id or its slug."), ReportFilter),
    responses((status = 200, description = "The report.",
        content((Report = "application/json"), (String = "text/csv"))))
)]
pub async fn read_workspace_report(
    guard: Guarded<ViewWorkspaceReport>,
    query: Query<ReportFilter>,
    finances: Data<Finances>,
) -> Result<HttpResponse, Problem> {
    let filter = csv::sound(query.0)?;
    let format = filter.format;
    Ok(csv::answer(format, &finances.workspace_report(guard.permit(), filter).await?))
}
