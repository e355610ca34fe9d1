//! `GET /workspaces/{id}/periods`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Paging, page::Page, problem::Problem};

use crate::{
    actions::ViewPeriods,
    dto::{PeriodFilter, PeriodView},
    service::Finances,
};

/// Lists the months that are closed, or once were.
///
/// The latest first. A month that isn't in it is open.
#[utoipa::path(
    get,
    path = "/workspaces/{id}/periods",
    tag = "money",
    operation_id = "list_periods",
    params(
        ("id" = String, Path, description = "The workspace, by its id or its slug."),
        PeriodFilter,
        ("limit" = Option<u64>, Query, description = "Rows per page, 1 to 200; 50 when left out."),
        ("cursor" = Option<String>, Query, description = "The `next` of the page before."),
    ),
    responses((status = 200, description = "A page of months.", body = Page<PeriodView>))
)]
pub async fn list_periods(
    guard: Guarded<ViewPeriods>,
    paging: Paging<PeriodFilter>,
    finances: Data<Finances>,
) -> Result<Page<PeriodView>, Problem> {
    Ok(finances.periods(guard.permit(), &paging).await?)
}
