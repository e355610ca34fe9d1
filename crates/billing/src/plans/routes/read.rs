//! `GET /plans/{id}`.

use actix_web::web::{Data, Path};
use kernel::{
    guard::{Guarded, Public},
    http::Fresh,
    problem::Problem,
};

use crate::{
    Schema,
    plans::{PlanId, PlanView, Plans},
};

/// Shows a plan.
///
/// As it is sold now, or was last. Open to all, as the list is.
#[utoipa::path(
    get,
    path = "/plans/{id}",
    tag = "plans",
    operation_id = "read_plan",
    params(("id" = PlanId, Path, description = "The plan.")),
    responses((status = 200, description = "The plan.", body = PlanView))
)]
pub async fn read_plan(
    guard: Guarded<Public<Schema>>,
    id: Path<String>,
    plans: Data<Plans>,
) -> Result<Fresh<PlanView>, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    Ok(plans.read(guard.permit(), id).await?)
}
