//! `DELETE /plans/{id}`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::NoContent, problem::Problem};

use crate::plans::{PlanId, Plans, RetirePlan};

/// Takes a plan off sale.
///
/// Nobody can subscribe to it any more; who has it keeps it. What was published stays to be read.
#[utoipa::path(
    delete,
    path = "/plans/{id}",
    tag = "plans",
    operation_id = "retire_plan",
    params(("id" = PlanId, Path, description = "The plan.")),
    responses((status = 204, description = "It is off sale."))
)]
pub async fn retire_plan(guard: Guarded<RetirePlan>, plans: Data<Plans>) -> Result<NoContent, Problem> {
    plans.retire(guard.permit()).await?;
    Ok(NoContent)
}
