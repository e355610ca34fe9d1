//! `PUT /projects/{id}/billing`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    ids::ProjectId,
    problem::Problem,
};

use crate::{
    actions::ManageBilling,
    dto::{BillingContent, BillingView},
    service::Finances,
};

/// Says how a project is billed.
///
/// Amounts are minor units: cents of EUR, whole JPY. What is left out becomes null; the currency is kept, and can't change
/// any more once an operation is recorded: 409 `currency_in_use`. A budget that is already exceeded may be set; it takes
/// nothing more then. An inactive project takes no changes: 409 `project_inactive`.
#[utoipa::path(
    put,
    path = "/projects/{id}/billing",
    tag = "money",
    operation_id = "set_project_billing",
    params(("id" = ProjectId, Path, description = "The project.")),
    request_body = BillingContent,
    responses((status = 200, description = "How it is billed now.", body = BillingView))
)]
pub async fn set_project_billing(
    guard: Guarded<ManageBilling>,
    body: Body<BillingContent>,
    finances: Data<Finances>,
) -> Result<Tagged<BillingView>, Problem> {
    Ok(finances.set_billing(guard.permit(), body.valid()?).await?)
}
