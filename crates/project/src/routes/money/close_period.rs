//! `POST /workspaces/{id}/periods/{month}/close`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, problem::Problem};

use super::month_path::MonthPath;
use crate::{actions::ClosePeriod, dto::PeriodView, service::Finances};

/// Closes a month.
///
/// From then on no operation can be recorded, and none reversed, that is dated in it: 409 `period_closed`. One that is
/// closed already stays as it is.
#[utoipa::path(
    post,
    path = "/workspaces/{id}/periods/{month}/close",
    tag = "money",
    operation_id = "close_period",
    params(
        ("id" = String, Path, description = "The workspace, by its id or its slug."),
        ("month" = String, Path, description = "The month, as in `2026-03`.", pattern = "^[0-9]{4}-[0-9]{2}$"),
    ),
    responses((status = 200, description = "The month as it is now.", body = PeriodView))
)]
pub async fn close_period(
    guard: Guarded<ClosePeriod>,
    month: MonthPath,
    finances: Data<Finances>,
) -> Result<Tagged<PeriodView>, Problem> {
    Ok(finances.switch_period(guard.permit(), month.0).await?)
}
