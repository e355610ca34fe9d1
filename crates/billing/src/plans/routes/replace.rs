//! `PUT /plans/{id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    problem::Problem,
};

use crate::plans::{EditPlan, PlanContent, PlanId, PlanView, Plans};

/// Publishes another version of a plan.
///
/// Who subscribes from now on gets it; who has an older one keeps that until they change. Without any difference there is no
/// new version, unless the plan's role is withheld: then whoever publishes it answers for that role from now on, and who waits for
/// it gets it.
#[utoipa::path(
    put,
    path = "/plans/{id}",
    tag = "plans",
    operation_id = "replace_plan",
    params(("id" = PlanId, Path, description = "The plan.")),
    request_body = PlanContent,
    responses((status = 200, description = "The plan as it is sold now.", body = PlanView))
)]
pub async fn replace_plan(
    guard: Guarded<EditPlan>,
    body: Body<PlanContent>,
    plans: Data<Plans>,
) -> Result<Tagged<PlanView>, Problem> {
    Ok(plans.replace(guard.permit(), body.valid()?).await?)
}
