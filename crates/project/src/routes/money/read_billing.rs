//! `GET /projects/{id}/billing`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, ids::ProjectId, problem::Problem};

use crate::{actions::ViewBilling, dto::BillingView, service::Finances};

/// Reads how a project is billed.
///
/// While nobody said, it isn't billed, in the workspace's currency, with version 0.
#[utoipa::path(
    get,
    path = "/projects/{id}/billing",
    tag = "money",
    operation_id = "read_project_billing",
    params(("id" = ProjectId, Path, description = "The project.")),
    responses((status = 200, description = "How it is billed.", body = BillingView))
)]
pub async fn read_project_billing(
    guard: Guarded<ViewBilling>,
    finances: Data<Finances>,
) -> Result<Tagged<BillingView>, Problem> {
    Ok(finances.billing(guard.permit()).await?)
}
