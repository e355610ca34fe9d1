//! `POST /workspaces/{id}/periods/{month}/reopen`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, problem::Problem};

use super::month_path::MonthPath;
use crate::{actions::ReopenPeriod, dto::PeriodView, service::Finances};

/// Lets a closed month take operations again.
///
/// One that is open stays as it is; one that was never closed isn't found.
#[utoipa::path(
    post,
    path = "/workspaces/{id}/periods/{month}/reopen",
    tag = "money",
    operation_id = "reopen_period",
    params(
        ("id" = String, Path, description = "The workspace, by its id or its slug."),
        ("month" = String, Path, description = "The month, as in `2026-03`.", pattern = "^[0-9]{4}-[0-9]{2}$"),
    ),
    responses((status = 200, description = "The month as it is now.", body = PeriodView))
)]
pub async fn reopen_period(
    guard: Guarded<ReopenPeriod>,
    month: MonthPath,
    finances: Data<Finances>,
) -> Result<Tagged<PeriodView>, Problem> {
    Ok(finances.switch_period(guard.permit(), month.0).await?)
}
